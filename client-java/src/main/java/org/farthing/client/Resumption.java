package org.farthing.client;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.farthing.client.ChallengeCheck.Checked;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.RequestTarget;

/**
 * Takes up a payment that an earlier process, or an earlier call, left open (F-CL-44). What was signed is sent again byte for
 * byte. What was counted and not signed passes all checks again and is signed then; if it may not be, it is given back.
 */
final class Resumption<A extends Reply> {

    private final Payer payer;
    private final Cancellation cancellation;
    private final String id;
    private final Function<RequestTarget, CompletableFuture<? extends Carrier<A>>> request;

    Resumption(
            Payer payer,
            Cancellation cancellation,
            JournalEntry entry,
            Function<RequestTarget, CompletableFuture<? extends Carrier<A>>> request) {
        this.payer = payer;
        this.cancellation = cancellation;
        this.id = entry.id();
        this.request = request;
    }

    /** Everything that is needed to go on. */
    private record Open<A extends Reply>(JournalEntry entry, Challenge challenge, Carrier<A> carrier) {}

    CompletableFuture<Settlement<A>> start() {
        return payer.blocking(this::known)
                .thenCompose(this::prepare)
                .thenCompose(open -> goOn(open)
                        .thenApply(ended ->
                                PaymentEngine.finished(payer, open.carrier().uri(), ended)));
    }

    private JournalEntry known() throws IOException {
        payer.purse().useJournal(payer.journal().id());
        return payer.journal()
                .entry(id)
                .orElseThrow(() -> new IllegalArgumentException("the journal does not know this payment any more"));
    }

    private CompletableFuture<Open<A>> prepare(JournalEntry entry) {
        Challenge challenge = entry.challenge();
        if (challenge == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the payment is over: " + entry.state()));
        }
        RequestTarget target = entry.proposal().target();
        return request.apply(target).thenApply(carrier -> {
            if (!RequestTarget.ofUri(carrier.method(), carrier.uri()).equals(target)) {
                throw new IllegalArgumentException("the request is not the one that was paid for");
            }
            if (!fits(challenge, carrier)) {
                throw new IllegalArgumentException("the body is not the one that was paid for");
            }
            return new Open<>(entry, challenge, carrier);
        });
    }

    private static boolean fits(Challenge challenge, Carrier<?> body) {
        if (challenge.digest() == null) {
            return true;
        }
        try {
            return body.digest().equals(Optional.of(ContentDigest.parseSlot(challenge.digest())));
        } catch (org.farthing.protocol.MalformedException e) {
            return false;
        }
    }

    private CompletableFuture<Settlement<A>> goOn(Open<A> open) {
        CompletableFuture<Settlement<A>> sent = open.entry().state() == State.INTENT
                ? new ChallengeCheck(
                                payer, open.carrier(), open.entry().proposal().target())
                        .check(open.challenge())
                        .thenCompose(checked -> Means.ready(payer, checked))
                        .thenCompose(checked -> payer.blocking(() -> sign(open, checked))
                                .thenCompose(token68 -> send(open, checked.keys(), token68)))
                : keys(open)
                        .thenCompose(keys -> payer.blocking(
                                        () -> payer.journal().credential(open.entry()))
                                .thenCompose(
                                        stored -> stored.isPresent() ? send(open, keys, stored.get()) : erased(open)));
        return sent.exceptionallyCompose(failure -> Failures.cause(failure) instanceof DeclinedException declined
                ? declined(open, declined)
                : CompletableFuture.failedFuture(failure));
    }

    /** Keys are only needed to check receipts and release statements here; without them those count for nothing. */
    private CompletableFuture<Keys> keys(Open<A> open) {
        return KeyLookup.of(
                        payer,
                        open.entry().proposal().origin(),
                        open.entry().proposal().recipient(),
                        Keys.NONE)
                .exceptionally(failure -> Keys.NONE);
    }

    private String sign(Open<A> open, Checked checked) throws IOException {
        try {
            new TrustCheck(payer).admit(checked);
        } catch (DeclinedException e) {
            throw new CompletionException(e);
        }
        return payer.journal()
                .sign(
                        open.entry(),
                        () -> checked.method()
                                .credential(
                                        checked.challenge(),
                                        checked.price(),
                                        checked.proposal().origin())
                                .token68());
    }

    private CompletableFuture<Settlement<A>> send(Open<A> open, Keys keys, String stored) {
        return WalletExchange.of(payer, cancellation, open.entry(), open.challenge(), stored)
                .thenCompose(exchanged -> exchanged instanceof WalletExchange.Result.Over over
                        ? CompletableFuture.completedFuture(new Payment.Ended<A>(over.outcome(), null, false))
                        : sendToPayee(open, keys, ((WalletExchange.Result.Ready) exchanged).token68()))
                .thenApply(ended -> new Settlement<>(ended.outcome(), ended.response()));
    }

    private CompletableFuture<Payment.Ended<A>> sendToPayee(Open<A> open, Keys keys, String token68) {
        return new Payment<>(payer, cancellation, open.entry(), open.challenge(), keys, token68, open.carrier()).send();
    }

    private CompletableFuture<Settlement<A>> erased(Open<A> open) {
        Unknown unknown = new Unknown(open.entry(), "the stored credential is gone; the payment counts as spent");
        return CompletableFuture.completedFuture(new Settlement<>(unknown, null));
    }

    /** It may not be paid any more: what was never sent, or is refused by the wallet service, is given back. */
    private CompletableFuture<Settlement<A>> declined(Open<A> open, DeclinedException why) {
        return payer.blocking(() -> {
            payer.journal().neverSent(open.entry());
            JournalEntry now = payer.journal().entry(id).orElse(open.entry());
            return new Settlement<>(
                    switch (now.state()) {
                        case NEVER_SENT -> new NotCharged(now, Evidence.NEVER_SENT, why.declined());
                        case GIVEN_BACK -> new NotCharged(now, Evidence.WALLET, why.declined());
                        default -> new Unknown(now, why.declined().words());
                    },
                    null);
        });
    }
}
