package org.farthing.server.ledger;

/**
 * Opens a wallet. The caller has verified that the id follows from the key (protocol section 2.8), so registering twice is the
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
     * @throws IllegalArgumentException if the id is empty or longer than 64 characters
     */
    public WalletRegistration {
        Arguments.text("id", id, 64);
    }
}
