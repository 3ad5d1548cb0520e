package org.farthing.client;

import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.Proposal;
import org.farthing.protocol.PaymentReceipt;
import org.jspecify.annotations.Nullable;

/**
 * What became of the money of one request (spec/outcome.md, F-OU-10).
 *
 * <pre>{@code
 * switch over: Free: nothing was asked. Served: paid. NotCharged: an order was signed, and nothing was taken, says the
 * evidence. Unknown: an order was sent, resume it later. Declined: nothing was paid, and no order is out.
 * }</pre>
 */
public sealed interface PaymentOutcome {

    /** Nothing was asked for: the answer is no 402. */
    record Free() implements PaymentOutcome {}

    /**
     * Paid. The content is the answer, unless the payee answered with it before and kept no copy (409).
     *
     * @param payment the payment in the journal
     * @param receiptStatus what the receipt is worth
     * @param receipt the receipt if it could be read, whatever it is worth; else null
     */
    record Served(
            JournalEntry payment,
            ReceiptStatus receiptStatus,
            @Nullable PaymentReceipt receipt) implements PaymentOutcome {}

    /**
     * The payee or the wallet service says that nothing was charged, or nothing was ever sent.
     *
     * @param payment the payment in the journal; {@link JournalEntry#counted()} tells whether it still counts as spent. One
     *     that a wallet service still holds money for is open and counts; {@link PayingClient#resume} asks again
     * @param evidence how good the word is
     * @param notRepeated why the answer's new challenge was not paid although it could have been; else null
     */
    record NotCharged(
            JournalEntry payment,
            Evidence evidence,
            @Nullable Declined notRepeated) implements PaymentOutcome {}

    /** How good a word that nothing was charged is. */
    enum Evidence {
        /** Our own knowledge: the order never left. */
        NEVER_SENT,
        /** The payee said so and did not sign it. */
        CLAIM,
        /** The payee signed it. */
        SIGNED_RELEASE,
        /** The wallet service itself says that the money is the payer's again; the budget has all of it back. */
        WALLET
    }

    /**
     * An order was sent, and what became of it could not be learnt in time. Its money counts as spent.
     *
     * @param payment the payment, for {@link PayingClient#resume}
     * @param words why it is not known, for people
     */
    record Unknown(JournalEntry payment, String words) implements PaymentOutcome {}

    /**
     * Nothing was paid, and no order is out: none was signed, or the wallet service refused it and holds nothing.
     *
     * @param why the reason, for programs
     * @param words the reason, for people; no secrets
     * @param proposal what would have been paid, if it came that far; else null
     */
    record Declined(
            DeclineReason why, String words, @Nullable Proposal proposal) implements PaymentOutcome {}
}
