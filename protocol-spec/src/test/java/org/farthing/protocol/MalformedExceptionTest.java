package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("F-EN-50")
class MalformedExceptionTest {

    @Test
    void message_saysFaultPlaceAndWords() {
        MalformedException e = new MalformedException(Fault.TYPE, "request.amount", "a string is needed");

        assertThat(e.fault()).isEqualTo(Fault.TYPE);
        assertThat(e.where()).isEqualTo("request.amount");
        assertThat(e).hasMessage("TYPE at request.amount: a string is needed");
    }

    /** Anybody can cause these at will; a stack trace each would be a gift. */
    @Test
    void stackTrace_none() {
        assertThat(new MalformedException(Fault.SYNTAX, "x", "y").getStackTrace())
                .isEmpty();
    }
}
