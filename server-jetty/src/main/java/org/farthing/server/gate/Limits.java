package org.farthing.server.gate;

import java.time.Duration;
import java.util.Optional;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.gate.Admission.Step;
import org.farthing.server.gate.Examined.Limited;
import org.farthing.server.gate.Examined.Other;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.gate.Examined.Rejected;
import org.farthing.server.gate.Examined.Unpaid;

/** Asks the limits at the right moments, and answers who has to wait (spec/server.md, F-SV-62 to F-SV-67). */
record Limits(Admission admission, Answers answers) {

    /** Lets through what was examined, or tells it to wait. What is refused without a price costs nothing and is not counted. */
    Examined apply(Examined examined) {
        Inquiry inquiry = examined.inquiry();
        if (examined instanceof Unpaid unpaid) {
            Duration wait = admission.admit(Step.CHALLENGE, inquiry, null);
            return wait.isZero() ? examined : new Limited(inquiry, unpaid.priced(), null, false, wait);
        }
        if (examined instanceof Rejected rejected && rejected.isDemanded()) {
            Duration wait = admission.admit(Step.CHALLENGE, inquiry, null);
            return wait.isZero()
                    ? examined
                    : new Limited(inquiry, rejected.priced(), rejected.challengeId(), false, wait);
        }
        if (examined instanceof Other other) {
            // Anybody can send one, so each is counted before its signature is looked at (T40).
            Duration wait = admission.admit(Step.PROOF, inquiry, null);
            return wait.isZero() ? examined : new Limited(inquiry, other.priced(), null, true, wait);
        }
        if (examined instanceof Plausible plausible) {
            Duration wait = admission.admit(Step.PROOF, inquiry, null);
            return wait.isZero()
                    ? examined
                    : new Limited(inquiry, plausible.priced(), plausible.challengeId(), true, wait);
        }
        return examined;
    }

    /** 429. The same bytes may have been charged before, and nobody has looked: then nothing is denied (F-SV-66). */
    Decision refuse(Course course, Limited limited) {
        return answers.refuse(
                course, tooMany("network"), limited.ours() ? State.PENDING : State.REFUSED, limited.retryAfter());
    }

    /** The answer for a wallet that pays too often, or nothing. Its proof holds, so it is the wallet itself that asks. */
    Optional<Decision> payment(Course course, String payer) {
        Duration wait = admission.admit(Step.PAYMENT, course.inquiry(), payer);
        return wait.isZero()
                ? Optional.empty()
                : Optional.of(answers.refuse(course, tooMany("wallet"), State.PENDING, wait));
    }

    /** Takes note of a credential that came to nothing: it cost a look, and its answer a signature (F-SV-65). */
    void failed(Course course) {
        var unused = admission.admit(Step.FAILED, course.inquiry(), null);
    }

    private static Problem tooMany(String whose) {
        return Problem.of(ProblemType.RATE_LIMITED, "Too many requests of this " + whose + ". Send it again later.");
    }
}
