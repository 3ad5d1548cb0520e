package org.farthing.server.gate;

import org.farthing.protocol.ChargeOutcome;
import org.jspecify.annotations.Nullable;

/** What to send after a handler ran. */
public sealed interface Settled {

    /**
     * Send the handler's answer.
     *
     * @param outcome what became of the money; goes out with the answer
     * @param receipt the {@code Payment-Receipt} field value, or null if the answer must not have one
     * @param release the {@code Payment-Release} field value, or null unless the money was given back
     */
    record Deliver(
            ChargeOutcome outcome,
            @Nullable String receipt,
            @Nullable String release) implements Settled {

        Deliver(ChargeOutcome outcome, @Nullable String receipt) {
            this(outcome, receipt, null);
        }

        /** Receipts stay out of logs (S41). */
        @Override
        public String toString() {
            return "Deliver[" + outcome + ", receipt=" + (receipt != null) + "]";
        }
    }

    /**
     * Discard the handler's answer and send this instead: nothing was paid for it, or it is not known.
     *
     * @param refuse what to send
     */
    record Withhold(Decision.Refuse refuse) implements Settled {}
}
