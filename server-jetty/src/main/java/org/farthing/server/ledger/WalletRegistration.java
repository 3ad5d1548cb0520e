package org.farthing.server.ledger;

/**
 * Opens a wallet. The caller has verified that the id follows from the key (F-WA-1), so registering twice is the
 * same wallet.
 *
 * @param id the wallet id
 * @param key the first key
 */
public record WalletRegistration(String id, WalletKey key) {

    /**
     * Checks the id.
     *
     * @param id as the record says
     * @param key as the record says
     * @throws IllegalArgumentException if the id is empty longer than 64 characters, or has other than letters, digits and
     *     {@code -._~}
     */
    public WalletRegistration {
        Arguments.id("id", id, 64);
    }
}
