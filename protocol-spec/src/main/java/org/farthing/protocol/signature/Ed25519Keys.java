package org.farthing.protocol.signature;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;

/** Ed25519 (RFC 8032) over BouncyCastle's low-level API. */
final class Ed25519Keys {

    static final int KEY_BYTES = Ed25519.PUBLIC_KEY_SIZE;

    private Ed25519Keys() {}

    /** The public key of a seed. */
    static byte[] publicKey(byte[] seed) {
        byte[] publicKey = new byte[KEY_BYTES];
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return publicKey;
    }

    static JWSSigner signer(byte[] seed, byte[] publicKey) {
        return new Signer(seed, publicKey);
    }

    /**
     * A verifier, after the point has been checked in full.
     *
     * @throws MalformedException if the bytes are no canonical point of the prime-order group (threat 20): with a point of
     *     small order one signature fits many texts
     */
    static JWSVerifier verifier(byte[] publicKey, String where) throws MalformedException {
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(publicKey, 0);
        if (point == null) {
            throw new MalformedException(
                    Fault.VALUE, where, "no Ed25519 public key: not a canonical point of the prime-order group");
        }
        return new Verifier(point);
    }

    private static final class Signer extends JoseProvider implements JWSSigner {
        private final byte[] seed;
        private final byte[] publicKey;

        Signer(byte[] seed, byte[] publicKey) {
            super(JWSAlgorithm.EdDSA);
            this.seed = seed;
            this.publicKey = publicKey;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            // The public key is ours, derived from the seed: a foreign one here would leak the seed.
            Ed25519.sign(seed, 0, publicKey, 0, signingInput, 0, signingInput.length, signature, 0);
            return new Base64URL(Base64Url.encode(signature));
        }
    }

    private static final class Verifier extends JoseProvider implements JWSVerifier {
        private final Ed25519.PublicPoint point;

        Verifier(Ed25519.PublicPoint point) {
            super(JWSAlgorithm.EdDSA);
            this.point = point;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
            byte[] bytes = signature.decode();
            // BouncyCastle refuses S at or above the group order, so a signature has no second form.
            return bytes.length == Ed25519.SIGNATURE_SIZE
                    && Ed25519.verify(bytes, 0, point, signingInput, 0, signingInput.length);
        }
    }
}
