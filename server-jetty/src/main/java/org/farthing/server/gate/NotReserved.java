package org.farthing.server.gate;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.StoredOutcome;

/** Answers what the ledger said instead of "held". In all these cases this credential has moved nothing. */
final class NotReserved {

    private final Services services;
    private final Course course;
    private final ClaimTable table;

    NotReserved(Services services, Course course, ClaimTable table) {
        this.services = services;
        this.course = course;
        this.table = table;
    }

    CompletionStage<Decision> answer(Reserved reserved, HoldRequest request) {
        return reserved instanceof Reserved.SameKey same
                ? sameKey(same.charge())
                : CompletableFuture.completedFuture(decide(reserved, request));
    }

    private Decision decide(Reserved reserved, HoldRequest request) {
        if (reserved instanceof Reserved.Known known) {
            return known.charge().terms().wallet().equals(request.terms().wallet())
                    ? table.samePayer(known.charge())
                    : table.stranger();
        }
        if (reserved instanceof Reserved.InsufficientFunds funds) {
            return insufficient(funds.available(), request);
        }
        if (reserved instanceof Reserved.WalletUnusable unusable) {
            return unusable(unusable.why());
        }
        if (reserved instanceof Reserved.TooManyHolds holds) {
            return limited("Too many payments of this wallet are under way.", holds.retryAfter());
        }
        if (reserved instanceof Reserved.TooManyReleases releases) {
            return limited("Too many payments of this wallet were not charged lately.", releases.retryAfter());
        }
        if (reserved instanceof Reserved.LimitExceeded limit) {
            return overDailyLimit(limit);
        }
        if (reserved instanceof Reserved.ExposureExceeded) {
            return uncollected();
        }
        if (reserved instanceof Reserved.TokensSpent tokens) {
            return spent(tokens);
        }
        if (reserved instanceof Reserved.TokensExpired tokens) {
            services.limits().failed(course);
            Problem problem = Problem.of(ProblemType.TOKEN_EXPIRED, "What was presented is not accepted any more.")
                    .with("expired", words(tokens.indexes()));
            return services.answers().demand(course, problem);
        }
        if (reserved instanceof Reserved.KeyConflict) {
            Problem problem = Problem.of(
                    ProblemType.IDEMPOTENCY_CONFLICT, "This Idempotency-Key was used with another query or body.");
            return services.answers().refuse(course, problem);
        }
        if (reserved instanceof Reserved.PaymentUsed used) {
            Problem problem = Problem.of(ProblemType.ALREADY_FULFILLED, "This payment was used for another challenge.")
                    .with("reference", ReceiptSigner.reference(used.byChallengeId()));
            return services.answers().refuse(course, problem);
        }
        // By the ledger's clock, which counts (F-ST-14).
        return services.answers()
                .demand(course, Problem.of(ProblemType.PAYMENT_EXPIRED, "The challenge has expired. Pay a fresh one."));
    }

    private Decision insufficient(long available, HoldRequest request) {
        CurrencyId currency = new CurrencyId(request.terms().currency());
        boolean credits = currency.unitName().isPresent();
        Problem problem = Problem.of(
                        credits ? ProblemType.INSUFFICIENT_CREDITS : ProblemType.INSUFFICIENT_FUNDS,
                        "The wallet has less than the price of this request.")
                .with("required", Long.toString(request.terms().amount()))
                .with("available", Long.toString(available))
                .with("currency", currency.text());
        return services.answers().demand(course, problem);
    }

    private Decision unusable(Reserved.WalletUnusable.Why why) {
        if (why == Reserved.WalletUnusable.Why.SUSPENDED || why == Reserved.WalletUnusable.Why.FROZEN) {
            Problem problem = Problem.of(ProblemType.WALLET_SUSPENDED, "This wallet is suspended and cannot pay.");
            return services.answers().refuse(course, problem);
        }
        Problem problem = Problem.of(ProblemType.VERIFICATION_FAILED, "The payment could not be verified.")
                .with("reason", "proof");
        return services.answers().demand(course, problem);
    }

    private Decision overDailyLimit(Reserved.LimitExceeded limit) {
        Problem problem = Problem.of(
                        ProblemType.SPENDING_LIMIT_EXCEEDED,
                        "This payment would exceed what the wallet's owner lets it spend in a day.")
                .with("limit", new Money(new BigDecimal(limit.perDay()), limit.code()).format())
                .with("period", "day")
                .with("resetsAt", Rfc3339.format(limit.resetsAt()));
        Duration wait = Duration.between(services.clock().instant(), limit.resetsAt());
        return services.answers().demand(course, problem, State.REFUSED, wait);
    }

    /**
     * The payer's money is safe where it is and its credential stays good: refusing it for good would lose it. How much a
     * wallet service or an issuer owes is the operator's business.
     */
    private Decision uncollected() {
        Problem problem = Problem.of(
                ProblemType.LEDGER_UNAVAILABLE,
                "Payments of this kind are not possible at the moment. Send the same credential again later.");
        return services.answers().refuse(course, problem, State.PENDING, ClaimTable.LATER);
    }

    /**
     * Which they are is no secret: who has the bytes of a token can find out by paying with it. They cost whoever sends them
     * nothing, and us a verification, a step of the ledger and a signature, so the network has to wait for them (F-TK-139).
     */
    private Decision spent(Reserved.TokensSpent tokens) {
        services.limits().failed(course);
        Problem problem = Problem.of(
                        ProblemType.TOKEN_SPENT,
                        "What was presented has been spent before, or is set aside for another payment.")
                .with("spent", words(tokens.indexes()));
        return services.answers().demand(course, problem);
    }

    private static String words(List<Integer> indexes) {
        return indexes.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private Decision limited(String detail, Duration retryAfter) {
        return services.answers()
                .refuse(course, Problem.of(ProblemType.RATE_LIMITED, detail), State.REFUSED, retryAfter);
    }

    /** The key's earlier payment answers; the new challenge stays unclaimed and nothing is charged for it (F-RE-32). */
    private CompletionStage<Decision> sameKey(Charge earlier) {
        if (earlier.state() == ChargeState.CAPTURED && earlier.answerStored()) {
            return services.ledger()
                    .storedOutcome(earlier.challengeId(), earlier.terms().credentialHash())
                    .thenApply(stored -> stored.filter(outcome -> outcome.body().isPresent())
                            .map(outcome -> replayOf(earlier, outcome))
                            .orElseGet(() -> table.samePayer(earlier)));
        }
        return CompletableFuture.completedFuture(table.samePayer(earlier));
    }

    /** The outcome names the challenge the money moved for, which is what the receipt says, too. */
    private Decision replayOf(Charge earlier, StoredOutcome outcome) {
        services.events()
                .record(PaymentEvent.answered(Kind.REPLAYED, course.route().id(), null));
        return new Decision.Replay(outcome, new ChargeOutcome(State.CAPTURED, earlier.challengeId()));
    }
}
