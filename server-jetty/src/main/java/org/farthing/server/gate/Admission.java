package org.farthing.server.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks too often: the hook for limits of requests (spec/server.md, F-SV-62 to F-SV-67).
 *
 * <p>The gate asks before each step that costs it more than a hash, and answers 429 with {@code Retry-After} where it is told to
 * wait. It never leaves out a signature instead.
 *
 * <p><b>Threads.</b> Called on the threads that serve requests, several at once: it must not block. If it throws, the request
 * goes on and the error is logged, because a limit that fails must not stop sales.
 */
@FunctionalInterface
public interface Admission {

    /** Limits nothing. */
    Admission ALL = (step, inquiry, payer) -> Duration.ZERO;

    /** What is about to be done for a request. */
    enum Step {
        /** A challenge is made and signed: there is no credential, or none for a challenge of this server. */
        CHALLENGE,
        /** A proof is verified: the credential is for a challenge this server made. */
        PROOF,
        /**
         * A credential for a challenge of this server came to nothing: its proof did not hold, its body was another, or it was
         * too late, and no charge is known for it. What is answered makes no difference to this request.
         */
        FAILED,
        /** A payment is claimed: the proof holds, and the payer is known. */
        PAYMENT
    }

    /**
     * Admits a request to a step, or not.
     *
     * @param step what is about to be done
     * @param inquiry the request; {@link Inquiry#client()} says who asks
     * @param payer the payer's id for {@link Step#PAYMENT}, proven by a signature; else null. It is never the name that a
     *     credential merely claims, or a stranger could use up another's budget
     * @return zero to go on, or how long to wait before the next try
     */
    Duration admit(Step step, Inquiry inquiry, @Nullable String payer);
}
