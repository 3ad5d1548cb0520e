package org.farthing.protocol.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.VerificationKey.Terms;
import org.jspecify.annotations.Nullable;

/**
 * A private key. It signs through {@link DetachedJws}, {@link CompactJws} and the classes above them, which choose the
 * type of what is signed; there is no way to make it sign bare bytes.
 *
 * <p>The only way to see the secret is {@link #exportPrivateJwk()}. Immutable and thread-safe. Rules: spec/keys.md F-KY-40
 * to F-KY-43.
 */
public final class SigningKey {

    private static final int SECRET_BYTES = 32;

    private final VerificationKey publicKey;
    private final byte[] secret;
    private final JWSSigner signer;
    private final JWSHeader header;

    private SigningKey(VerificationKey publicKey, byte[] secret) {
        this.publicKey = publicKey;
        this.secret = secret;
        this.signer = publicKey.algorithm() == Algorithm.ED25519
                ? Ed25519Keys.signer(secret, Ed25519Keys.publicKey(secret))
                : Es256Keys.signer(secret);
        this.header = ((JoseProvider) signer).header();
    }

    /**
     * Makes a new key with the default roles.
     *
     * @param algorithm which kind
     * @param kid its name, or null for its thumbprint
     * @param random the source of randomness
     * @return the key
     */
    public static SigningKey generate(Algorithm algorithm, @Nullable String kid, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        do {
            random.nextBytes(secret);
        } while (algorithm == Algorithm.ES256 && !Es256Keys.isScalar(secret));
        return of(algorithm, secret, kid);
    }

    /**
     * The Ed25519 key of a seed, named by its thumbprint.
     *
     * @param seed exactly 32 bytes, copied
     * @return the key
     * @throws IllegalArgumentException if the seed has another length
     */
    public static SigningKey fromEd25519Seed(byte[] seed) {
        if (seed.length != SECRET_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes");
        }
        return of(Algorithm.ED25519, seed.clone(), null);
    }

    private static SigningKey of(Algorithm algorithm, byte[] secret, @Nullable String kid) {
        PublicPoint point = PublicPoint.of(algorithm, secret);
        return new SigningKey(new VerificationKey(point, Terms.named(kid == null ? point.thumbprint() : kid)), secret);
    }

    /**
     * Reads a private JWK, as {@link #exportPrivateJwk()} writes it.
     *
     * @param json the key as a JSON object
     * @return the key
     * @throws MalformedException if a member is missing or wrong, the type or curve is none of this protocol's, or the
     *     public half does not belong to the private one
     */
    public static SigningKey fromJwk(String json) throws MalformedException {
        Members jwk = new Members(StrictJson.parseObject(json, "key", StrictJson.Limits.FIELD), "key");
        PublicPoint stated = PublicPoint.parse(jwk);
        if (stated == null) {
            throw new MalformedException(
                    Fault.VALUE, "key.kty", "only OKP with Ed25519 and EC with P-256 are supported");
        }
        byte[] secret = PublicPoint.coordinate(jwk, "d");
        if (stated.algorithm() == Algorithm.ES256 && !Es256Keys.isScalar(secret)) {
            throw new MalformedException(Fault.VALUE, "key.d", "not a number from 1 to the group order");
        }
        if (!PublicPoint.of(stated.algorithm(), secret).thumbprint().equals(stated.thumbprint())) {
            throw new MalformedException(Fault.VALUE, "key.x", "not the public half of this private key");
        }
        return new SigningKey(new VerificationKey(stated, VerificationKey.terms(jwk, stated)), secret);
    }

    /**
     * Writes the key <strong>with its secret</strong>. For owner-only files, never for logs or documents.
     *
     * @return a private JWK in canonical JSON
     */
    public String exportPrivateJwk() {
        Map<String, Object> jwk = new TreeMap<>(publicKey.toJwk());
        jwk.put("d", Base64Url.encode(secret));
        return CanonicalJson.write(jwk);
    }

    /**
     * The public half, for key documents and wallet records.
     *
     * @return the public key
     */
    public VerificationKey publicKey() {
        return publicKey;
    }

    /**
     * The same key with another name.
     *
     * @param kid 1 to 64 of letters, digits and {@code . _ -}
     * @return the renamed key
     */
    public SigningKey withKid(String kid) {
        Terms terms = publicKey.terms();
        return with(new Terms(kid, terms.roles(), terms.iat(), terms.nbf(), terms.exp(), terms.revoked()));
    }

    /**
     * The same key with other roles.
     *
     * @param roles what it may sign; may be empty
     * @return the key with exactly these roles
     */
    public SigningKey withRoles(Set<Role> roles) {
        Set<Role> copy = EnumSet.noneOf(Role.class);
        copy.addAll(roles);
        Terms terms = publicKey.terms();
        return with(new Terms(
                terms.kid(),
                Collections.unmodifiableSet(copy),
                terms.iat(),
                terms.nbf(),
                terms.exp(),
                terms.revoked()));
    }

    /**
     * The same key with its times, in whole seconds.
     *
     * @param iat when it was made, or null
     * @param nbf from when it is used, or null
     * @param exp before when it is used, or null
     * @return the key with these times
     */
    public SigningKey withTimes(@Nullable Instant iat, @Nullable Instant nbf, @Nullable Instant exp) {
        Terms terms = publicKey.terms();
        return with(new Terms(terms.kid(), terms.roles(), iat, nbf, exp, terms.revoked()));
    }

    /**
     * The same key, revoked: it counts for nothing from then on (F-KY-30).
     *
     * @param since since when, in whole seconds
     * @return the key with this word on it
     */
    public SigningKey withRevoked(Instant since) {
        Terms terms = publicKey.terms();
        return with(new Terms(terms.kid(), terms.roles(), terms.iat(), terms.nbf(), terms.exp(), since));
    }

    private SigningKey with(Terms terms) {
        return new SigningKey(new VerificationKey(publicKey.point(), terms), secret);
    }

    /** Signs what {@link Jws} has put together; base64url of the signature. */
    String sign(String signingInput) {
        try {
            return signer.sign(header, signingInput.getBytes(StandardCharsets.US_ASCII))
                    .toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("signing with a checked key cannot fail", e);
        }
    }

    /** The name and the algorithm, never the secret. */
    @Override
    public String toString() {
        return "SigningKey[kid=" + publicKey.kid() + ", " + publicKey.algorithm() + "]";
    }
}
