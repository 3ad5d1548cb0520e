package org.farthing.server.gate;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.offer.Route;

/**
 * The right to run a handler for a payment, and the duty to end it: by settling, or by {@link #abandon}. Who forgets holds
 * the payer's money until the ledger's sweeper gives it back.
 *
 * <p>All stages complete with a result; they never fail.
 */
public sealed interface Reservation permits HeldReservation, StreamedReservation {

    /**
     * Returns the route that is served.
     *
     * @return the route
     */
    Route route();

    /**
     * Returns what the handler may know and decide.
     *
     * @return the payment
     */
    Payment payment();

    /**
     * Asks to be told when the right ends while the handler still runs: it took too long, or the ledger gave the money back.
     * The handler's answer must then be discarded and the given one sent instead. Called at most once, also if it happened
     * before this call.
     *
     * @param listener takes what to send
     */
    void onEnded(Consumer<Settled.Withhold> listener);

    /**
     * Gives the money back because the handler will not serve.
     *
     * @param reason why
     * @param executed whether the handler ran
     * @return what to say about the money
     */
    CompletionStage<Settled> abandon(ReleaseReason reason, Execution executed);
}
