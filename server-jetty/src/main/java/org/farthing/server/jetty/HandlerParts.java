package org.farthing.server.jetty;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.server.gate.GateKeys;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;

/**
 * What a started payment handler consists of. Made by {@link HandlerStart}; the parts of a stopped handler refuse or do nothing.
 *
 * @param gate decides about requests
 * @param keys what it signs with
 * @param clock tells the time
 * @param clockWatch compares that clock with the ledger's
 * @param collecting sees to wallet services, or null
 * @param issuer tokens whose books are in the same ledger, or null
 * @param redeeming sees to an issuer elsewhere, or null
 * @param swaps the route of that issuer's tokens, or null
 */
record HandlerParts(
        PaymentGate gate,
        Supplier<GateKeys> keys,
        InstantSource clock,
        ClockWatch clockWatch,
        @Nullable Collecting collecting,
        @Nullable AcceptedTokens issuer,
        @Nullable TokenRedeeming redeeming,
        @Nullable SwapRoute swaps) {

    /** What starts and stops with the handler. */
    List<LifeCycle> beans() {
        return Stream.<@Nullable LifeCycle>of(collecting, redeeming)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Tells whether payments by every method can be taken now. */
    boolean isReady() {
        return keys.get().signingAt(clock.instant()).isPresent()
                && clockWatch.isInTime()
                && (collecting == null || collecting.isReady())
                && (issuer == null || issuer.issuer().directory().isPresent())
                && (redeeming == null || redeeming.isReady());
    }

    /** Looks soon for what wallet services have to be told. */
    void wake() {
        if (collecting != null) {
            collecting.wake();
        }
    }

    /** Frees what was opened for a start that then failed, perhaps before these parts were started. */
    void discard() {
        close();
        if (collecting != null) {
            collecting.discard();
        }
        if (redeeming != null) {
            redeeming.discard();
        }
    }

    /** Nothing new begins. */
    void close() {
        gate.close();
        clockWatch.close();
    }
}
