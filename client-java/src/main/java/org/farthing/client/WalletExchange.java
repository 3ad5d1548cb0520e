package org.farthing.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.method.Exchange;
import org.farthing.client.method.ExchangingMethod;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a stored order to its wallet service and brings back what the payee gets (spec/client.md, F-CL-62 to F-CL-66). The
 * order counts as sent before its first byte leaves; the very same order is sent again until the answer is clear or patience
 * ends; what came for it is on disk before the payee sees it. It never signs.
 */
final class WalletExchange {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_CONNECTS = 3;

    private final Payer payer;
    private final Cancellation cancellation;
    private final JournalEntry entry;
    private final Challenge challenge;
    private final String stored;
    private final Origin service;
    private final ExchangingMethod method;
    private final WalletWord word;
    private final boolean fresh;
    private final Instant deadline;
    private volatile boolean left;

    private WalletExchange(
            Payer payer,
            Cancellation cancellation,
            JournalEntry entry,
            Challenge challenge,
            String stored,
            Origin service,
            ExchangingMethod method) {
        this.payer = payer;
        this.cancellation = cancellation;
        this.entry = entry;
        this.challenge = challenge;
        this.stored = stored;
        this.service = service;
        this.method = method;
        this.word = new WalletWord(payer, entry, challenge);
        this.fresh = entry.state() != State.SENT;
        Instant patience = payer.clock().instant().plus(payer.settings().patience());
        this.deadline = patience.isBefore(entry.expires()) ? patience : entry.expires();
    }

    /** What came of it. */
    sealed interface Result {

        /** The credential for the payee, stored. */
        record Ready(String token68) implements Result {}

        /** How the payment ended without one. */
        record Over(PaymentOutcome outcome) implements Result {}
    }

    /**
     * Exchanges what is stored, if it is an order; anything else is for the payee already. Fails with
     * {@link DeclinedException} where the wallet service holds nothing, and everything is given back.
     */
    static CompletableFuture<Result> of(
            Payer payer, Cancellation cancellation, JournalEntry entry, Challenge challenge, String stored) {
        Origin service = entry.service();
        if (service == null) {
            return CompletableFuture.completedFuture(new Result.Ready(stored));
        }
        ExchangingMethod method = payer.exchanging(service).orElse(null);
        if (method == null) {
            // Without the method nothing tells an order from a receipt; the payee would refuse an order, so nothing is
            // lost.
            return CompletableFuture.completedFuture(new Result.Over(new Unknown(
                    entry, "its wallet service " + service + " is not in the purse any more; add it again to go on")));
        }
        return method.isOrder(stored)
                ? new WalletExchange(payer, cancellation, entry, challenge, stored, service, method).attempt(1)
                : CompletableFuture.completedFuture(new Result.Ready(stored));
    }

    private CompletableFuture<Result> attempt(int number) {
        if (!payer.clock().instant().isBefore(entry.expires())) {
            return end("the offer ended before the wallet service answered");
        }
        return payer.blocking(
                        () -> !cancellation.isCancelled() && payer.journal().send(entry))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        new DeclinedException(DeclineReason.JOURNAL_UNUSABLE, Failures.words(failure))))
                .thenCompose(may -> {
                    if (!may) {
                        return payer.blocking(this::stopped);
                    }
                    payer.tell(new PaymentEvent.Exchanging(entry, service, number));
                    CompletableFuture<Exchange> answer = method.exchange(challenge, stored, service);
                    cancellation.during(answer);
                    return whatever(answer, number);
                });
    }

    // Two stages in one are what handle gives when the way on is itself a stage; the next line makes them one again.
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Result> whatever(CompletableFuture<Exchange> answer, int number) {
        return answer.handle((came, failure) ->
                        came == null || failure != null ? new Exchange.Unclear("no answer came", null) : came)
                .thenCompose(came -> goOn(came, number));
    }

    private CompletableFuture<Result> goOn(Exchange came, int number) {
        boolean earlier = left || !fresh;
        left = left || !(came instanceof Exchange.NeverLeft);
        if (came instanceof Exchange.Paid paid) {
            return payer.blocking(() -> store(paid.credential()));
        }
        if (came instanceof Exchange.Refused refused) {
            // An order that may have arrived before is not given back on a later no: the service is asked about it.
            return earlier
                    ? end(refused.words())
                    : payer.blocking(() -> refuse(DeclineReason.of(refused.why()), refused.words()));
        }
        if (came instanceof Exchange.NeverLeft never) {
            return !earlier && number >= MOST_CONNECTS
                    ? payer.blocking(() -> neverLeft(never.words()))
                    : again(number, null, never.words());
        }
        if (came instanceof Exchange.Unclear unclear) {
            return again(number, unclear.retryAfter(), unclear.words());
        }
        return end(((Exchange.Unusable) came).words());
    }

    private CompletableFuture<Result> again(int number, @Nullable Duration asked, String words) {
        Duration pause = asked == null ? pause(number) : asked.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : asked;
        if (cancellation.isCancelled() || payer.clock().instant().plus(pause).isAfter(deadline)) {
            return end(words);
        }
        payer.tell(new PaymentEvent.Waiting(entry, pause, words));
        return payer.timer().after(pause).toCompletableFuture().thenCompose(waited -> attempt(number + 1));
    }

    private static Duration pause(int number) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(number - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** The service's own record decides what patience could not find out (F-CL-66). */
    private CompletableFuture<Result> end(String words) {
        if (fresh && !left) {
            return payer.blocking(() -> neverLeft(words));
        }
        if (cancellation.isCancelled()) {
            return CompletableFuture.completedFuture(new Result.Over(new Unknown(entry, words)));
        }
        return word.ask()
                .thenCompose(standing -> payer.blocking(() -> {
                    if (standing.isFree()) {
                        JournalEntry now = word.giveBack(standing.words());
                        return new Result.Over(new NotCharged(now, Evidence.WALLET, null));
                    }
                    LOG.warn(
                            "Payment {} of {}: {}; {}",
                            entry.id(),
                            entry.proposal().money(),
                            words,
                            standing.words());
                    return new Result.Over(new Unknown(entry, words + "; " + standing.words()));
                }));
    }

    /** What could not be stored is not sent; the service gives the same again when the payment is resumed. */
    private Result store(Credential credential) {
        try {
            if (!payer.journal().exchanged(entry, credential.token68())) {
                return new Result.Over(new Unknown(entry, "the payment was ended by another process"));
            }
        } catch (IOException e) {
            return new Result.Over(new Unknown(entry, "the wallet service's answer could not be kept"));
        }
        payer.tell(new PaymentEvent.Vouched(entry, service, credential.fingerprint()));
        return new Result.Ready(credential.token68());
    }

    private Result refuse(DeclineReason why, String words) {
        JournalEntry unused = word.giveBack(words);
        throw new CompletionException(new DeclinedException(why, words));
    }

    private Result neverLeft(String words) throws IOException {
        if (!payer.journal().neverLeft(entry, stored)) {
            return new Result.Over(new Unknown(entry, "the payment was taken up by another process"));
        }
        throw new CompletionException(new DeclinedException(DeclineReason.WALLET_UNREACHABLE, words));
    }

    private Result stopped() throws IOException {
        payer.journal().neverSent(entry);
        JournalEntry now = payer.journal().entry(entry.id()).orElse(entry);
        return new Result.Over(
                now.state() == State.NEVER_SENT
                        ? new NotCharged(now, Evidence.NEVER_SENT, null)
                        : new Unknown(now, "it was stopped before an answer came"));
    }
}
