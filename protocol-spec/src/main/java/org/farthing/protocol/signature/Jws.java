package org.farthing.protocol.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;

/** What both wire forms of a signature share: the signing input of RFC 7515 section 5 and the order of the checks. */
final class Jws {

    private static final int SIGNATURE_BYTES = 64;

    private Jws() {}

    /** Header and signature over a payload that is encoded already. */
    record Signed(String header, String signature) {}

    static Signed sign(SigningKey key, ArtifactType type, String encodedPayload) {
        VerificationKey publicKey = key.publicKey();
        Optional<Role> role = type.requiredRole();
        if (role.isPresent() && !publicKey.roles().contains(role.get())) {
            throw new IllegalArgumentException("the key " + publicKey.kid() + " lacks the role "
                    + role.get().wireName() + " and must not sign a " + type.typ());
        }
        String header = JoseHeader.encode(publicKey.algorithm(), type.kidOf(publicKey), type);
        return new Signed(header, key.sign(header + '.' + encodedPayload));
    }

    static void verify(Signed signed, ArtifactType type, String encodedPayload, VerificationKey key)
            throws SignatureRejectedException {
        check(header(signed.header()), type, key);
        Base64URL signature = signature(signed.signature());
        byte[] input = (signed.header() + '.' + encodedPayload).getBytes(StandardCharsets.US_ASCII);
        JWSVerifier verifier = key.point().verifier();
        try {
            if (verifier.verify(((JoseProvider) verifier).header(), input, signature)) {
                return;
            }
        } catch (JOSEException e) {
            throw new IllegalStateException("verifying with a checked key cannot fail", e);
        }
        throw new SignatureRejectedException(Reason.BAD_SIGNATURE, "the signature is not this key's over this text");
    }

    private static void check(JoseHeader header, ArtifactType type, VerificationKey key)
            throws SignatureRejectedException {
        if (!header.typ().equals(type.typ())) {
            throw new SignatureRejectedException(Reason.WRONG_TYPE, "a " + type.typ() + " is needed");
        }
        if (header.algorithm() != key.algorithm()) {
            throw new SignatureRejectedException(
                    Reason.WRONG_ALGORITHM, "the key needs " + key.algorithm().joseName());
        }
        if (!type.isNamed(header.kid(), key)) {
            throw new SignatureRejectedException(Reason.UNKNOWN_KEY, "the header names another key");
        }
        requireRole(type, key);
    }

    static void requireRole(ArtifactType type, VerificationKey key) throws SignatureRejectedException {
        Optional<Role> role = type.requiredRole();
        if (role.isPresent() && !key.roles().contains(role.get())) {
            throw new SignatureRejectedException(
                    Reason.WRONG_ROLE, "the key lacks the role " + role.get().wireName());
        }
    }

    private static JoseHeader header(String encoded) throws SignatureRejectedException {
        try {
            return JoseHeader.parse(encoded);
        } catch (MalformedException e) {
            throw malformed(e);
        }
    }

    private static Base64URL signature(String encoded) throws SignatureRejectedException {
        try {
            requireSignature(encoded);
        } catch (MalformedException e) {
            throw malformed(e);
        }
        return new Base64URL(encoded);
    }

    /** Both algorithms have signatures of exactly 64 bytes; DER and anything longer or shorter is refused (F-SG-13). */
    static void requireSignature(String encoded) throws MalformedException {
        if (Base64Url.decode(encoded, "jws.signature").length != SIGNATURE_BYTES) {
            throw new MalformedException(Fault.VALUE, "jws.signature", "exactly 64 bytes are needed");
        }
    }

    static SignatureRejectedException malformed(MalformedException e) {
        return new SignatureRejectedException(Reason.MALFORMED, "not readable, " + e.getMessage());
    }
}
