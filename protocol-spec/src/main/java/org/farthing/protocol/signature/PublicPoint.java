package org.farthing.protocol.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.util.Arrays;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * The mathematical part of a public key, checked when it is made: coordinates of exactly 32 bytes, a point of the curve,
 * for Ed25519 a canonical one of the prime-order group (F-SG-13, F-SG-14).
 */
record PublicPoint(Algorithm algorithm, String x, @Nullable String y, String thumbprint, JWSVerifier verifier) {

    private static final int BYTES = 32;

    /** Reads {@code kty}, {@code crv} and the coordinates; null if the type or curve is none of ours. */
    static @Nullable PublicPoint parse(Members jwk) throws MalformedException {
        String kty = jwk.text("kty");
        String crv = jwk.optionalText("crv");
        if (kty.equals("OKP") && "Ed25519".equals(crv)) {
            return ed25519(coordinate(jwk, "x"), jwk.where());
        }
        if (kty.equals("EC") && "P-256".equals(crv)) {
            return es256(coordinate(jwk, "x"), coordinate(jwk, "y"), jwk.where());
        }
        return null;
    }

    static PublicPoint ed25519(byte[] x, String where) throws MalformedException {
        JWSVerifier verifier = Ed25519Keys.verifier(x, where + ".x");
        String text = Base64Url.encode(x);
        JWK jwk = new OctetKeyPair.Builder(Curve.Ed25519, new Base64URL(text)).build();
        return new PublicPoint(Algorithm.ED25519, text, null, thumbprint(jwk), verifier);
    }

    static PublicPoint es256(byte[] x, byte[] y, String where) throws MalformedException {
        JWSVerifier verifier = Es256Keys.verifier(x, y, where + ".x");
        String textX = Base64Url.encode(x);
        String textY = Base64Url.encode(y);
        JWK jwk = new ECKey.Builder(Curve.P_256, new Base64URL(textX), new Base64URL(textY)).build();
        return new PublicPoint(Algorithm.ES256, textX, textY, thumbprint(jwk), verifier);
    }

    /** The point of a private key that has been checked already. */
    static PublicPoint of(Algorithm algorithm, byte[] secret) {
        try {
            if (algorithm == Algorithm.ED25519) {
                return ed25519(Ed25519Keys.publicKey(secret), "key");
            }
            byte[] xy = Es256Keys.publicKey(secret);
            return es256(Arrays.copyOf(xy, BYTES), Arrays.copyOfRange(xy, BYTES, 2 * BYTES), "key");
        } catch (MalformedException e) {
            throw new IllegalStateException("a derived public key is always a point of the curve", e);
        }
    }

    /** 32 bytes under a name. */
    static byte[] coordinate(Members jwk, String name) throws MalformedException {
        byte[] bytes = Base64Url.decode(jwk.text(name), jwk.where() + "." + name);
        if (bytes.length != BYTES) {
            throw new MalformedException(Fault.VALUE, jwk.where() + "." + name, "exactly 32 bytes are needed");
        }
        return bytes;
    }

    private static String thumbprint(JWK jwk) {
        try {
            return jwk.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
