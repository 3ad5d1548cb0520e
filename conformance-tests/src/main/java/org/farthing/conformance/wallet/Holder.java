package org.farthing.conformance.wallet;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletId;

/**
 * Somebody with a wallet.
 *
 * @param key the wallet's key
 * @param id the wallet
 */
record Holder(SigningKey key, String id) {

    /** What a key is; its name, use and times do not stand in a registration (F-WA-20). */
    private static final Set<String> MATERIAL = Set.of("kty", "crv", "x", "y");

    /** Somebody whose wallet is not open yet. */
    static Holder fresh() {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        return new Holder(key, WalletId.of(key.publicKey()));
    }

    /** The same wallet, signing with another key. */
    Holder with(SigningKey other) {
        return new Holder(other, id);
    }

    /** The body that opens the wallet. */
    String opening() {
        return "{\"jwk\":" + jwk() + "}";
    }

    /** The body that opens the wallet with a recovery key. */
    String opening(SigningKey recovery) {
        return "{\"jwk\":" + jwk() + ",\"recovery\":" + jwk(recovery) + "}";
    }

    /** The public key, bare. */
    String jwk() {
        return jwk(key);
    }

    /** A public key, bare. */
    static String jwk(SigningKey key) {
        Map<String, Object> bare = new TreeMap<>(key.publicKey().toJwk());
        bare.keySet().retainAll(MATERIAL);
        return CanonicalJson.write(bare);
    }

    /** The wallet, not the key. */
    @Override
    public String toString() {
        return "wallet " + id;
    }
}
