package org.farthing.protocol.signature;

import java.time.Duration;
import java.time.Instant;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A payer's checks of a signed challenge, before any thought of money (spec/signatures.md F-SG-30 to F-SG-35).
 *
 * <p>Guarantees on return: the origin that the request goes to offered exactly this challenge, for exactly this request,
 * with a key that counts now; it is neither expired nor over-long; and the recipient is that origin, or vouches for it
 * with the same key.
 *
 * <p>Not checked here, because it needs more than the messages: that {@code digest} is the digest of the payer's own body,
 * that the documents came over verified TLS from the origins they are passed for, that the amount is acceptable, that
 * unsigned challenges are refused where the origin is known to sign, and that a plain-http origin is wanted at all.
 */
public final class ChallengeVerifier {

    /** The longest lifetime of a challenge. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

    /** The clock difference allowed for times that somebody else wrote. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private ChallengeVerifier() {}

    /**
     * Makes the checks.
     *
     * @param challenge the challenge as received
     * @param target the request it answered
     * @param ofOrigin the key document fetched from the request's own origin
     * @param ofRecipient the key document fetched from the challenge's recipient, or null if that is the request's origin
     * @param now the payer's clock
     * @throws SignatureRejectedException if any of them fails
     */
    public static void verify(
            Challenge challenge,
            RequestTarget target,
            KeyDirectory ofOrigin,
            @Nullable KeyDirectory ofRecipient,
            Instant now)
            throws SignatureRejectedException {
        String jws = challenge.jws();
        if (jws == null) {
            throw new SignatureRejectedException(Reason.UNSIGNED, "the challenge is not signed");
        }
        try {
            VerificationKey key = ofOrigin.select(DetachedJws.kid(jws), ArtifactType.CHALLENGE, now);
            DetachedJws.verify(jws, ArtifactType.CHALLENGE, challenge.signedPayload(), key);
            checkOrigin(challenge, target.origin(), ofOrigin);
            checkTime(challenge.expiresAt(), now);
            checkBinding(challenge, target);
            checkRecipient(recipient(challenge), target.origin(), key, ofRecipient, now);
        } catch (MalformedException e) {
            throw Jws.malformed(e);
        }
    }

    private static void checkOrigin(Challenge challenge, Origin origin, KeyDirectory ofOrigin)
            throws SignatureRejectedException {
        if (!origin.isHttps() && !origin.isLoopback()) {
            throw new SignatureRejectedException(
                    Reason.WRONG_ORIGIN, "plain http counts only on a loopback address literal");
        }
        if (!ofOrigin.origins().contains(origin.text())) {
            throw new SignatureRejectedException(
                    Reason.WRONG_ORIGIN, "the key document does not name the origin of the request");
        }
        if (!ofOrigin.realms().contains(challenge.realm())) {
            throw new SignatureRejectedException(Reason.WRONG_REALM, "the realm is not one of the origin's");
        }
    }

    private static void checkTime(Instant expires, Instant now) throws SignatureRejectedException {
        if (!now.isBefore(expires)) {
            throw new SignatureRejectedException(Reason.EXPIRED, "the challenge has expired");
        }
        if (expires.isAfter(now.plus(MAX_LIFETIME).plus(CLOCK_SKEW))) {
            throw new SignatureRejectedException(Reason.TOO_LONG_LIVED, "a challenge lives at most 10 minutes");
        }
    }

    private static void checkBinding(Challenge challenge, RequestTarget target)
            throws SignatureRejectedException, MalformedException {
        String text = challenge.opaque();
        Opaque opaque = text == null ? null : Opaque.parse(text);
        if (opaque == null || !opaque.binds(target)) {
            throw new SignatureRejectedException(Reason.WRONG_BINDING, "the challenge is for another request");
        }
        if (Opaque.ANY_ROUTE.equals(opaque.rt()) && challenge.intent().equals("charge")) {
            // Otherwise what was offered for a cheap route could be relayed as the price of a dear one (F-BI-23).
            throw new SignatureRejectedException(
                    Reason.WRONG_BINDING, "a charge is for one request or one route, not for a whole realm");
        }
    }

    private static String recipient(Challenge challenge) throws MalformedException, SignatureRejectedException {
        PaymentRequest.requireCanonical(challenge.request());
        String recipient = challenge.paymentRequest().recipient();
        if (recipient == null) {
            throw new SignatureRejectedException(Reason.WRONG_RECIPIENT, "the challenge names no recipient");
        }
        return recipient;
    }

    private static void checkRecipient(
            String recipient, Origin origin, VerificationKey key, @Nullable KeyDirectory ofRecipient, Instant now)
            throws SignatureRejectedException {
        if (recipient.equals(origin.text())) {
            return;
        }
        if (ofRecipient == null || !origin.isHttps() || !vouches(ofRecipient, recipient, origin, key, now)) {
            throw new SignatureRejectedException(
                    Reason.WRONG_RECIPIENT, "the recipient does not vouch for the origin of the request");
        }
    }

    private static boolean vouches(
            KeyDirectory ofRecipient, String recipient, Origin origin, VerificationKey key, Instant now)
            throws SignatureRejectedException {
        if (!ofRecipient.payee().equals(recipient) || !ofRecipient.origins().contains(origin.text())) {
            return false;
        }
        // The name alone would not do: anybody can call his own key by the recipient's kid.
        VerificationKey listed = ofRecipient.select(key.kid(), ArtifactType.CHALLENGE, now);
        return listed.thumbprint().equals(key.thumbprint());
    }
}
