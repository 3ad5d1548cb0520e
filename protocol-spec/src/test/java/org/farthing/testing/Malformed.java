package org.farthing.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/** Assertions on the one error every parser throws. */
public final class Malformed {

    private Malformed() {}

    /** Shows that the call refuses with that fault. */
    public static void assertFault(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.fault())
                                .as(e.getMessage())
                                .isEqualTo(fault));
    }

    /** Shows that the call refuses with that fault at that place. */
    public static void assertFault(Fault fault, String where, ThrowingCallable call) {
        assertFault(fault, call);
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.where())
                                .isEqualTo(where));
    }
}
