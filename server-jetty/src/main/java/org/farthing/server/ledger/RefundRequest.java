package org.farthing.server.ledger;

/**
 * Gives captured money back to the wallet that paid it (F-ST-52, T54).
 *
 * @param challengeId the charge
 * @param amount how much, in base units, more than zero
 * @param idempotencyKey the refund's own identity: the same key moves money once
 * @param reason for people, at most 200 characters
 */
public record RefundRequest(String challengeId, long amount, String idempotencyKey, String reason) {

    /**
     * Checks the texts and the amount.
     *
     * @param challengeId as the record says
     * @param amount as the record says
     * @param idempotencyKey as the record says
     * @param reason as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has control characters, or the amount is not
     *     positive
     */
    public RefundRequest {
        Arguments.id("challengeId", challengeId, 128);
        Arguments.positiveAmount("amount", amount);
        Arguments.text("idempotencyKey", idempotencyKey, 128);
        Arguments.text("reason", reason, 200);
    }
}
