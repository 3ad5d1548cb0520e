package org.farthing.server.method;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.server.ledger.WalletKey;

/**
 * Keeps parsed keys, because checking that a point is on its curve costs as much as a good part of a verification. What may
 * sign is the wallet record's business: a key is only looked up here after it was found there.
 */
final class WalletKeyCache {

    private static final int MOST = 10_000;

    private final ConcurrentMap<WalletKey, VerificationKey> parsed = new ConcurrentHashMap<>();

    VerificationKey parsed(WalletKey key) {
        VerificationKey known = parsed.get(key);
        if (known != null) {
            return known;
        }
        VerificationKey fresh = parse(key);
        if (parsed.size() >= MOST) {
            parsed.clear();
        }
        parsed.put(key, fresh);
        return fresh;
    }

    private static VerificationKey parse(WalletKey key) {
        try {
            return VerificationKey.parse(key.jwk());
        } catch (MalformedException e) {
            throw new IllegalStateException("the ledger holds a key that cannot be read: " + key.thumbprint(), e);
        }
    }
}
