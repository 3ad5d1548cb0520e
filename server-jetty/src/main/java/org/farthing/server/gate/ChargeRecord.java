package org.farthing.server.gate;

import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.ledger.Execution;
import org.farthing.server.offer.CaptureMode;
import org.farthing.server.offer.Offer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One charge as the reservation that runs it sees it: writes its receipt, its events and its line in the log (F-SV-61), and
 * the answers that are sent in place of the handler's.
 */
final class ChargeRecord {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);

    private final Services services;
    private final Course course;
    private final Examined.Plausible plausible;
    private final Proof proof;
    private final Payment payment;

    ChargeRecord(Services services, Course course, Examined.Plausible plausible, Proof proof, Payment payment) {
        this.services = services;
        this.course = course;
        this.plausible = plausible;
        this.proof = proof;
        this.payment = payment;
    }

    Services services() {
        return services;
    }

    Course course() {
        return course;
    }

    /** Under which conditions this charge was promised. */
    Offer offer() {
        return plausible.offer();
    }

    Payment payment() {
        return payment;
    }

    /** Tells whether an answer with this status is charged (F-ST-31, F-ST-38). */
    boolean isCharged(int status) {
        return isReceipted(status)
                || (status == 304 && plausible.offer().chargeNotModified())
                || (status == 101 && plausible.offer().capture() == CaptureMode.UPFRONT);
    }

    /** Tells whether an answer with this status carries a receipt (F-RC-3). */
    static boolean isReceipted(int status) {
        return status >= 200 && status < 300;
    }

    /** The receipt of a capture; null for who could not read one, because it paid by another scheme. */
    @Nullable
    String receipt(Amount captured) {
        if (plausible.otherScheme()) {
            return null;
        }
        Challenge challenge = plausible.credential().challenge();
        Amount authorized = plausible.offer().upTo() ? payment.authorized() : null;
        return services.signer()
                .receipt(
                        challenge,
                        plausible.opaque(),
                        plausible.request(),
                        captured,
                        authorized,
                        proof.presented().size(),
                        services.clock().instant());
    }

    ChargeOutcome outcome(State state) {
        return new ChargeOutcome(state, plausible.challengeId());
    }

    void captured(Amount amount) {
        log("captured", amount);
        services.events()
                .record(new PaymentEvent(Kind.CAPTURED, course.route().id(), null, amount, payment.currency()));
    }

    void delivered() {
        services.events()
                .record(PaymentEvent.answered(Kind.DELIVERED, course.route().id(), null));
    }

    void deliveredForNothing() {
        LOG.warn("The answer for charge {} left after its money had been given back", plausible.challengeId());
    }

    void released() {
        log("released", Amount.ZERO);
        services.events()
                .record(PaymentEvent.answered(Kind.RELEASED, course.route().id(), null));
    }

    void unknown(String step, Throwable failure) {
        LOG.error("The ledger did not {} charge {}; its state is unknown", step, plausible.challengeId(), failure);
    }

    void stuck() {
        LOG.warn(
                "The ledger has not ended charge {} within {}; its state is pending",
                plausible.challengeId(),
                services.patience().most());
    }

    /** The handler's own answer goes out, with our signature that nothing was charged. Only once that is committed (F-OU-22). */
    Settled.Deliver deliverReleased() {
        String statement = services.signer()
                .releaseField(
                        plausible.challengeId(),
                        course.inquiry().target().origin(),
                        services.clock().instant(),
                        proof.presented());
        return new Settled.Deliver(outcome(State.RELEASED), null, statement);
    }

    /** The handler's own answer goes out, and what became of the money is not known. */
    Settled.Deliver deliverPending() {
        services.events()
                .record(PaymentEvent.answered(Kind.PENDING, course.route().id(), null));
        return new Settled.Deliver(outcome(State.PENDING), null);
    }

    /** 503 PAYMENT_RELEASED with the signed statement. Only once the release is committed (F-OU-22). */
    Settled.Withhold withholdReleased(Execution executed) {
        Problem problem = released(services, course, proof, executed);
        return new Settled.Withhold(
                services.answers().refuse(course, problem.withStatus(503), State.RELEASED, ClaimTable.SOON));
    }

    /** 503 without a challenge: the money may have moved (F-ST-36). */
    Settled.Withhold withholdUnknown() {
        Problem problem = Problem.of(
                ProblemType.LEDGER_UNAVAILABLE,
                "What became of the payment is not known yet. Send the same credential again later.");
        return new Settled.Withhold(services.answers().refuse(course, problem, State.PENDING, ClaimTable.SOON));
    }

    static Problem released(Services services, Course course, Proof proof, Execution executed) {
        Origin recipient = course.inquiry().target().origin();
        String ran = executed == Execution.NO
                ? "The request was not executed."
                : "The request may have been executed: repeating it may repeat its effects.";
        return Problem.of(ProblemType.PAYMENT_RELEASED, "Nothing was charged for this credential. " + ran)
                .with("executed", word(executed))
                .with(
                        "release",
                        services.signer()
                                .release(
                                        proof.challengeId(),
                                        recipient,
                                        services.clock().instant(),
                                        proof.presented()));
    }

    private static String word(Execution executed) {
        return switch (executed) {
            case NO -> "no";
            case YES -> "yes";
            case UNKNOWN -> "unknown";
        };
    }

    private void log(String state, Amount amount) {
        LOG.info(
                "charge {} {} {} {}, credential {}, {}, request {}",
                plausible.challengeId(),
                state,
                amount.format(),
                payment.currency(),
                plausible.fingerprint(),
                course.route(),
                course.inquiry().requestId());
    }
}
