package org.farthing.client;

import org.farthing.client.budget.Proposal;
import org.farthing.client.budget.Refusal;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.jspecify.annotations.Nullable;

/** Carries a decision not to pay out of a chain of checks. It never reaches the caller. */
final class DeclinedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient PaymentOutcome.Declined declined;

    DeclinedException(DeclineReason why, String words) {
        this(why, words, null);
    }

    private DeclinedException(DeclineReason why, String words, @Nullable Proposal proposal) {
        this(new PaymentOutcome.Declined(why, words, proposal));
    }

    DeclinedException(PaymentOutcome.Declined declined) {
        super(declined.words(), null, false, false);
        this.declined = declined;
    }

    static DeclinedException of(Refusal refusal, Proposal proposal) {
        return new DeclinedException(DeclineReason.of(refusal.rule()), refusal.words(), proposal);
    }

    static DeclinedException of(SignatureRejectedException rejected) {
        DeclineReason why = switch (rejected.reason()) {
            case UNSIGNED -> DeclineReason.UNSIGNED;
            case EXPIRED -> DeclineReason.EXPIRED;
            case TOO_LONG_LIVED -> DeclineReason.TOO_LONG_LIVED;
            case WRONG_REALM -> DeclineReason.WRONG_REALM;
            case WRONG_BINDING -> DeclineReason.WRONG_BINDING;
            case WRONG_RECIPIENT -> DeclineReason.WRONG_RECIPIENT;
            default -> DeclineReason.SIGNATURE_REJECTED;
        };
        return new DeclinedException(why, String.valueOf(rejected.getMessage()));
    }

    PaymentOutcome.Declined declined() {
        return declined;
    }
}
