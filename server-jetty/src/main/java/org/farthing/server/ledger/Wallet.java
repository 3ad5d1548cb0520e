package org.farthing.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A wallet without its money: who may sign for it and whether it may pay (F-WA-1 to F-WA-4, F-WA-23).
 *
 * @param id the wallet id
 * @param status whether it may pay
 * @param version grows with every change of keys or status; goes into {@link HoldRequest}
 * @param keys the keys that may sign now
 * @param createdAt when it was registered
 */
public record Wallet(String id, Status status, long version, List<WalletKey> keys, Instant createdAt) {

    /** Whether a wallet may pay. */
    public enum Status {
        /** It may. */
        ACTIVE,
        /** No new holds; open holds settle. */
        SUSPENDED
    }

    /**
     * Copies the keys.
     *
     * @param id as the record says
     * @param status as the record says
     * @param version as the record says
     * @param keys as the record says
     * @param createdAt as the record says
     */
    public Wallet {
        keys = List.copyOf(keys);
    }

    /**
     * Finds a key that may sign.
     *
     * @param thumbprint the RFC 7638 thumbprint
     * @return the key, or empty if it is not, or no longer, one of the wallet's
     */
    public Optional<WalletKey> key(String thumbprint) {
        return keys.stream().filter(k -> k.thumbprint().equals(thumbprint)).findFirst();
    }
}
