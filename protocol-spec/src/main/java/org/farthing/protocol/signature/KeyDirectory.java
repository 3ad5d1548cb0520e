package org.farthing.protocol.signature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;

/**
 * The key document an origin publishes at {@code /.well-known/payment-keys}: its keys, and for whom they speak
 * (spec/keys.md F-KY-1 to F-KY-32).
 *
 * <p>A document is worth what its transport is worth. Whoever fetched it over verified TLS from an origin may use it for
 * that origin and for nothing else; nothing inside can widen that.
 *
 * @param keys the listed keys, each name once
 * @param payee the recipient this origin sells for, an origin
 * @param origins origins that may name this payee as recipient
 * @param realms realms this origin uses
 * @param signedAlways whether every challenge of this origin is signed
 * @param providers wallet services this payee accepts, origins
 */
public record KeyDirectory(
        List<VerificationKey> keys,
        String payee,
        List<String> origins,
        List<String> realms,
        boolean signedAlways,
        List<String> providers) {

    /** Where an origin publishes its document. */
    public static final String WELL_KNOWN_PATH = "/.well-known/payment-keys";

    private static final String WHERE = "keyDirectory";
    private static final String ALWAYS = "always";

    /**
     * Copies the lists and checks them.
     *
     * @param keys as described at the record
     * @param payee as described at the record
     * @param origins as described at the record
     * @param realms as described at the record
     * @param signedAlways as described at the record
     * @param providers as described at the record
     * @throws IllegalArgumentException if a key's name stands twice, an origin is none in its one spelling, or a realm is
     *     empty
     */
    public KeyDirectory {
        keys = List.copyOf(keys);
        origins = List.copyOf(origins);
        realms = List.copyOf(realms);
        providers = List.copyOf(providers);
        try {
            requireDistinct(keys.stream().map(VerificationKey::kid).toList());
            requireOrigins(List.of(payee), "payee");
            requireOrigins(origins, "origins");
            requireOrigins(providers, "providers");
            if (realms.contains("")) {
                throw new MalformedException(Fault.VALUE, WHERE + ".realms", "a realm is not empty");
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The document of an origin that sells for itself and accepts no wallet services.
     *
     * @param origin the origin
     * @param keys its keys
     * @return a document that says every challenge is signed
     */
    public static KeyDirectory of(Origin origin, List<VerificationKey> keys) {
        return new KeyDirectory(keys, origin.text(), List.of(origin.text()), List.of(origin.realm()), true, List.of());
    }

    /**
     * Reads a document from its bytes, as fetched.
     *
     * @param utf8 the body of the answer, at most 64 KiB
     * @return the document
     * @throws MalformedException as {@link #parse(String)}, or if the bytes are not UTF-8
     */
    public static KeyDirectory parse(byte[] utf8) throws MalformedException {
        return parse(new Members(StrictJson.parseObject(utf8, WHERE, StrictJson.Limits.BODY), WHERE));
    }

    /**
     * Reads a document. Keys of types this protocol does not use are left out; unknown members are ignored.
     *
     * @param json the document, at most 64 KiB
     * @return the document
     * @throws MalformedException if a member is missing or wrong, a key is unsafe or private, or a name stands twice; one
     *     bad key spoils the whole document
     */
    public static KeyDirectory parse(String json) throws MalformedException {
        return parse(new Members(StrictJson.parseObject(json, WHERE, StrictJson.Limits.BODY), WHERE));
    }

    private static KeyDirectory parse(Members members) throws MalformedException {
        List<VerificationKey> keys = new ArrayList<>();
        List<String> kids = new ArrayList<>();
        for (Members jwk : members.objects("keys")) {
            kids.add(jwk.text("kid"));
            VerificationKey key = VerificationKey.parseKnown(jwk);
            if (key != null) {
                keys.add(key);
            }
        }
        requireDistinct(kids);
        String payee = members.text("payee");
        requireOrigins(List.of(payee), "payee");
        List<String> origins = members.texts("origins");
        requireOrigins(origins, "origins");
        List<String> realms = members.texts("realms");
        if (realms.contains("")) {
            throw new MalformedException(Fault.VALUE, WHERE + ".realms", "a realm is not empty");
        }
        List<String> providers = members.optionalTexts("providers");
        if (providers != null) {
            requireOrigins(providers, "providers");
        }
        boolean signedAlways = ALWAYS.equals(members.map().get("signed"));
        return new KeyDirectory(keys, payee, origins, realms, signedAlways, providers == null ? List.of() : providers);
    }

    /**
     * Writes the document, every key with its roles.
     *
     * @return canonical JSON
     */
    public String format() {
        List<Map<String, Object>> jwks = new ArrayList<>(keys.size());
        for (VerificationKey key : keys) {
            Map<String, Object> jwk = key.toJwk();
            jwk.put("roles", key.roleNames());
            jwks.add(jwk);
        }
        Map<String, Object> members = new TreeMap<>();
        members.put("keys", jwks);
        members.put("payee", payee);
        members.put("origins", origins);
        members.put("realms", realms);
        if (signedAlways) {
            members.put("signed", ALWAYS);
        }
        if (!providers.isEmpty()) {
            members.put("providers", providers);
        }
        return CanonicalJson.write(members);
    }

    /**
     * Finds the key that a signature names, if it may be used now for what was signed (F-KY-20, F-KY-30). The times inside
     * the artifact do not count: a stolen key could backdate.
     *
     * @param kid the name from the signature's header
     * @param type what was signed
     * @param now the moment of acting, or for archived evidence the moment its keeper recorded it
     * @return the key
     * @throws SignatureRejectedException if it is not listed, revoked, not in use, or lacks the role
     */
    public VerificationKey select(String kid, ArtifactType type, Instant now) throws SignatureRejectedException {
        for (VerificationKey key : keys) {
            if (key.kid().equals(kid)) {
                key.requireUsable(now);
                Jws.requireRole(type, key);
                return key;
            }
        }
        throw new SignatureRejectedException(Reason.UNKNOWN_KEY, "no key of this name is listed");
    }

    private static void requireDistinct(List<String> kids) throws MalformedException {
        Set<String> seen = new HashSet<>();
        for (String kid : kids) {
            if (!seen.add(kid)) {
                throw new MalformedException(Fault.DUPLICATE, WHERE + ".keys", "a kid stands twice");
            }
        }
    }

    private static void requireOrigins(List<String> origins, String member) throws MalformedException {
        String where = WHERE + "." + member;
        for (String origin : origins) {
            if (!Origin.parse(origin, where).text().equals(origin)) {
                throw new MalformedException(Fault.NOT_CANONICAL, where, "an origin in its one spelling is needed");
            }
        }
    }
}
