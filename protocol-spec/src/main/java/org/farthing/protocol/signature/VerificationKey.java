package org.farthing.protocol.signature;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A public key with its name, what it may sign and when: a JWK (RFC 7517) with the members of F-KY in spec/keys.md. Every
 * instance holds a point that was checked (threat 20).
 *
 * <p>A key proves nothing by itself: it speaks for an origin because that origin's {@link KeyDirectory} lists it, or for a
 * wallet because the ledger's record does.
 */
public final class VerificationKey {

    /** Name, roles and times, apart from the point, so that a key can be renamed without checking the point again. */
    record Terms(
            String kid,
            Set<Role> roles,
            @Nullable Instant iat,
            @Nullable Instant nbf,
            @Nullable Instant exp,
            @Nullable Instant revoked) {

        static Terms named(String kid) {
            return new Terms(kid, Role.DEFAULTS, null, null, null, null);
        }
    }

    private final PublicPoint point;
    private final Terms terms;

    VerificationKey(PublicPoint point, Terms terms) {
        if (!JoseHeader.isKid(terms.kid())) {
            throw new IllegalArgumentException("a kid is 1 to 64 of letters, digits, '.', '_' and '-'");
        }
        this.point = point;
        this.terms = terms;
    }

    /**
     * Reads a public JWK.
     *
     * @param json the key as a JSON object
     * @return the key
     * @throws MalformedException as {@link #parse(Map)}
     */
    public static VerificationKey parse(String json) throws MalformedException {
        return parse(StrictJson.parseObject(json, "key", StrictJson.Limits.FIELD));
    }

    /**
     * Reads a public JWK. Without {@code kid} its thumbprint is its name; unknown members are ignored.
     *
     * @param jwk the members of the key
     * @return the key
     * @throws MalformedException if a member is missing or wrong, the type or curve is none of this protocol's, the point
     *     is unsafe, or a private member stands there
     */
    public static VerificationKey parse(Map<String, ? extends @Nullable Object> jwk) throws MalformedException {
        VerificationKey key = parseKnown(new Members(jwk, "key"));
        if (key == null) {
            throw new MalformedException(
                    Fault.VALUE, "key.kty", "only OKP with Ed25519 and EC with P-256 are supported");
        }
        return key;
    }

    /** The same, but null for a key of a type or curve that is none of ours. */
    static @Nullable VerificationKey parseKnown(Members jwk) throws MalformedException {
        if (jwk.map().containsKey("d")) {
            throw new MalformedException(Fault.VALUE, jwk.where() + ".d", "a private key where a public one belongs");
        }
        PublicPoint point = PublicPoint.parse(jwk);
        return point == null ? null : new VerificationKey(point, terms(jwk, point));
    }

    static Terms terms(Members jwk, PublicPoint point) throws MalformedException {
        String alg = jwk.optionalText("alg");
        if (alg != null && Algorithm.ofJoseName(alg) != point.algorithm()) {
            throw new MalformedException(Fault.VALUE, jwk.where() + ".alg", "not the algorithm of this type of key");
        }
        String use = jwk.optionalText("use");
        if (use != null && !use.equals("sig")) {
            throw new MalformedException(Fault.VALUE, jwk.where() + ".use", "a signing key is needed");
        }
        String kid = jwk.optionalText("kid");
        if (kid != null && !JoseHeader.isKid(kid)) {
            throw new MalformedException(
                    Fault.VALUE, jwk.where() + ".kid", "1 to 64 of letters, digits, '.', '_' and '-' are needed");
        }
        return new Terms(
                kid == null ? point.thumbprint() : kid,
                roles(jwk.optionalTexts("roles")),
                jwk.optionalSeconds("iat"),
                jwk.optionalSeconds("nbf"),
                jwk.optionalSeconds("exp"),
                jwk.optionalSeconds("revoked"));
    }

    private static Set<Role> roles(@Nullable List<String> names) {
        if (names == null) {
            return Role.DEFAULTS;
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            Role role = Role.ofWireName(name);
            if (role != null) {
                roles.add(role);
            }
        }
        return Collections.unmodifiableSet(roles);
    }

