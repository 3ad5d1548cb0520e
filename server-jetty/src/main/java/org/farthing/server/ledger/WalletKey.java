package org.farthing.server.ledger;

/**
 * A public key that may sign for a wallet.
 *
 * @param thumbprint the RFC 7638 thumbprint
 * @param jwk the public key as JWK text
 */
public record WalletKey(String thumbprint, String jwk) {

    /**
     * Checks lengths.
     *
     * @param thumbprint as the record says
     * @param jwk as the record says
     * @throws IllegalArgumentException if a text is empty or too long
     */
    public WalletKey {
        Arguments.text("thumbprint", thumbprint, 64);
        Arguments.text("jwk", jwk, 2000);
    }
}
