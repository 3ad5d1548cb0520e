package org.farthing.server.ledger.kit;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One step of a random program; what the numbers mean depends on the verb.
 *
 * @param verb what it does
 * @param wallet whose wallet
 * @param charge which charge
 * @param amount how much
 * @param odd one way or the other
 * @param twice whether it is done once more at once, as somebody does who did not hear the answer
 */
record ProgramStep(Verb verb, int wallet, int charge, int amount, boolean odd, boolean twice) {

    /** What a step does. */
    enum Verb {
        REGISTER,
        TOP_UP,
        HOLD,
        UPFRONT,
        RENEW,
        CAPTURE,
        CAPTURE_PART,
        RELEASE,
        DELIVERED,
        REFUND_UNDELIVERED,
        TAKE_OVER,
        REFUND,
        SUSPEND,
        FREEZE,
        LIMIT,
        ADVANCE,
        WAIT_HOURS,
        WAIT_DAYS,
        SWEEP,
        PURGE,
        REOPEN,
        CRASH
    }

    static final int WALLETS = 3;
    static final int CHARGES = 8;

    static ProgramStep of(Verb verb, int wallet, int charge, int amount) {
        return new ProgramStep(verb, wallet, charge, amount, false, false);
    }

    static Arbitrary<ProgramStep> any() {
        Arbitrary<Verb> verbs = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(Verb.TOP_UP, Verb.ADVANCE)),
                Tuple.of(8, Arbitraries.of(Verb.HOLD, Verb.UPFRONT, Verb.CAPTURE, Verb.CAPTURE_PART)),
                Tuple.of(6, Arbitraries.of(Verb.class)));
        return Combinators.combine(
                        verbs,
                        Arbitraries.integers().between(0, WALLETS - 1),
                        Arbitraries.integers().between(0, CHARGES - 1),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.of(true, false),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
                .as(ProgramStep::new);
    }
}
