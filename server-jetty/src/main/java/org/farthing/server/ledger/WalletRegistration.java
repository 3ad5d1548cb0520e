package org.farthing.server.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens a wallet. The caller has verified that the id follows from the key (F-WA-1), so registering twice is the
 * same wallet.
 *
 * @param id the wallet id
 * @param key the first key
 * @param recovery the key that may raise limits, unfreeze and change keys, and never signs an order; or null. It is set once,
 *     here
 * @param dailyLimits what the wallet may spend in a day: a decimal number of the major unit by ISO code or unit name, for
 *     example {@code usd=5.00}
 */
public record WalletRegistration(
        String id, WalletKey key, @Nullable WalletKey recovery, Map<String, String> dailyLimits) {

    /**
     * Checks the id, the keys and the limits.
     *
     * @param id as the record says
     * @param key as the record says
     * @param recovery as the record says
     * @param dailyLimits as the record says
     * @throws IllegalArgumentException if the id is empty, longer than 64 characters, or has other than letters, digits and
     *     {@code -._~}; if both keys are one; if there are more than 16 limits or one is no money
     */
    public WalletRegistration {
        Arguments.id("id", id, 64);
        if (recovery != null && recovery.thumbprint().equals(key.thumbprint())) {
            throw new IllegalArgumentException("the recovery key must be another key than the one that signs orders");
        }
        if (dailyLimits.size() > 16) {
            throw new IllegalArgumentException("a wallet has at most 16 daily limits");
        }
        dailyLimits = Map.copyOf(dailyLimits);
        dailyLimits.forEach(DailyLimits::money);
    }

    /**
     * Opens a wallet without recovery key and limits.
     *
     * @param id the wallet id
     * @param key the first key
     * @throws IllegalArgumentException if the id is empty, longer than 64 characters, or has other than letters, digits and
     *     {@code -._~}
     */
    public WalletRegistration(String id, WalletKey key) {
        this(id, key, null, Map.of());
    }
}
