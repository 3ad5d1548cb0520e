package org.farthing.protocol.signature;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;

/**
 * A signature that travels without its payload: {@code header..signature} (RFC 7515 appendix F). Each side rebuilds the
 * payload by itself, so nothing signed is ever taken from beside the signature. Rules: spec/signatures.md F-SG-1 to F-SG-15.
 */
public final class DetachedJws {

    /** Header of at most 683 characters, two dots, signature of 86. */
    private static final int MAX_LENGTH = 771;

    private static final String WHERE = "jws";

    private DetachedJws() {}

    /**
     * Signs a payload.
     *
     * @param key the key; its roles must allow the type
     * @param type what is signed
     * @param payload the canonical JSON of it
     * @return {@code header..signature}
     * @throws IllegalArgumentException if the key must not sign this type
     */
    public static String sign(SigningKey key, ArtifactType type, String payload) {
        Jws.Signed signed = Jws.sign(key, type, Base64Url.encodeUtf8(payload));
        return signed.header() + ".." + signed.signature();
    }

    /**
     * Checks a signature over a payload that the caller rebuilt.
     *
     * <p>Guarantees on return: this key, which has the role of this type, signed exactly this payload as exactly this type.
     * Whether the key speaks for anybody, and whether it may still be used, {@link KeyDirectory#select} answers.
     *
     * @param jws {@code header..signature}
     * @param type what it must be
     * @param payload the rebuilt payload
     * @param key the only key that counts
     * @throws SignatureRejectedException if any of this does not hold
     */
    public static void verify(String jws, ArtifactType type, String payload, VerificationKey key)
            throws SignatureRejectedException {
        Jws.Signed signed;
        try {
            signed = split(jws);
        } catch (MalformedException e) {
            throw Jws.malformed(e);
        }
        Jws.verify(signed, type, Base64Url.encodeUtf8(payload), key);
    }

    /**
     * The name of the key that claims to have signed: a key to look up in a document or record, nothing more.
     *
     * @param jws {@code header..signature}
     * @return its {@code kid}
     * @throws MalformedException if header or signature are malformed
     */
    public static String kid(String jws) throws MalformedException {
        Jws.Signed signed = split(jws);
        Jws.requireSignature(signed.signature());
        return JoseHeader.parse(signed.header()).kid();
    }

    private static Jws.Signed split(String jws) throws MalformedException {
        if (jws.length() > MAX_LENGTH) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than " + MAX_LENGTH + " characters");
        }
        int dots = jws.indexOf("..");
        if (dots <= 0 || jws.indexOf('.') != dots || jws.indexOf('.', dots + 2) >= 0) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "header..signature is needed");
        }
        return new Jws.Signed(jws.substring(0, dots), jws.substring(dots + 2));
    }
}
