package org.farthing.protocol.wallet;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;

/**
 * A wallet service's signed statement that one challenge is paid: the money is held and the payee can collect it
 * (spec/receipt-token.md). The payee verifies it without asking anybody.
 *
 * <p>An instance has been read, not verified.
 */
public final class ReceiptToken {

    /** The payload's {@code type}. */
    public static final String TYPE = "receipt";

    /** The clock difference allowed for the service's times. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private final CompactJws jws;
    private final ReceiptClaims claims;

    private ReceiptToken(CompactJws jws) throws MalformedException {
        this.jws = jws;
        this.claims = ReceiptClaims.parse(jws.claims());
    }

    /**
     * What a payee expects of a token besides a good signature.
     *
     * @param challenge its own challenge, whose id it has verified
     * @param captureWindow how long it may take until it collects
     */
    public record Expectations(Challenge challenge, Duration captureWindow) {

        /** A payee that collects within an hour. */
        public static final Duration DEFAULT_CAPTURE_WINDOW = Duration.ofHours(1);
    }

    /**
     * Signs a token. The amount is held before, and honoured until {@code hold_exp}.
     *
     * @param key a key with the role {@code receipt-token}
     * @param claims what is stated
     * @return the token
     * @throws IllegalArgumentException if the key lacks the role
     */
    public static ReceiptToken issue(SigningKey key, ReceiptClaims claims) {
        try {
            return parse(CompactJws.sign(key, ArtifactType.RECEIPT_TOKEN, claims.toMap()));
        } catch (MalformedException e) {
            throw new IllegalStateException("a token written from checked claims is always well formed", e);
        }
    }

    /**
     * Reads a token without verifying it.
     *
     * @param text {@code header.claims.signature}
     * @return the token
     * @throws MalformedException if the form is wrong, or a claim is missing or breaks its rule
     */
    public static ReceiptToken parse(String text) throws MalformedException {
        return new ReceiptToken(CompactJws.parse(text));
    }

    /**
     * Reads the token in a credential.
     *
     * @param credential a credential of method {@code wallet}, intent {@code charge}
     * @return the token
     * @throws MalformedException if the payload is no receipt payload, or the token as in {@link #parse(String)}
     */
    public static ReceiptToken parse(Credential credential) throws MalformedException {
        Members payload = new Members(credential.payload(), "payload");
        if (!payload.text("type").equals(TYPE)) {
            throw new MalformedException(Fault.VALUE, "payload.type", "a receipt is needed");
        }
        return parse(payload.text("receipt"));
    }

    /**
     * The credential's payload.
     *
     * @return {@code type} and {@code receipt}
     */
    public Map<String, Object> toPayload() {
        return Map.of("type", TYPE, "receipt", jws.text());
    }

    /**
     * The payee's checks F-RT-10 to F-RT-17, apart from its exposure to the service.
     *
     * <p>Guarantees on return: the origin whose document this is stated, as a receipt token and with a key that may do so
     * now, that this very challenge is paid in full to its recipient; the service is one the challenge names; the token
     * may be presented now, and collected for as long as the capture window. It does not say that the token is unused:
     * claim challenge id and {@code jti} in one atomic step.
     *
     * @param ofIssuer the key document of the wallet service, from the payee's own configuration and refreshed by it: never
     *     fetched because a message names its origin (F-KY-15)
     * @param expected what the payee expects
     * @param now the payee's clock
     * @throws SignatureRejectedException if any check fails
     */
    public void verify(KeyDirectory ofIssuer, Expectations expected, Instant now) throws SignatureRejectedException {
        VerificationKey key = ofIssuer.select(jws.kid(), ArtifactType.RECEIPT_TOKEN, now);
        if (!claims.issuer().equals(ofIssuer.payee())) {
            throw new SignatureRejectedException(Reason.WRONG_ISSUER, "the document is of another wallet service");
        }
        verify(key, expected, now);
    }

