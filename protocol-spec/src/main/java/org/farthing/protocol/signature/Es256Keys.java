package org.farthing.protocol.signature;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;

/** ECDSA over P-256 with SHA-256 over BouncyCastle's low-level API; signing is deterministic (RFC 6979). */
final class Es256Keys {

    static final int COORDINATE_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
    private static final ECDomainParameters P256 = new ECDomainParameters(CURVE);

    private Es256Keys() {}

    /** The public point of a private scalar: x, then y. */
    static byte[] publicKey(byte[] scalar) {
        ECPoint point = new FixedPointCombMultiplier()
                .multiply(P256.getG(), new BigInteger(1, scalar))
                .normalize();
        byte[] encoded = point.getEncoded(false);
        return Arrays.copyOfRange(encoded, 1, encoded.length);
    }

    /** Tells whether a scalar lies in 1 to n-1. */
    static boolean isScalar(byte[] scalar) {
        BigInteger d = new BigInteger(1, scalar);
        return scalar.length == COORDINATE_BYTES && isInOrder(d);
    }

    static JWSSigner signer(byte[] scalar) {
        return new Signer(new ECPrivateKeyParameters(new BigInteger(1, scalar), P256));
    }

    /**
     * A verifier, after the point has been checked.
     *
     * @throws MalformedException if the coordinates are no point of the curve
     */
    static JWSVerifier verifier(byte[] x, byte[] y, String where) throws MalformedException {
        byte[] encoded = new byte[1 + 2 * COORDINATE_BYTES];
        encoded[0] = 4;
        System.arraycopy(x, 0, encoded, 1, COORDINATE_BYTES);
        System.arraycopy(y, 0, encoded, 1 + COORDINATE_BYTES, COORDINATE_BYTES);
        try {
            return new Verifier(new ECPublicKeyParameters(P256.getCurve().decodePoint(encoded), P256));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(Fault.VALUE, where, "no P-256 public key: not a point of the curve");
        }
    }

    private static boolean isInOrder(BigInteger value) {
        return value.signum() > 0 && value.compareTo(P256.getN()) < 0;
    }

    private static final class Signer extends JoseProvider implements JWSSigner {
        private final ECPrivateKeyParameters key;

        Signer(ECPrivateKeyParameters key) {
            super(JWSAlgorithm.ES256);
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) {
            ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
            signer.init(true, key);
            BigInteger[] rs = signer.generateSignature(Sha256.of(signingInput));
            byte[] signature = new byte[SIGNATURE_BYTES];
            BigIntegers.asUnsignedByteArray(rs[0], signature, 0, COORDINATE_BYTES);
            BigIntegers.asUnsignedByteArray(rs[1], signature, COORDINATE_BYTES, COORDINATE_BYTES);
            return new Base64URL(Base64Url.encode(signature));
        }
    }

    private static final class Verifier extends JoseProvider implements JWSVerifier {
        private final ECPublicKeyParameters key;

        Verifier(ECPublicKeyParameters key) {
            super(JWSAlgorithm.ES256);
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
            byte[] bytes = signature.decode();
            if (bytes.length != SIGNATURE_BYTES) {
                return false;
            }
            BigInteger r = new BigInteger(1, Arrays.copyOfRange(bytes, 0, COORDINATE_BYTES));
            BigInteger s = new BigInteger(1, Arrays.copyOfRange(bytes, COORDINATE_BYTES, SIGNATURE_BYTES));
            // CVE-2022-21449: with r or s of zero, careless verifiers accept every text under every key.
            if (!isInOrder(r) || !isInOrder(s)) {
                return false;
            }
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            return verifier.verifySignature(Sha256.of(signingInput), r, s);
        }
    }
}
