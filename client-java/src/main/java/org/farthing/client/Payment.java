package org.farthing.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.method.Standing;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One payment on its way: a credential that is on disk is sent, and sent again byte for byte, until it is known what became
 * of the money or patience ends (spec/outcome.md, F-OU-12; spec/credential.md, F-CR-31). It never signs.
 */
final class Payment<A extends Reply> {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration AFTER_EXPIRY = Duration.ofMinutes(10);

    private final Payer payer;
    private final Cancellation cancellation;
    private final JournalEntry entry;
    private final Challenge challenge;
    private final Keys keys;
    private final String credential;
    private final Carrier<A> carrier;
    private final WalletWord word;
    private final Instant deadline;

    Payment(
            Payer payer,
            Cancellation cancellation,
            JournalEntry entry,
            Challenge challenge,
            Keys keys,
            String token68,
            Carrier<A> carrier) {
        this.payer = payer;
        this.cancellation = cancellation;
        this.entry = entry;
        this.challenge = challenge;
        this.keys = keys;
        this.credential = "Payment " + token68;
        this.carrier = carrier;
        this.word = new WalletWord(payer, entry, challenge);
        Instant patience = payer.clock().instant().plus(payer.settings().patience());
        Instant window = entry.expires().plus(AFTER_EXPIRY);
        this.deadline = patience.isBefore(window) ? patience : window;
    }

    /**
     * How it ended.
     *
     * @param outcome what became of the money
     * @param response the last answer; null if none came
     * @param again whether the answer's challenge may be paid instead, as far as this payment can tell
     */
    record Ended<A extends Reply>(
            PaymentOutcome outcome, @Nullable A response, boolean again) {}

    /** Sends the credential. It fails with {@link DeclinedException} only if the journal fails before the first byte. */
    CompletableFuture<Ended<A>> send() {
        return attempt(1);
    }

    private CompletableFuture<Ended<A>> attempt(int number) {
        return payer.blocking(() -> mayBeSent(number))
                .exceptionallyCompose(failure -> unsent(number, failure))
                .thenCompose(may -> {
                    if (!may) {
                        return payer.blocking(this::stopped);
                    }
                    payer.tell(new PaymentEvent.Sending(entry, number));
                    CompletableFuture<A> answer = carrier.pay(
                            PaidRequest.field(challenge),
                            credential,
                            payer.settings().answerTimeout());
                    cancellation.during(answer);
                    return whatever(answer, number);
                });
    }

    // Two stages in one are what handle gives when the way on is itself a stage; the next line makes them one again.
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Ended<A>> whatever(CompletableFuture<A> answer, int number) {
        return answer.handle((response, failure) -> response == null || failure != null
                        ? askAgain(number, null, "no answer came")
                        : read(number, response))
                .thenCompose(ended -> ended);
    }

    private static CompletableFuture<Boolean> unsent(int number, Throwable failure) {
        return CompletableFuture.failedFuture(
                number > 1 ? failure : new DeclinedException(DeclineReason.JOURNAL_UNUSABLE, Failures.words(failure)));
    }

    private boolean mayBeSent(int number) throws IOException {
        if (cancellation.isCancelled()) {
            return false;
        }
        // Only the first time is written down; a resend changes nothing the journal knows.
        return number > 1 || payer.journal().send(entry);
    }

    private Ended<A> stopped() throws IOException {
        payer.journal().neverSent(entry);
        Optional<JournalEntry> now =
                payer.journal().entry(entry.id()).filter(known -> known.state() == JournalEntry.State.NEVER_SENT);
        return now.isPresent()
                ? new Ended<>(new PaymentOutcome.NotCharged(now.get(), Evidence.NEVER_SENT, null), null, false)
                : notKnown(null, "it was stopped before an answer came");
    }

    private CompletableFuture<Ended<A>> read(int number, A response) {
        AnswerReading reading = AnswerReading.of(response, challenge.id());
        payer.tell(new PaymentEvent.Answered(entry, response.status(), reading.claimed()));
        return switch (reading.meaning()) {
            case CHARGED -> charged(number, response);
            case NOT_CHARGED -> notCharged(response, reading);
            case ASK_AGAIN -> askAgain(number, response, "the server does not know yet");
            case UNCLEAR -> unknown(response, "the server does not say what became of the payment");
        };
    }

    private CompletableFuture<Ended<A>> askAgain(int number, @Nullable A response, String why) {
        Instant now = payer.clock().instant();
        Duration pause = pause(number);
        if (response != null) {
            Duration asked = AnswerReading.retryAfter(response, now).orElse(pause);
            pause = asked.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : asked;
        }
        if (cancellation.isCancelled() || now.plus(pause).isAfter(deadline)) {
            return unknown(response, why);
        }
        payer.tell(new PaymentEvent.Waiting(entry, pause, why));
        return payer.timer().after(pause).toCompletableFuture().thenCompose(waited -> attempt(number + 1));
    }

