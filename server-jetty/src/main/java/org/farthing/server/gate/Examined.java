package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.farthing.protocol.Credential;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PricedFacts;
import org.jspecify.annotations.Nullable;

/**
 * What the cheap checks found out: the ones that need no body, no signature and no ledger. They come first, so that only
 * credentials for challenges this server issued for this very request cost more (T40, F-BI-3).
 */
public sealed interface Examined {

    /**
     * Returns the request that was examined.
     *
     * @return the request
     */
    Inquiry inquiry();

    /**
     * Tells whether the body has to be read and its digest computed before {@link PaymentGate#decide}. If not, a digest that
     * the client states is taken as it is (F-BI-42).
     *
     * @return true for a plausible credential
     */
    default boolean verifiesBody() {
        return this instanceof Plausible || this instanceof Other;
    }

    /**
     * No credential.
     *
     * @param inquiry the request
     * @param priced the facts its price depends on
     */
    record Unpaid(Inquiry inquiry, PricedFacts priced) implements Examined {}

    /**
     * Refused already.
     *
     * @param inquiry the request
     * @param priced the facts its price depends on, or null if they cannot be read; then no price can be demanded
     * @param type the problem to answer with
     * @param detail a sentence for the client
     * @param reason the coarse reason of F-PR-40, or null
     * @param challengeId the id the credential names, or null if it cannot be read
     */
    record Rejected(
            Inquiry inquiry,
            @Nullable PricedFacts priced,
            ProblemType type,
            String detail,
            @Nullable String reason,
            @Nullable String challengeId)
            implements Examined {

        /** Tells whether the answer is a 402 with challenges, which cost a signature each. */
        boolean isDemanded() {
            return type.defaultStatus() == 402;
        }
    }

    /**
     * Somebody asks too often: 429 (F-SV-64).
     *
     * @param inquiry the request
     * @param priced the facts its price depends on, or null if they cannot be read
     * @param challengeId the id the credential names, or null if there is none or it cannot be read
     * @param ours whether the credential is for a challenge of this server: it may have been charged before
     * @param retryAfter when the next try makes sense
     */
    record Limited(
            Inquiry inquiry,
            @Nullable PricedFacts priced,
            @Nullable String challengeId,
            boolean ours,
            Duration retryAfter)
            implements Examined {}

    /**
     * A credential of another authentication scheme than {@code Payment}, on a route that can be paid so. Nothing of it is
     * verified.
     *
     * @param inquiry the request
     * @param priced the facts its price depends on
     * @param method the method whose scheme it is
     * @param payload the proof; empty if it could not be read
     */
    record Other(Inquiry inquiry, PricedFacts priced, PaymentMethod method, Map<String, @Nullable Object> payload)
            implements Examined {

        /** The credential is a secret (T38), so nothing of it is said. */
        @Override
        public String toString() {
            return "Other[method=" + method.id() + "]";
        }
    }

    /**
     * A credential for a challenge this server issued for this very request, as far as can be told without its body.
     *
     * @param inquiry the request
     * @param priced the facts its price depends on
     * @param credential the credential
     * @param request what is to be paid, read from the text the id binds
     * @param expires when the challenge expires
     * @param digest the digest the body must have, or null if there must be none
     * @param method the method that verifies the proof
     * @param offer under which conditions it is charged: the money of the challenge, the limits of today's route
     * @param opaque what the challenge says to this server itself, or null if it was never sent
     * @param fingerprint what tells whether the same bytes come again, and what logs may say of the credential
     * @param otherScheme whether it came by another scheme: then the challenge was never sent, and there is no receipt
     */
    record Plausible(
            Inquiry inquiry,
            PricedFacts priced,
            Credential credential,
            PaymentRequest request,
            Instant expires,
            @Nullable ContentDigest digest,
            PaymentMethod method,
            Offer offer,
            @Nullable Opaque opaque,
            String fingerprint,
            boolean otherScheme)
            implements Examined {

        /**
         * Returns the id of the challenge that is paid.
         *
         * @return the challenge id
         */
        public String challengeId() {
            return credential.challenge().id();
        }

        /**
         * Returns the charge that paid for this request before.
         *
         * @return its challenge id, or null if this one pays itself
         */
        public @Nullable String reEntry() {
            return opaque == null ? null : opaque.reEntry().orElse(null);
        }

        /** The credential is a secret (T38), so nothing of it is said. */
        @Override
        public String toString() {
            return "Plausible[challenge=" + challengeId() + "]";
        }
    }
}
