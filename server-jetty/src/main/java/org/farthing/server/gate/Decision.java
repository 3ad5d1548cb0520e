package org.farthing.server.gate;

import java.time.Duration;
import java.util.List;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.server.ledger.StoredOutcome;
import org.jspecify.annotations.Nullable;

/** What is to be done with a priced request. */
public sealed interface Decision {

    /**
     * Answer 402 with these challenges: paying helps (F-CH-40).
     *
     * @param problem the body
     * @param challenges at least one, fresh, in the order of preference
     * @param others challenges of other authentication schemes by which it can be paid, too, as field values
     * @param outcome what became of the money of a credential that was sent, or null if none was
     * @param retryAfter when the same wallet can pay again, or null if waiting does not help (F-PR-22)
     */
    record Demand(
            Problem problem,
            List<Challenge> challenges,
            List<String> others,
            @Nullable ChargeOutcome outcome,
            @Nullable Duration retryAfter)
            implements Decision {

        /**
         * Checks that there is something to pay with (S10).
         *
         * @param problem as the record says
         * @param challenges as the record says
         * @param others as the record says
         * @param outcome as the record says
         * @param retryAfter as the record says
         * @throws IllegalArgumentException if there is no challenge
         */
        public Demand {
            challenges = List.copyOf(challenges);
            others = List.copyOf(others);
            if (challenges.isEmpty()) {
                throw new IllegalArgumentException("a 402 needs at least one challenge");
            }
        }
    }

    /**
     * Answer with this problem and no challenge: paying does not help, or would pay twice.
     *
     * @param problem the body; its status is the answer's
     * @param outcome what became of the money of a credential that was sent, or null if none was
     * @param retryAfter when trying again makes sense, or null
     */
    record Refuse(
            Problem problem,
            @Nullable ChargeOutcome outcome,
            @Nullable Duration retryAfter) implements Decision {}

    /**
     * Answer what was answered before to the same credential (F-RE-1).
     *
     * @param stored the stored answer, with its body
     * @param outcome what became of the money
     */
    record Replay(StoredOutcome stored, ChargeOutcome outcome) implements Decision {}

    /**
     * Run the handler, then settle.
     *
     * @param reservation the right to do so
     */
    record Serve(Reservation reservation) implements Decision {}
}
