package org.farthing.client.wallet;

import java.util.List;

/**
 * A wallet as its ledger knows it.
 *
 * @param id the wallet id
 * @param status {@code ACTIVE} or {@code SUSPENDED}
 * @param accounts one per currency id; none before the first top-up
 */
public record Wallet(String id, String status, List<Account> accounts) {

    /**
     * Copies the list.
     *
     * @param id as described at the record
     * @param status as described at the record
     * @param accounts as described at the record
     */
    public Wallet {
        accounts = List.copyOf(accounts);
    }
}
