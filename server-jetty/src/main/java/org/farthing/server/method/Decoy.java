package org.farthing.server.method;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;

/**
 * Does the work of a signature check where there is no key to check with, so that "no such wallet" takes as long as "bad
 * signature" (T31, T53). The result is thrown away: nothing is ever authorised here.
 */
final class Decoy {

    /** As long as the text of a common order. */
    private static final String PAYLOAD = "x".repeat(700);

    private final Signed ed25519;
    private final Signed es256;

    Decoy() {
        SecureRandom random = new SecureRandom();
        this.ed25519 = Signed.by(SigningKey.generate(Algorithm.ED25519, null, random));
        this.es256 = Signed.by(SigningKey.generate(Algorithm.ES256, null, random));
    }

    private record Signed(String jws, VerificationKey key) {

        static Signed by(SigningKey key) {
            return new Signed(DetachedJws.sign(key, ArtifactType.ORDER, PAYLOAD), key.publicKey());
        }
    }

    /** Verifies something else with the algorithm this order claims. */
    void verify(PaymentOrder order) {
        Signed decoy = claimsEs256(order) ? es256 : ed25519;
        try {
            DetachedJws.verify(decoy.jws(), ArtifactType.ORDER, PAYLOAD, decoy.key());
        } catch (SignatureRejectedException e) {
            throw new IllegalStateException("a signature made here verifies here", e);
        }
    }

    private static boolean claimsEs256(PaymentOrder order) {
        int dot = order.jws().indexOf('.');
        try {
            byte[] header = Base64Url.decode(order.jws().substring(0, Math.max(dot, 0)), "jws.header");
            return new String(header, StandardCharsets.UTF_8).contains("\"" + Algorithm.ES256.joseName() + "\"");
        } catch (MalformedException e) {
            return false;
        }
    }
}
