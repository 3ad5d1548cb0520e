package org.farthing.server.ledger;

/**
 * Money that reached the operator outside the ledger and belongs to a wallet now.
 *
 * @param wallet the wallet
 * @param currency the currency id
 * @param amount how much, in base units, more than zero
 * @param idempotencyKey the top-up's own identity within the wallet: the same key moves money once
 */
public record TopUp(String wallet, String currency, long amount, String idempotencyKey) {

    /**
     * Checks the texts and the amount.
     *
     * @param wallet as the record says
     * @param currency as the record says
     * @param amount as the record says
     * @param idempotencyKey as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has control characters, or the amount is not
     *     positive
     */
    public TopUp {
        Arguments.id("wallet", wallet, 64);
        Arguments.text("currency", currency, 64);
        Arguments.positiveAmount("amount", amount);
        Arguments.text("idempotencyKey", idempotencyKey, 128);
    }
}
