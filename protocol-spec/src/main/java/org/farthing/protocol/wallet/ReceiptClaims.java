package org.farthing.protocol.wallet;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet service states in a receipt token (the claims of spec/receipt-token.md).
 *
 * @param issuer {@code iss}: the wallet service, an origin
 * @param audience {@code aud}: the payee, an origin
 * @param tokenId {@code jti}: 16 random bytes in base64url; the key of the settlement
 * @param issuedAt {@code iat}, whole seconds
 * @param expiresAt {@code exp}, whole seconds: until when the payer may present it
 * @param holdExpiresAt {@code hold_exp}, whole seconds: until when the payee can collect; not before {@code exp}
 * @param challengeId {@code cid}
 * @param challengeHash {@code ch}: see {@link #hash(Challenge)}
 * @param amount {@code amount}: the authorised maximum, in base units
 * @param currency {@code currency}
 * @param subject {@code sub}: a pairwise payer id of 43 characters, or null
 * @param keyThumbprint {@code cnf.jkt}: whose proof of possession the token asks for, or null
 */
public record ReceiptClaims(
        String issuer,
        String audience,
        String tokenId,
        Instant issuedAt,
        Instant expiresAt,
        Instant holdExpiresAt,
        String challengeId,
        String challengeHash,
        Amount amount,
        CurrencyId currency,
        @Nullable String subject,
        @Nullable String keyThumbprint) {

    /** The longest time between {@code iat} and {@code exp}. */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(5);

    /** How long after {@code exp} the payee can collect, unless agreed otherwise. */
    public static final Duration DEFAULT_HOLD = Duration.ofHours(1);

    /** How long after {@code exp} a payee can collect that is registered as deferred. */
    public static final Duration DEFERRED_HOLD = Duration.ofHours(24);

    private static final String WHERE = "receipt";

    /**
     * Checks every claim by itself; whether they fit a challenge, {@link ReceiptToken#verify} checks.
     *
     * @param issuer as described at the record
     * @param audience as described at the record
     * @param tokenId as described at the record
     * @param issuedAt as described at the record
     * @param expiresAt as described at the record
     * @param holdExpiresAt as described at the record
     * @param challengeId as described at the record
     * @param challengeHash as described at the record
     * @param amount as described at the record
     * @param currency as described at the record
     * @param subject as described at the record
     * @param keyThumbprint as described at the record
     * @throws IllegalArgumentException if one of them breaks its rule
     */
    public ReceiptClaims {
        Body.require(() -> {
            Body.requireOrigin(issuer, WHERE + ".iss");
            Body.requireOrigin(audience, WHERE + ".aud");
            Body.requireBytes(tokenId, Body.TOKEN_ID_BYTES, WHERE + ".jti");
            Body.requireBytes(challengeHash, Body.HASH_BYTES, WHERE + ".ch");
            if (subject != null) {
                Body.requireBytes(subject, Body.HASH_BYTES, WHERE + ".sub");
            }
            if (keyThumbprint != null) {
                Body.requireBytes(keyThumbprint, Body.HASH_BYTES, WHERE + ".cnf.jkt");
            }
            if (challengeId.isEmpty()) {
                throw new MalformedException(Fault.MISSING, WHERE + ".cid", "the id of a challenge is not empty");
            }
            if (holdExpiresAt.isBefore(expiresAt) || expiresAt.isBefore(issuedAt)) {
                throw new MalformedException(Fault.VALUE, WHERE, "iat, exp and hold_exp stand in this order");
            }
        });
    }

    /**
     * The claims for a challenge that has been checked and whose amount is held: everything is taken from the challenge,
     * {@code exp} is as late as allowed.
     *
     * @param challenge the payee's challenge
     * @param issuer the wallet service's own origin
     * @param tokenId 16 random bytes in base64url
     * @param now the service's clock
     * @param holdAfterExpiry how long after {@code exp} the payee can collect: {@link #DEFAULT_HOLD}, or {@link
     *     #DEFERRED_HOLD} for a payee registered so
     * @return the claims
     * @throws MalformedException if the challenge has no readable request, recipient or expiry
     * @throws IllegalArgumentException if the challenge has expired, or the time to collect is negative
     */
    public static ReceiptClaims forChallenge(
            Challenge challenge, Origin issuer, String tokenId, Instant now, Duration holdAfterExpiry)
            throws MalformedException {
        PaymentRequest request = challenge.paymentRequest();
        String recipient = request.recipient();
        if (recipient == null) {
            throw new MalformedException(Fault.MISSING, "request.recipient", "the challenge names no recipient");
        }
        Instant issued = Instant.ofEpochSecond(now.getEpochSecond());
        Instant longest = issued.plus(MAX_LIFETIME);
        Instant challengeEnds = Instant.ofEpochSecond(challenge.expiresAt().getEpochSecond());
        Instant expires = challengeEnds.isBefore(longest) ? challengeEnds : longest;
        return new ReceiptClaims(
                issuer.text(),
                recipient,
                tokenId,
                issued,
                expires,
                expires.plus(holdAfterExpiry),
                challenge.id(),
                hash(challenge),
                request.amount(),
                request.currency(),
                null,
                null);
    }

    /**
     * The claim {@code ch}: it binds price, currency, realm, nonce, request and body at once.
     *
     * @param challenge a challenge
     * @return base64url of the SHA-256 of what the payee signed
     */
    public static String hash(Challenge challenge) {
        return Sha256.base64url(challenge.signedPayload());
    }

    static ReceiptClaims parse(Map<String, ? extends @Nullable Object> claims) throws MalformedException {
        Members members = new Members(claims, WHERE);
        Map<String, @Nullable Object> cnf = members.optionalObject("cnf");
        return Body.build(
                WHERE,
                () -> new ReceiptClaims(
                        members.text("iss"),
                        members.text("aud"),
                        members.text("jti"),
                        members.seconds("iat"),
                        members.seconds("exp"),
                        members.seconds("hold_exp"),
                        members.text("cid"),
                        members.text("ch"),
                        Amount.parse(members.text("amount"), WHERE + ".amount"),
                        CurrencyId.parse(members.text("currency"), WHERE + ".currency"),
                        members.optionalText("sub"),
                        cnf == null ? null : new Members(cnf, WHERE + ".cnf").text("jkt")));
    }

    Map<String, Object> toMap() {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience);
        claims.put("jti", tokenId);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("hold_exp", holdExpiresAt.getEpochSecond());
        claims.put("cid", challengeId);
        claims.put("ch", challengeHash);
        claims.put("amount", amount.format());
        claims.put("currency", currency.text());
        if (subject != null) {
            claims.put("sub", subject);
        }
        if (keyThumbprint != null) {
            claims.put("cnf", Map.of("jkt", keyThumbprint));
        }
        return claims;
    }
}