    /**
     * Writes the public JWK. Roles stand in it unless they are the default ones.
     *
     * @return the members, which {@link #parse(Map)} reads back
     */
    public Map<String, Object> toJwk() {
        Map<String, Object> jwk = new TreeMap<>();
        boolean edwards = algorithm() == Algorithm.ED25519;
        jwk.put("kty", edwards ? "OKP" : "EC");
        jwk.put("crv", edwards ? "Ed25519" : "P-256");
        jwk.put("x", point.x());
        String y = point.y();
        if (y != null) {
            jwk.put("y", y);
        }
        jwk.put("kid", kid());
        jwk.put("use", "sig");
        jwk.put("alg", algorithm().joseName());
        if (!roles().equals(Role.DEFAULTS)) {
            jwk.put("roles", roleNames());
        }
        putSeconds(jwk, "iat", iat());
        putSeconds(jwk, "nbf", nbf());
        putSeconds(jwk, "exp", exp());
        putSeconds(jwk, "revoked", revoked());
        return jwk;
    }

    List<String> roleNames() {
        return roles().stream().map(Role::wireName).toList();
    }

    private static void putSeconds(Map<String, Object> jwk, String name, @Nullable Instant time) {
        if (time != null) {
            jwk.put(name, time.getEpochSecond());
        }
    }

    /**
     * The key's name, unique in its document.
     *
     * @return 1 to 64 of letters, digits and {@code . _ -}
     */
    public String kid() {
        return terms.kid();
    }

    /**
     * The algorithm this key decides.
     *
     * @return the algorithm
     */
    public Algorithm algorithm() {
        return point.algorithm();
    }

    /**
     * The RFC 7638 thumbprint.
     *
     * @return base64url of SHA-256, 43 characters
     */
    public String thumbprint() {
        return point.thumbprint();
    }

    /**
     * What the key may sign when it is taken from a key document.
     *
     * @return the roles, an unmodifiable set
     */
    public Set<Role> roles() {
        return terms.roles();
    }

    /**
     * When the key was made.
     *
     * @return the time, or null if the key does not say
     */
    public @Nullable Instant iat() {
        return terms.iat();
    }

    /**
     * From when the key may be used.
     *
     * @return the time, or null for always
     */
    public @Nullable Instant nbf() {
        return terms.nbf();
    }

    /**
     * Before when the key may be used.
     *
     * @return the time, or null for always
     */
    public @Nullable Instant exp() {
        return terms.exp();
    }

    /**
     * Since when the key is revoked.
     *
     * @return the time, or null if it is not
     */
    public @Nullable Instant revoked() {
        return terms.revoked();
    }

    /**
     * Tells whether this is a key that an RFC or our own vectors publish with its private half. Programs refuse to start
     * with one outside of development (F-KY-42).
     *
     * @return true if everybody can sign with it
     */
    public boolean isPublished() {
        return PublishedKeys.contains(thumbprint());
    }

    /**
     * Checks that the key may be used at a moment: inside {@code nbf} and {@code exp}, and not revoked by then (F-KY-30).
     *
     * @param now the moment of acting, or for archived evidence the moment its keeper recorded it
     * @throws SignatureRejectedException if it may not
     */
    public void requireUsable(Instant now) throws SignatureRejectedException {
        Instant revoked = terms.revoked();
        if (revoked != null && !now.isBefore(revoked)) {
            throw new SignatureRejectedException(Reason.KEY_REVOKED, "the key was revoked");
        }
        Instant nbf = terms.nbf();
        Instant exp = terms.exp();
        if ((nbf != null && now.isBefore(nbf)) || (exp != null && !now.isBefore(exp))) {
            throw new SignatureRejectedException(Reason.KEY_NOT_ACTIVE, "the key is not in use at this time");
        }
    }

    PublicPoint point() {
        return point;
    }

    Terms terms() {
        return terms;
    }

    /** Equal if the published members are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerificationKey key && toJwk().equals(key.toJwk());
    }

    @Override
    public int hashCode() {
        return thumbprint().hashCode();
    }

    /** The public JWK in canonical JSON. */
    @Override
    public String toString() {
        return CanonicalJson.write(toJwk());
    }
}
