package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The payments a wallet service vouched for: money of its wallets, set aside until a payee collects it (F-ST-80 to F-ST-86).
 * A payment is a charge of the same books, under an id made from recipient and challenge id, so wallets' statements, the
 * sweeper and the check know it.
 *
 * <p><b>Promised.</b> Each operation is one atomic step and may be repeated. For a recipient and challenge id there is at most
 * one payment, for a token id too. Of capture by the payee, release by the payee, release by the payer and expiry the first
 * wins, and money moves for that one only. Refunds of a payment together never exceed what was captured, and each key moves
 * money once. A payment and its token are kept for a day after {@code holdExpires} at least, a captured one as long as {@link
 * LedgerOptions#refundWindow()}.
 *
 * <p><b>Not checked here:</b> signatures, and whether the recipient is registered.
 */
public interface ServicePayments {

    /**
     * Sets money aside and keeps the token, or finds that this was done. The token must leave the service only after the stage
     * completed: it is money.
     *
     * @param request what to set aside, and the token
     * @return what became of it
     */
    CompletionStage<Vouched> hold(PaymentHold request);

    /**
     * Finds a wallet's payments for a challenge id: at most one a recipient.
     *
     * @param wallet who paid
     * @param challengeId the payee's challenge id
     * @return the payments, ordered by recipient
     */
    CompletionStage<List<VouchedPayment>> find(String wallet, String challengeId);

    /**
     * Captures and releases what a payee asks for, all in one step: after a failure of the stage, none of it was done (or, if
     * the effect is unknown, all or none).
     *
     * @param recipient the payee that asks; other payees' payments are unknown to it
     * @param items what to do, at most 1000; done in their order
     * @return one result an item, in their order
     * @throws IllegalArgumentException if there are more than 1000 items
     */
    CompletionStage<List<SettleResult>> settle(String recipient, List<SettleItem> items);

    /**
     * Gives a payment back because the payer showed the payee's release statement, which the caller has verified.
     *
     * @param wallet the payer
     * @param recipient the payee
     * @param challengeId the payee's challenge id
     * @return what became of it
     */
    CompletionStage<PayerRelease> releaseByPayer(String wallet, String recipient, String challengeId);

    /**
     * Gives captured money back to the wallet that paid.
     *
     * @param recipient the payee that asks
     * @param tokenId the token's {@code jti}
     * @param amount how much, in base units, more than zero
     * @param idempotencyKey the refund's own identity within the payment: the same key moves money once
     * @param reason for people, at most 200 characters
     * @return what became of it
     * @throws IllegalArgumentException if a text is empty or too long, or the amount is not positive
     */
    CompletionStage<PaymentRefund> refund(
            String recipient, String tokenId, long amount, String idempotencyKey, String reason);

    /**
     * Reads a page of the payments to one payee, oldest first.
     *
     * @param recipient the payee
     * @param after {@link PaymentSlice#next()} of the page before; null for the first page
     * @param limit how many, 1 to 1000
     * @return the page
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<PaymentSlice> list(String recipient, @Nullable Long after, int limit);
}
