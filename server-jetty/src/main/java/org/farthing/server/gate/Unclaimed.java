package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.TreeSet;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.Problem.Resolution;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.server.method.Authorization.Refused;

/** Answers a credential that came to no claim: refused, expired, or the ledger is away. */
final class Unclaimed {

    /** How long claims are kept at least after the challenge expired (F-ST-42). */
    private static final Duration CLAIM_RETENTION = Duration.ofHours(24);

    private final Services services;
    private final Course course;
    private final Examined.Plausible plausible;

    Unclaimed(Services services, Course course, Examined.Plausible plausible) {
        this.services = services;
        this.course = course;
        this.plausible = plausible;
    }

    Decision refuse(Refused refused) {
        Problem plain = Problem.of(refused.why(), refused.detail());
        for (String name : new TreeSet<>(refused.members().keySet())) {
            plain = plain.with(name, Objects.requireNonNull(refused.members().get(name)));
        }
        plain = refused.wayOut() == null ? plain : plain.withResolution(refused.wayOut());
        Problem problem = refused.why() == ProblemType.VERIFICATION_FAILED ? plain.with("reason", "proof") : plain;
        if (refused.why() == ProblemType.LEDGER_UNAVAILABLE) {
            // The proof may be good: whoever has it keeps it and sends it again.
            return services.answers().refuse(course, problem, State.PENDING, ClaimTable.LATER);
        }
        return refused.why().defaultStatus() == 402
                ? services.answers().demand(course, problem)
                : services.answers().refuse(course, problem);
    }

    Decision expired() {
        Instant now = services.clock().instant();
        boolean forgotten = now.isAfter(plausible.expires().plus(CLAIM_RETENTION));
        Problem problem = Problem.of(
                        ProblemType.PAYMENT_EXPIRED,
                        forgotten
                                ? "The challenge expired so long ago that it is not known whether it was charged."
                                : "The challenge has expired. Pay a fresh one.")
                .with("expiredAt", Rfc3339.format(plausible.expires()))
                .with("serverTime", Rfc3339.format(now));
        if (!forgotten) {
            return services.answers().demand(course, problem);
        }
        String wallets = course.inquiry().target().origin().text() + "/v1/wallets";
        Problem unknown = problem.with("charged", "unknown").withResolution(new Resolution("statement", wallets, null));
        return services.answers().demand(course, unknown, State.PENDING);
    }

    /** Whether this credential was charged before cannot be told without the ledger, so nothing is denied (T47). */
    Decision away() {
        Problem problem = Problem.of(
                ProblemType.LEDGER_UNAVAILABLE,
                "Payments are not possible at the moment. Send the same credential again later.");
        return services.answers().refuse(course, problem, State.PENDING, ClaimTable.SOON);
    }
}
