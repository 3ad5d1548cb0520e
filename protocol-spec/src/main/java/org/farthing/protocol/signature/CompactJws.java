package org.farthing.protocol.signature;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A signed object that travels whole: {@code header.claims.signature}, a JWT (RFC 7519) in the strict form of
 * spec/signatures.md. Its claims are canonical JSON.
 *
 * <p>An instance has been read, not verified: look at {@link #claims()} only to find the key, then {@link #verify}.
 */
public final class CompactJws {

    private static final String WHERE = "jwt";
    private static final int MAX_LENGTH = 16_384;

    private final String text;
    private final Jws.Signed signed;
    private final String encodedClaims;
    private final String kid;
    private final Map<String, @Nullable Object> claims;

    private CompactJws(String text, Jws.Signed signed, String encodedClaims) throws MalformedException {
        this.text = text;
        this.signed = signed;
        this.encodedClaims = encodedClaims;
        this.kid = JoseHeader.parse(signed.header()).kid();
        Jws.requireSignature(signed.signature());
        String json = Utf8.decode(Base64Url.decode(encodedClaims, WHERE), WHERE);
        this.claims = StrictJson.parseObject(json, WHERE, StrictJson.Limits.FIELD);
        if (!CanonicalJson.write(claims).equals(json)) {
            throw new MalformedException(Fault.NOT_CANONICAL, WHERE, "claims are canonical JSON (RFC 8785)");
        }
    }

    /**
     * Signs claims.
     *
     * @param key the key; its roles must allow the type
     * @param type what is signed
     * @param claims the members, each a JSON value
     * @return {@code header.claims.signature}
     * @throws IllegalArgumentException if the key must not sign this type, or a claim is no JSON value
     */
    public static String sign(SigningKey key, ArtifactType type, Map<String, ? extends @Nullable Object> claims) {
        String encoded = Base64Url.encodeUtf8(CanonicalJson.write(claims));
        Jws.Signed signed = Jws.sign(key, type, encoded);
        return signed.header() + '.' + encoded + '.' + signed.signature();
    }

    /**
     * Reads without verifying.
     *
     * @param text {@code header.claims.signature}
     * @return what was read
     * @throws MalformedException if a part is missing, malformed or not canonical, or the whole is too long
     */
    public static CompactJws parse(String text) throws MalformedException {
        if (text.length() > MAX_LENGTH) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than " + MAX_LENGTH + " characters");
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second <= first + 1 || text.indexOf('.', second + 1) >= 0) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "header.claims.signature is needed");
        }
        return new CompactJws(
                text,
                new Jws.Signed(text.substring(0, first), text.substring(second + 1)),
                text.substring(first + 1, second));
    }

    /**
     * Checks the signature over exactly the claims that were read.
     *
     * @param type what it must be
     * @param key the only key that counts
     * @throws SignatureRejectedException if this key, with the role of this type, did not sign these claims as this type
     */
    public void verify(ArtifactType type, VerificationKey key) throws SignatureRejectedException {
        Jws.verify(signed, type, encodedClaims, key);
    }

    /**
     * The name of the key that claims to have signed.
     *
     * @return its {@code kid}
     */
    public String kid() {
        return kid;
    }

    /**
     * The claims.
     *
     * @return an unmodifiable map
     */
    public Map<String, @Nullable Object> claims() {
        return claims;
    }

    /**
     * The text of the wire: a live credential, not for logs.
     *
     * @return {@code header.claims.signature}
     */
    public String text() {
        return text;
    }

    /** The key's name only: the whole is a credential. */
    @Override
    public String toString() {
        return "CompactJws[kid=" + kid + "]";
    }
}
