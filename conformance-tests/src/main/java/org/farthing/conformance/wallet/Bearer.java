package org.farthing.conformance.wallet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.SigningKey;

/**
 * A wallet request in the making: right as it begins, and a case makes one thing wrong (wallet-request.md).
 *
 * @param key what signs
 * @param kid the name it signs under
 * @param type what it says it is
 * @param claims its claims
 */
record Bearer(SigningKey key, String kid, ArtifactType type, Map<String, Object> claims) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long LIFE = 60;

    /** A right one for a request. */
    static Bearer of(
            SigningKey key,
            String kid,
            String issuer,
            String service,
            String method,
            String target,
            byte[] body,
            Instant now) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", issuer);
        claims.put("aud", service);
        claims.put("htm", method);
        claims.put("htu", service + target);
        claims.put("bh", Base64Url.encode(sha256(body)));
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + LIFE);
        claims.put("jti", tokenId());
        return new Bearer(key, kid, ArtifactType.WALLET_REQUEST, claims);
    }

    /** The same with another claim. */
    Bearer with(String claim, Object value) {
        Map<String, Object> other = new TreeMap<>(claims);
        other.put(claim, value);
        return new Bearer(key, kid, type, other);
    }

    /** The same, valid from so many seconds later. */
    Bearer later(long seconds) {
        return with("iat", seconds("iat") + seconds).with("exp", seconds("exp") + seconds);
    }

    /** A claim that is a time, in seconds. */
    long seconds(String claim) {
        return claims.get(claim) instanceof Long seconds ? seconds : 0;
    }

    /** A claim that is a text. */
    String text(String claim) {
        return String.valueOf(claims.getOrDefault(claim, ""));
    }

    /** The same, signed by another key under the same name. */
    Bearer forgedBy(SigningKey other) {
        return new Bearer(other, kid, type, claims);
    }

    /** The same signature over the same claims as another kind of artifact. */
    Bearer as(ArtifactType other) {
        return new Bearer(key, kid, other, claims);
    }

    /** The token. */
    String token() {
        SigningKey named = key.withKid(kid);
        return CompactJws.sign(
                type.requiredRole().map(role -> named.withRoles(Set.of(role))).orElse(named), type, claims);
    }

    /** A token that is not signed at all. */
    String unsigned() {
        return head("none") + ".";
    }

    /** A token whose MAC has the public key as its secret, which everybody knows. */
    String macOfThePublicKey() {
        String signed = head("HS256");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    CanonicalJson.write(key.publicKey().toJwk()).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + Base64Url.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private String head(String algorithm) {
        String header = CanonicalJson.write(Map.of("alg", algorithm, "kid", kid, "typ", "wallet-request+jwt"));
        return Base64Url.encodeUtf8(header) + "." + Base64Url.encodeUtf8(CanonicalJson.write(claims));
    }

    /** A name nobody else has: 16 random bytes. */
    static String tokenId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whom it is for; it is a credential. */
    @Override
    public String toString() {
        return "a wallet request of " + claims.get("iss");
    }
}
