package org.farthing.client.wallet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wallet as its ledger knows it.
 *
 * @param id the wallet id
 * @param status {@code ACTIVE}, {@code FROZEN} by its owner, or {@code SUSPENDED} by the ledger's operator
 * @param accounts one per currency id; none before the first top-up
 * @param limits what it may spend in a day; none where the ledger has no such limits
 * @param keys thumbprints of the keys that may sign orders
 * @param recovery thumbprint of the recovery key, or null if it has none
 */
public record Wallet(
        String id,
        String status,
        List<Account> accounts,
        List<DailyLimit> limits,
        List<String> keys,
        @Nullable String recovery) {

    /**
     * Copies the lists.
     *
     * @param id as described at the record
     * @param status as described at the record
     * @param accounts as described at the record
     * @param limits as described at the record
     * @param keys as described at the record
     * @param recovery as described at the record
     */
    public Wallet {
        accounts = List.copyOf(accounts);
        limits = List.copyOf(limits);
        keys = List.copyOf(keys);
    }
}