    private static Duration pause(int number) {
        Duration pause = FIRST_PAUSE;
        for (int i = 1; i < number && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** Before anything is called unknown, the wallet service is asked, where there is one (F-OU-16). */
    private CompletableFuture<Ended<A>> unknown(@Nullable A response, String words) {
        if (entry.service() == null || cancellation.isCancelled()) {
            return CompletableFuture.completedFuture(notKnown(response, words));
        }
        return word.ask()
                .thenCompose(standing -> payer.blocking(() -> {
                    if (standing.state() != Standing.State.RELEASED) {
                        return notKnown(response, words + "; " + standing.words());
                    }
                    JournalEntry now = word.giveBack(standing.words());
                    return new Ended<>(new PaymentOutcome.NotCharged(now, Evidence.WALLET, null), response, false);
                }));
    }

    private Ended<A> notKnown(@Nullable A response, String words) {
        LOG.warn("Payment {} of {} to {}: {}", entry.id(), entry.proposal().money(), recipient(), words);
        return new Ended<>(new PaymentOutcome.Unknown(entry, words), response, false);
    }

    private CompletableFuture<Ended<A>> charged(int number, A response) {
        CompletableFuture<Boolean> arrived = response.arrived();
        if (arrived.isCompletedExceptionally()) {
            return askAgain(number, null, "the answer broke off");
        }
        return ReceiptCheck.of(payer, response, challenge, keys, this::newerKeys)
                .thenCompose(receipt -> {
                    if (arrived.isDone()) {
                        return payer.blocking(() -> served(response, receipt, close(receipt)));
                    }
                    // The caller reads as the bytes come; only the last one ends the payment, so that a break can be
                    // resumed.
                    CompletableFuture<JournalEntry> unused =
                            arrived.thenApplyAsync(done -> close(receipt), payer.executor());
                    return CompletableFuture.completedFuture(served(response, receipt, entry));
                });
    }

    private CompletableFuture<Keys> newerKeys() {
        return KeyLookup.of(payer, entry.proposal().origin(), entry.proposal().recipient(), keys);
    }

    private Ended<A> served(A response, ReceiptCheck receipt, JournalEntry now) {
        LOG.info("Paid {} to {} for {}, receipt {}", now.proposal().money(), recipient(), now.id(), receipt.status());
        return new Ended<>(new PaymentOutcome.Served(now, receipt.status(), receipt.receipt()), response, false);
    }

    /** Closing only tidies up: a journal that fails here leaves a payment that counts, and can be resumed. */
    private JournalEntry close(ReceiptCheck receipt) {
        try {
            return payer.journal().served(entry, receipt.text());
        } catch (IOException e) {
            LOG.warn("Payment {} was made and stays open in the journal: {}", entry.id(), Failures.words(e));
            return entry;
        }
    }

    private CompletableFuture<Ended<A>> notCharged(A response, AnswerReading reading) {
        return ReleaseCheck.of(payer, response, reading.problem(), entry, keys, this::newerKeys)
                .thenCompose(statement -> entry.service() == null
                        ? payer.blocking(() -> believed(response, reading, statement))
                        : statement
                                .map(word::release)
                                .orElseGet(word::ask)
                                .thenCompose(standing ->
                                        payer.blocking(() -> comparedWith(standing, response, reading, statement))));
    }

    /** Where the payee is the ledger, its signed word is all there is, and is believed within limits. */
    private Ended<A> believed(A response, AnswerReading reading, Optional<ReleaseStatement> statement) {
        JournalEntry now = close(statement);
        Evidence evidence = statement.isPresent() ? Evidence.SIGNED_RELEASE : Evidence.CLAIM;
        boolean again = statement.isPresent() && mayBeRepeated(response, reading);
        return notCharged(now, evidence, null, response, again);
    }

    /** Where a wallet service has the money, its word decides; a payment it still holds money for stays open, and counts. */
    private Ended<A> comparedWith(
            Standing standing, A response, AnswerReading reading, Optional<ReleaseStatement> statement) {
        Evidence said = statement.isPresent() ? Evidence.SIGNED_RELEASE : Evidence.CLAIM;
        return switch (standing.state()) {
            case RELEASED ->
                notCharged(
                        word.giveBack(standing.words()),
                        Evidence.WALLET,
                        null,
                        response,
                        mayBeRepeated(response, reading));
            case CAPTURED ->
                notCharged(
                        close(statement),
                        said,
                        new PaymentOutcome.Declined(DeclineReason.WALLET_DISAGREES, standing.words(), entry.proposal()),
                        response,
                        false);
            default -> notCharged(current(), said, null, response, false);
        };
    }

    private JournalEntry current() {
        try {
            return payer.journal().entry(entry.id()).orElse(entry);
        } catch (IOException e) {
            LOG.warn("Payment {} stays open in the journal: {}", entry.id(), Failures.words(e));
            return entry;
        }
    }

    private JournalEntry close(Optional<ReleaseStatement> statement) {
        try {
            return payer.journal()
                    .notCharged(
                            entry,
                            payer.policy(),
                            statement.map(ReleaseStatement::format).orElse(null));
        } catch (IOException e) {
            LOG.warn("Payment {} stays open in the journal: {}", entry.id(), Failures.words(e));
            return entry;
        }
    }

    private boolean mayBeRepeated(A response, AnswerReading reading) {
        return response.status() == 402 && (PaidRequest.isSafe(carrier.method()) || !reading.mayHaveExecuted());
    }

    private Ended<A> notCharged(
            JournalEntry now,
            Evidence evidence,
            PaymentOutcome.@Nullable Declined notRepeated,
            A response,
            boolean again) {
        LOG.info(
                "Payment {} of {} to {} was not charged: {}",
                now.id(),
                now.proposal().money(),
                recipient(),
                evidence);
        return new Ended<>(new PaymentOutcome.NotCharged(now, evidence, notRepeated), response, again);
    }

    private String recipient() {
        return entry.proposal().recipient();
    }
}
