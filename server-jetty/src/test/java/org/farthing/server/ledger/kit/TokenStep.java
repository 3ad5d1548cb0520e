package org.farthing.server.ledger.kit;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * One step of a random program with tokens; what the numbers mean depends on the verb.
 *
 * @param verb what it does
 * @param charge which charge
 * @param first which token to begin with
 * @param count how many tokens
 * @param amount how much
 * @param twice whether it is done once more, as somebody does who did not hear the answer
 */
record TokenStep(Verb verb, int charge, int first, int count, int amount, boolean twice) {

    /** What a step does. */
    enum Verb {
        BUY,
        HOLD,
        UPFRONT,
        CAPTURE,
        CAPTURE_NOTHING,
        RELEASE,
        DELIVERED,
        UNDELIVERED,
        SWAP,
        REDEEM,
        REFUND,
        HAND_OUT,
        ADVANCE,
        SWEEP,
        CRASH
    }

    static Arbitrary<TokenStep> any() {
        return Combinators.combine(
                        Arbitraries.of(Verb.class),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.of(true, false))
                .as(TokenStep::new);
    }
}
