package org.farthing.protocol.wallet;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.VerificationKey;

/**
 * A payee's challenge that a wallet service has checked and may vouch for: the checks of spec/wallet-service.md F-WS-7 that
 * need no ledger.
 *
 * @param request what is paid; it has a recipient
 * @param opaque what the challenge is bound to
 * @param expires when the offer ends
 */
public record SubmittedChallenge(PaymentRequest request, Opaque opaque, Instant expires) {

    /** The longest time a challenge may still have when it is submitted. */
    public static final Duration MAX_REMAINING = Duration.ofMinutes(10);

    private static final String WALLET = "wallet";
    private static final String CHARGE = "charge";

    /**
     * Makes the checks.
     *
     * <p>Guarantees on return: the registered payee offered exactly this challenge with a key that counts now, for a
     * charge by method {@code wallet} to itself; it is bound to one request or one route of the payee's origins, names
     * this service, and ends within ten minutes from now.
     *
     * <p>Not checked here, because it needs the service's records: that the payee may still collect, that the order is
     * this wallet's, and that there is money.
     *
     * @param challenge the challenge as submitted
     * @param ofRecipient the key document in the service's registry for the challenge's recipient; never one fetched
     *     because the challenge names it (F-KY-14)
     * @param self the service's own public origin
     * @param now the service's clock
     * @return what the challenge says, read once
     * @throws SignatureRejectedException if any of them fails; {@link #word} turns the reason into the problem member
     */
    public static SubmittedChallenge verify(Challenge challenge, KeyDirectory ofRecipient, Origin self, Instant now)
            throws SignatureRejectedException {
        String jws = challenge.jws();
        if (jws == null) {
            throw new SignatureRejectedException(Reason.UNSIGNED, "the challenge is not signed");
        }
        try {
            Body.requireChallengeId(challenge.id(), "challenge.id");
            VerificationKey key = ofRecipient.select(DetachedJws.kid(jws), ArtifactType.CHALLENGE, now);
            DetachedJws.verify(jws, ArtifactType.CHALLENGE, challenge.signedPayload(), key);
            if (!ofRecipient.realms().contains(challenge.realm())) {
                throw new SignatureRejectedException(Reason.WRONG_REALM, "the realm is not one of the payee's");
            }
            PaymentRequest request = request(challenge, ofRecipient, self);
            Instant expires = expires(challenge, now);
            return new SubmittedChallenge(request, opaque(challenge, ofRecipient), expires);
        } catch (MalformedException e) {
            throw new SignatureRejectedException(Reason.MALFORMED, "not readable, " + e.getMessage());
        }
    }

    private static PaymentRequest request(Challenge challenge, KeyDirectory ofRecipient, Origin self)
            throws MalformedException, SignatureRejectedException {
        if (!challenge.method().equals(WALLET) || !challenge.intent().equals(CHARGE)) {
            throw new SignatureRejectedException(Reason.WRONG_METHOD, "only wallet charges are paid here");
        }
        PaymentRequest.requireCanonical(challenge.request());
        PaymentRequest request = challenge.paymentRequest();
        if (!ofRecipient.payee().equals(request.recipient())) {
            throw new SignatureRejectedException(Reason.WRONG_RECIPIENT, "the signer is not the recipient");
        }
        Object capture = request.methodDetails().get("capture");
        Object version = request.methodDetails().getOrDefault("version", "1");
        if (!("exact".equals(capture) || "upto".equals(capture)) || !"1".equals(version)) {
            throw new SignatureRejectedException(Reason.UNSUPPORTED, "capture is exact or upto, and the version 1");
        }
        Object providers = request.methodDetails().get("providers");
        if (!(providers instanceof String list)
                || !Arrays.asList(list.split(" ", -1)).contains(self.text())) {
            throw new SignatureRejectedException(Reason.WRONG_PROVIDER, "the challenge does not name this service");
        }
        return request;
    }

    private static Instant expires(Challenge challenge, Instant now)
            throws MalformedException, SignatureRejectedException {
        Instant expires = challenge.expiresAt();
        if (!now.isBefore(expires)) {
            throw new SignatureRejectedException(Reason.EXPIRED, "the challenge has expired");
        }
        if (expires.isAfter(now.plus(MAX_REMAINING))) {
            throw new SignatureRejectedException(Reason.TOO_LONG_LIVED, "a challenge lives at most 10 minutes");
        }
        return expires;
    }

    private static Opaque opaque(Challenge challenge, KeyDirectory ofRecipient)
            throws MalformedException, SignatureRejectedException {
        String text = challenge.opaque();
        if (text == null) {
            throw new SignatureRejectedException(Reason.WRONG_BINDING, "the challenge is bound to no request");
        }
        Opaque opaque = Opaque.parse(text);
        if (opaque.rb() == null
                && (Opaque.ANY_ROUTE.equals(opaque.rt())
                        || !ofRecipient.origins().contains(opaque.o()))) {
            // A charge for a whole realm, or for an origin nobody vouched for, could be relayed from a cheap offer.
            throw new SignatureRejectedException(
                    Reason.WRONG_BINDING, "the challenge is not for one route of the payee's origins");
        }
        return opaque;
    }

    /**
     * The coarse word for the member {@code reason} of the problem {@code INVALID_CHALLENGE} (F-PR-40).
     *
     * @param reason why {@link #verify} refused
     * @return {@code form}, {@code realm}, {@code recipient}, {@code method}, {@code provider}, {@code expires}, {@code
     *     binding}, or {@code signature} for everything about the key and what it signed
     */
    public static String word(Reason reason) {
        return switch (reason) {
            case MALFORMED -> "form";
            case WRONG_REALM -> "realm";
            case WRONG_RECIPIENT -> "recipient";
            case WRONG_METHOD, UNSUPPORTED -> "method";
            case WRONG_PROVIDER -> "provider";
            case EXPIRED, TOO_LONG_LIVED -> "expires";
            case WRONG_BINDING -> "binding";
            default -> "signature";
        };
    }
}
