package org.farthing.server.jetty;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Keys nobody signs with. A request that names an unknown wallet, or an unknown key of a known one, is checked against one of
 * them, so that it takes the same steps and the same time as one with a bad signature (T31, T53).
 */
final class Decoys {

    private final Map<Algorithm, Map<String, Object>> jwks = new EnumMap<>(Algorithm.class);

    Decoys() {
        SecureRandom random = new SecureRandom();
        for (Algorithm algorithm : Algorithm.values()) {
            jwks.put(
                    algorithm,
                    SigningKey.generate(algorithm, null, random).publicKey().toJwk());
        }
    }

    /** A key under a name a request gives, read anew like a wallet's own key. */
    VerificationKey of(String kid, Algorithm algorithm) {
        Map<String, @Nullable Object> named = new TreeMap<>(jwks.getOrDefault(algorithm, Map.of()));
        named.put("kid", kid);
        try {
            return VerificationKey.parse(named);
        } catch (MalformedException e) {
            throw new IllegalStateException("A key of our own, under a name that was read before, reads back.", e);
        }
    }

    /** Checks the signature of a request, in vain, against a key of another algorithm than the one that did not fit. */
    void check(WalletRequest token, Algorithm misfit, Origin self, RequestTarget target, byte[] body, Instant now) {
        Algorithm other = misfit == Algorithm.ED25519 ? Algorithm.ES256 : Algorithm.ED25519;
        try {
            token.verify(of(token.kid(), other), self, target, body, now);
            throw new IllegalStateException("Nobody has the private half of this key.");
        } catch (SignatureRejectedException e) {
            // Expected: only the time it took was wanted.
            return;
        }
    }
}
