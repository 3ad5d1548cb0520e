package org.farthing.server.jetty;

import java.math.BigDecimal;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.Reserved;
import org.jspecify.annotations.Nullable;

/**
 * Says why the ledger of a wallet service set nothing aside (specification: wallet-service.md, F-WS-28). Who hears it has proved
 * to own the wallet, so it may say what the wallet has (F-PR-32). It is never a 402: nothing is for sale here (F-WS-4).
 */
final class NotHeld {

    private static final int CONFLICT = 409;

    private final @Nullable String topUpPage;

    /**
     * Creates it.
     *
     * @param topUpPage where a person tops a wallet up, or null
     */
    NotHeld(@Nullable String topUpPage) {
        this.topUpPage = topUpPage;
    }

    Refusal because(Reserved why, PaymentHold hold) {
        if (why instanceof Reserved.InsufficientFunds funds) {
            return new Refusal(insufficient(funds.available(), hold));
        }
        if (why instanceof Reserved.LimitExceeded limit) {
            return new Refusal(overLimit(limit));
        }
        if (why instanceof Reserved.WalletUnusable unusable) {
            return unusable(unusable.why());
        }
        if (why instanceof Reserved.TooManyHolds holds) {
            return Refusal.waitFirst(
                    ProblemType.RATE_LIMITED,
                    "Too many payments of this wallet wait to be collected.",
                    holds.retryAfter());
        }
        if (why instanceof Reserved.TooManyReleases releases) {
            return Refusal.waitFirst(
                    ProblemType.RATE_LIMITED,
                    "Too many payments of this wallet were given back lately.",
                    releases.retryAfter());
        }
        if (why instanceof Reserved.Expired) {
            return new Refusal(SubmissionCheck.expired());
        }
        throw new IllegalStateException("The ledger refused a payment for an unknown reason: " + why);
    }

    private Problem insufficient(long available, PaymentHold hold) {
        CurrencyId currency = new CurrencyId(hold.currency());
        boolean credits = currency.unitName().isPresent();
        Problem problem = Problem.of(
                        credits ? ProblemType.INSUFFICIENT_CREDITS : ProblemType.INSUFFICIENT_FUNDS,
                        "The wallet has less than this payment needs; nothing was set aside.")
                .with("required", Long.toString(hold.amount()))
                .with("available", Long.toString(available))
                .with("currency", currency.text())
                .with("retryable", true)
                .withStatus(CONFLICT);
        return topUpPage == null ? problem : problem.withResolution(new Problem.Resolution("top-up", topUpPage, null));
    }

    private static Problem overLimit(Reserved.LimitExceeded limit) {
        return Problem.of(
                        ProblemType.SPENDING_LIMIT_EXCEEDED,
                        "This payment would exceed what the wallet's owner lets it spend in a day; nothing was set aside.")
                .with("limit", new Money(new BigDecimal(limit.perDay()), limit.code()).format())
                .with("period", "day")
                .with("resetsAt", Rfc3339.format(limit.resetsAt()))
                .withStatus(CONFLICT);
    }

    private static Refusal unusable(Reserved.WalletUnusable.Why why) {
        return switch (why) {
            case SUSPENDED ->
                new Refusal(Problem.of(ProblemType.WALLET_SUSPENDED, "This wallet is suspended and cannot pay."));
            case FROZEN ->
                new Refusal(
                        Problem.of(ProblemType.WALLET_SUSPENDED, "This wallet is frozen by its owner and cannot pay."));
            case UNKNOWN, KEY_CHANGED -> SubmissionCheck.notVerified();
        };
    }
}
