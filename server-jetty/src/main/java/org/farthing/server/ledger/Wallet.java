package org.farthing.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A wallet without its money: who may sign for it and whether it may pay (F-WA-1 to F-WA-4, F-WA-23).
 *
 * @param id the wallet id
 * @param status whether it may pay
 * @param version grows with every change of keys or status; goes into {@link HoldRequest}
 * @param keys the keys that may sign now
 * @param recovery the key that may raise limits, unfreeze and change keys, or null if there is none. It is none of {@code
 *     keys}: no order signed by it counts
 * @param createdAt when it was registered
 */
public record Wallet(
        String id,
        Status status,
        long version,
        List<WalletKey> keys,
        @Nullable WalletKey recovery,
        Instant createdAt) {

    /** Whether a wallet may pay. In any but the first, no new holds; open holds settle. */
    public enum Status {
        /** It may. */
        ACTIVE,
        /** Stopped by the operator, whether or not it is also frozen. */
        SUSPENDED,
        /** Stopped by its owner. */
        FROZEN
    }

    /**
     * Copies the keys.
     *
     * @param id as the record says
     * @param status as the record says
     * @param version as the record says
     * @param keys as the record says
     * @param recovery as the record says
     * @param createdAt as the record says
     */
    public Wallet {
        keys = List.copyOf(keys);
    }

    /**
     * Makes a wallet without recovery key.
     *
     * @param id the wallet id
     * @param status whether it may pay
     * @param version grows with every change of keys or status
     * @param keys the keys that may sign now
     * @param createdAt when it was registered
     */
    public Wallet(String id, Status status, long version, List<WalletKey> keys, Instant createdAt) {
        this(id, status, version, keys, null, createdAt);
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
