package org.farthing.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.Proposal;
import org.farthing.client.method.Standing;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** A step of a payment, for logs, verbose output and metrics. No event holds a credential or a key. */
public sealed interface PaymentEvent {

    /**
     * The server wants to be paid.
     *
     * @param uri what was asked for
     * @param challenges what it offers
     * @param skipped why each other challenge was skipped
     */
    record PaymentRequired(URI uri, List<Challenge> challenges, List<MalformedException> skipped)
            implements PaymentEvent {

        /**
         * Copies the lists.
         *
         * @param uri as described at the record
         * @param challenges as described at the record
         * @param skipped as described at the record
         */
        public PaymentRequired {
            challenges = List.copyOf(challenges);
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * A challenge is not paid. Another of the same answer may be; the outcome names the reason of the most wanted one.
     *
     * @param challenge the challenge
     * @param declined why not
     */
    record Passed(Challenge challenge, PaymentOutcome.Declined declined) implements PaymentEvent {}

    /**
     * A challenge passed every check that needs no money.
     *
     * @param challenge the challenge
     * @param proposal what it asks
     * @param signed whether it is signed
     * @param service the wallet service that would be asked to hold the money, or null if the payee is the ledger
     */
    record Checked(
            Challenge challenge,
            Proposal proposal,
            boolean signed,
            @Nullable Origin service) implements PaymentEvent {}

    /**
     * The payment was counted and is on disk; nothing is signed yet.
     *
     * @param payment the payment
     */
    record Counted(JournalEntry payment) implements PaymentEvent {}

    /**
     * The order is signed and not stored yet.
     *
     * @param payment the payment
     * @param fingerprint of the credential, which may be logged
     */
    record Signed(JournalEntry payment, String fingerprint) implements PaymentEvent {}

    /**
     * The signed order is on disk.
     *
     * @param payment the payment
     */
    record Stored(JournalEntry payment) implements PaymentEvent {}

    /**
     * The order is about to be taken to a wallet service; that is on disk.
     *
     * @param payment the payment
     * @param service the wallet service
     * @param attempt 1 for the first time
     */
    record Exchanging(JournalEntry payment, Origin service, int attempt) implements PaymentEvent {}

    /**
     * The wallet service holds the money; its receipt token was checked and is on disk, in the order's place.
     *
     * @param payment the payment
     * @param service the wallet service
     * @param fingerprint of the credential for the payee, which may be logged
     */
    record Vouched(JournalEntry payment, Origin service, String fingerprint) implements PaymentEvent {}

    /**
     * The wallet service was asked what became of the money.
     *
     * @param payment the payment
     * @param standing what it says
     */
    record WalletSaid(JournalEntry payment, Standing standing) implements PaymentEvent {}

    /**
     * The order, or what it was exchanged for, is about to be sent to the payee; that is on disk.
     *
     * @param payment the payment
     * @param attempt 1 for the first time
     */
    record Sending(JournalEntry payment, int attempt) implements PaymentEvent {}

    /**
     * The payee answered.
     *
     * @param payment the payment
     * @param status the HTTP status
     * @param outcome what the server says became of the money, or null
     */
    record Answered(JournalEntry payment, int status, ChargeOutcome.@Nullable State outcome) implements PaymentEvent {}

    /**
     * What became of the money is not known yet; the same bytes will be sent again.
     *
     * @param payment the payment
     * @param pause how long until then
     * @param words why
     */
    record Waiting(JournalEntry payment, Duration pause, String words) implements PaymentEvent {}

    /**
     * The request is over.
     *
     * @param uri what was asked for
     * @param outcome what became of the money
     */
    record Finished(URI uri, PaymentOutcome outcome) implements PaymentEvent {}
}
