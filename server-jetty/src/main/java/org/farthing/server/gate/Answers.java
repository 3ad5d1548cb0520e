package org.farthing.server.gate;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.Problem.Resolution;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the gate's problems: complete, countable, and with the way out (spec/problems.md). */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    private static final int BUSY = 503;

    private final ChallengeIssuer issuer;
    private final OtherSchemes others;
    private final InstantSource clock;
    private final PaymentEvents events;
    private final @Nullable String walletUrl;
    private final BooleanSupplier mayOffer;
    private final KeyAlarm alarm;

    Answers(
            ChallengeIssuer issuer,
            OtherSchemes others,
            InstantSource clock,
            PaymentEvents events,
            @Nullable String walletUrl,
            BooleanSupplier mayOffer) {
        this.issuer = issuer;
        this.others = others;
        this.clock = clock;
        this.events = events;
        this.walletUrl = walletUrl;
        this.mayOffer = mayOffer;
        this.alarm = new KeyAlarm(clock);
    }

    List<Challenge> largest(Route route, Origin origin) throws UnpriceableException {
        return issuer.largest(route, origin, clock.instant());
    }

    List<String> largestOthers(Route route, Origin origin) throws UnpriceableException {
        return others.challenges(route.longest(), ChallengeIssuer.anyRequest(route, origin));
    }

    int prepared() {
        return issuer.ready();
    }

    /** Tells whether a 402 for this request would cost no signature. */
    boolean isPrepared(Course course) {
        try {
            List<Offer> quotes = course.quotes();
            return issuer.isPrepared(course.route(), quotes, course.facts(), course.accept(), course.pass());
        } catch (UnpriceableException | RuntimeException e) {
            // It ends in another answer, which is cheap.
            return true;
        }
    }

    /** 503 for a request that shows no money while the whole server is busy with such requests. */
    Decision busy(Course course) {
        Problem problem = Problem.of(ProblemType.RATE_LIMITED, "The server is busy. Send it again later.")
                .withStatus(BUSY);
        return refuse(course, problem, State.REFUSED, ClaimTable.SOON);
    }

    /** 402 for a request that has not tried to pay. */
    Decision unpaid(Course course) {
        return demand(course, null, State.REFUSED);
    }

    /** 402 with fresh challenges; another problem if no price can be made. */
    Decision demand(Course course, Problem problem) {
        return demand(course, problem, State.REFUSED);
    }

    /** 402 with fresh challenges for a credential whose money is in this state. */
    Decision demand(Course course, @Nullable Problem problem, State state) {
        return demand(course, problem, state, null);
    }

    /** 402 with fresh challenges, which this payer can pay then. */
    Decision demand(Course course, @Nullable Problem problem, State state, @Nullable Duration retryAfter) {
        if (!mayOffer.getAsBoolean()) {
            return noOffer(course, state);
        }
        try {
            List<Offer> quotes = course.quotes();
            List<Challenge> challenges = issuer.issue(
                    course.route(), quotes, course.facts(), course.accept(), course.pass(), clock.instant());
            if (challenges.isEmpty()) {
                LOG.warn("No payment method covers what {} costs now, so nothing is offered", course.route());
                return noOffer(course, state);
            }
            Problem body = withResolutions(course, problem == null ? priceOf(quotes) : problem);
            note(Kind.DEMANDED, course, body);
            return new Decision.Demand(
                    finish(course, body, true),
                    challenges,
                    others.challenges(quotes, course.facts()),
                    course.outcome(state),
                    retryAfter);
        } catch (UnpriceableException e) {
            return refuse(course, Problem.of(ProblemType.BAD_REQUEST, e.sentence()));
        } catch (NoSigningKeyException e) {
            return unsigned(course, state);
        } catch (RuntimeException e) {
            LOG.error("No price for a request of {}: its price function or payment method failed", course.route(), e);
            return refuse(course, internalError());
        }
    }

    /** 503 without a challenge while no key may sign: an unsigned offer is none, and a charge needs its receipt (F-KY-35). */
    Decision unsigned(Course course, State state) {
        alarm.sound();
        return noOffer(course, state);
    }

    private Decision noOffer(Course course, State state) {
        Problem problem =
                Problem.of(ProblemType.LEDGER_UNAVAILABLE, "Payments are not possible at the moment. Try again later.");
        return refuse(course, problem, state, ClaimTable.LATER);
    }

    /** Another problem, for a credential that has set nothing aside. */
    Decision.Refuse refuse(Course course, Problem problem) {
        return refuse(course, problem, State.REFUSED, null);
    }

    /** Another problem. */
    Decision.Refuse refuse(Course course, Problem problem, State state, @Nullable Duration retryAfter) {
        note(kindOf(problem, state), course, problem);
        ChargeOutcome outcome = course.outcome(state);
        Problem withWait = retryAfter == null || problem.type() != ProblemType.RATE_LIMITED
                ? problem
                : problem.with("retryAfter", Long.toString(seconds(retryAfter)));
        return new Decision.Refuse(finish(course, withWait, retryAfter != null), outcome, retryAfter);
    }

    /** Who is told to wait is counted as that, whatever is known of the money. */
    private static Kind kindOf(Problem problem, State state) {
        if (problem.type() == ProblemType.RATE_LIMITED) {
            return Kind.LIMITED;
        }
        return state == State.PENDING ? Kind.PENDING : Kind.REFUSED;
    }

    /** The payment code failed; nothing is said about how. */
    static Problem internalError() {
        return Problem.of(
                ProblemType.INTERNAL_PAYMENT_ERROR,
                "The server could not process the payment. This is not the client's fault.");
    }

    /** Whole seconds, rounded up, at least one. */
    static long seconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).toSeconds());
    }

    private static Problem priceOf(List<Offer> quotes) {
        String prices = quotes.stream().map(Answers::priceOf).distinct().collect(Collectors.joining(", or "));
        return Problem.of(
                ProblemType.PAYMENT_REQUIRED,
                "This request costs " + prices
                        + ". Pay a challenge of WWW-Authenticate and send the request again with the credential.");
    }

    private static String priceOf(Offer quote) {
        return (quote.upTo() ? "at most " : "")
                + Money.of(quote.amount(), quote.currency()).format();
    }

    private Problem withResolutions(Course course, Problem problem) {
        boolean funds =
                problem.type() == ProblemType.INSUFFICIENT_FUNDS || problem.type() == ProblemType.INSUFFICIENT_CREDITS;
        if (walletUrl == null) {
            return problem.withResolution(pay(course));
        }
        Resolution topUp = new Resolution("top-up", walletUrl, null);
        return funds
                ? problem.withResolution(topUp)
                : problem.withResolution(pay(course)).withResolution(topUp);
    }

    /** The place to pay is this request. Its query stays out: URLs in problems get logged and shared. */
    private static Resolution pay(Course course) {
        String origin = course.inquiry().target().origin().text();
        try {
            return new Resolution("pay", origin + course.inquiry().target().path(), null);
        } catch (IllegalArgumentException e) {
            // A path that HTTP allows and java.net.URI does not, such as one with a '|'.
            return new Resolution("pay", origin + "/", null);
        }
    }

    private static Problem finish(Course course, Problem problem, boolean retryable) {
        String id = course.challengeId();
        Problem named = id == null || !ChargeOutcome.canName(id) ? problem : problem.with("challengeId", id);
        return named.with("retryable", retryable).withRequestId(course.inquiry().requestId());
    }

    private void note(Kind kind, Course course, Problem problem) {
        events.record(PaymentEvent.answered(kind, course.route().id(), problem.type()));
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} {} on {}, request {}, challenge {}",
                    problem.status(),
                    problem.type(),
                    course.route(),
                    course.inquiry().requestId(),
                    course.outcome(State.REFUSED) == null ? "-" : course.challengeId());
        }
    }
}