    /** The same with the one key that counts, which the caller selected. */
    void verify(VerificationKey key, Expectations expected, Instant now) throws SignatureRejectedException {
        jws.verify(ArtifactType.RECEIPT_TOKEN, key);
        if (claims.keyThumbprint() != null) {
            throw new SignatureRejectedException(
                    Reason.UNSUPPORTED, "the token asks for a proof of possession, which is not checked here");
        }
        Challenge challenge = expected.challenge();
        try {
            PaymentRequest request = challenge.paymentRequest();
            checkParties(request);
            checkTimes(challenge.expiresAt(), now);
            checkChallenge(challenge);
            checkAmount(request);
        } catch (MalformedException e) {
            throw new SignatureRejectedException(Reason.MALFORMED, "the challenge is not readable");
        }
        if (claims.holdExpiresAt().isBefore(now.plus(expected.captureWindow()))) {
            throw new SignatureRejectedException(
                    Reason.HOLD_TOO_SHORT, "the money is not held for as long as collecting may take");
        }
    }

    private void checkParties(PaymentRequest request) throws SignatureRejectedException {
        Object providers = request.methodDetails().get("providers");
        if (!(providers instanceof String list)
                || !Arrays.asList(list.split(" ", -1)).contains(claims.issuer())) {
            throw new SignatureRejectedException(
                    Reason.WRONG_ISSUER, "the issuer is not one of the challenge's providers");
        }
        if (!claims.audience().equals(request.recipient())) {
            throw new SignatureRejectedException(Reason.WRONG_AUDIENCE, "the token is for another payee");
        }
    }

    private void checkTimes(Instant challengeEnds, Instant now) throws SignatureRejectedException {
        if (!now.isBefore(claims.expiresAt().plus(CLOCK_SKEW))) {
            throw new SignatureRejectedException(Reason.EXPIRED, "the token has expired");
        }
        if (claims.issuedAt().minus(CLOCK_SKEW).isAfter(now)) {
            throw new SignatureRejectedException(Reason.NOT_YET_VALID, "the token comes from the future");
        }
        if (claims.expiresAt().isAfter(claims.issuedAt().plus(ReceiptClaims.MAX_LIFETIME))
                || claims.expiresAt().isAfter(challengeEnds)) {
            throw new SignatureRejectedException(
                    Reason.TOO_LONG_LIVED, "a token lives at most 300 seconds and not longer than its challenge");
        }
    }

    private void checkChallenge(Challenge challenge) throws SignatureRejectedException {
        if (!claims.challengeId().equals(challenge.id())
                || !claims.challengeHash().equals(ReceiptClaims.hash(challenge))) {
            throw new SignatureRejectedException(Reason.WRONG_CHALLENGE, "the token is for another challenge");
        }
    }

    private void checkAmount(PaymentRequest request) throws SignatureRejectedException {
        Amount asked = request.amount();
        if (!claims.currency().equals(request.currency())) {
            throw new SignatureRejectedException(Reason.WRONG_AMOUNT, "the token is for another currency");
        }
        int order = claims.amount().compareTo(asked);
        if (order != 0) {
            throw new SignatureRejectedException(
                    order < 0 ? Reason.TOO_LITTLE : Reason.WRONG_AMOUNT, "the token is for another amount");
        }
    }

    /**
     * The claims: before {@link #verify} good only for finding the issuer's keys.
     *
     * @return the claims
     */
    public ReceiptClaims claims() {
        return claims;
    }

    /**
     * The name of the key that claims to have signed.
     *
     * @return its {@code kid}
     */
    public String kid() {
        return jws.kid();
    }

    /**
     * The text of the wire: worth money, not for logs.
     *
     * @return {@code header.claims.signature}
     */
    public String format() {
        return jws.text();
    }

    /** The challenge and the issuer: the whole is worth money. */
    @Override
    public String toString() {
        return "ReceiptToken[challenge=" + claims.challengeId() + ", issuer=" + claims.issuer() + "]";
    }
}
