package org.farthing.server.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wallets looked at last. A stale entry authorises nothing, because reserving compares the version; but a stale "suspended"
 * would refuse for ever, so only wallets that may pay are kept. A read that began before a change is not put in after it.
 */
final class WalletCache {

    private final Map<String, Wallet> wallets;
    private long changes;

    WalletCache(int capacity) {
        wallets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Wallet> eldest) {
                return size() > capacity;
            }
        };
    }

    synchronized @Nullable Wallet get(String id) {
        return wallets.get(id);
    }

    /** The number to give to {@link #put} with what a read that starts now will find. */
    synchronized long mark() {
        return changes;
    }

    synchronized void put(Wallet wallet, long mark) {
        if (mark == changes && wallet.status() == Wallet.Status.ACTIVE) {
            wallets.put(wallet.id(), wallet);
        }
    }

    synchronized void forget(String id) {
        changes++;
        wallets.remove(id);
    }
}
