package org.farthing.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.jspecify.annotations.Nullable;

/**
 * Takes up a payment that an earlier process, or an earlier call, left open (F-CL-44). What was signed is sent again byte for
 * byte. What was counted and not signed passes all checks again and is signed then; if it may not be, it is given back.
 */
final class Resumption<T> {

    private final Payer payer;
    private final Cancellation cancellation = new Cancellation();
    private final String id;
    private final @Nullable HttpRequest given;
    private final BodyHandler<T> handler;

    Resumption(Payer payer, JournalEntry entry, @Nullable HttpRequest given, BodyHandler<T> handler) {
        this.payer = payer;
        this.id = entry.id();
        this.given = given;
        this.handler = handler;
    }

    /** Everything that is needed to go on. */
    private record Open(JournalEntry entry, Challenge challenge, HttpRequest prepared, RequestBody body) {}

    CompletableFuture<PaidResponse<T>> start() {
        return Conversation.result(
                cancellation,
                payer.blocking(this::known).thenCompose(this::prepare).thenCompose(this::goOn));
    }

    private JournalEntry known() throws IOException {
        payer.purse().useJournal(payer.journal().id());
        return payer.journal()
                .entry(id)
                .orElseThrow(() -> new IllegalArgumentException("the journal does not know this payment any more"));
    }

    private CompletableFuture<Open> prepare(JournalEntry entry) {
        Challenge challenge = entry.challenge();
        if (challenge == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the payment is over: " + entry.state()));
        }
        RequestTarget target = entry.proposal().target();
        HttpRequest request = given == null ? PaidRequest.rebuilt(target.method(), URI.create(target.url())) : given;
        if (!RequestTarget.ofUri(request.method(), request.uri()).equals(target)) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("the request is not the one that was paid for"));
        }
        return RequestBody.of(request.bodyPublisher(), payer.settings().mostBody())
                .thenApply(body -> {
                    if (!fits(challenge, body)) {
                        throw new IllegalArgumentException("the body is not the one that was paid for");
                    }
                    HttpRequest prepared = PaidRequest.prepared(request, body, payer.acceptPayment());
                    return new Open(entry, challenge, prepared, body);
                });
    }

    private static boolean fits(Challenge challenge, RequestBody body) {
        if (challenge.digest() == null) {
            return true;
        }
        try {
            return body.digest().equals(Optional.of(ContentDigest.parseSlot(challenge.digest())));
        } catch (org.farthing.protocol.MalformedException e) {
            return false;
        }
    }

    private CompletableFuture<PaidResponse<T>> goOn(Open open) {
        CompletableFuture<PaidResponse<T>> sent = open.entry().state() == State.INTENT
                ? new ChallengeCheck(
                                payer,
                                open.prepared(),
                                open.body(),
                                open.entry().proposal().target())
                        .check(open.challenge())
                        .thenCompose(checked -> WalletExchange.ready(payer, checked))
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
    private CompletableFuture<Keys> keys(Open open) {
        return KeyLookup.of(
                        payer,
                        open.entry().proposal().origin(),
                        open.entry().proposal().recipient(),
                        Keys.NONE)
                .exceptionally(failure -> Keys.NONE);
    }

    private String sign(Open open, Checked checked) throws IOException {
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

    private CompletableFuture<PaidResponse<T>> send(Open open, Keys keys, String stored) {
        return WalletExchange.of(payer, cancellation, open.entry(), open.challenge(), stored)
                .thenCompose(exchanged -> exchanged instanceof WalletExchange.Result.Over over
                        ? CompletableFuture.completedFuture(new Payment.Ended<T>(over.outcome(), null, false))
                        : sendToPayee(open, keys, ((WalletExchange.Result.Ready) exchanged).token68()))
                .thenCompose(
                        ended -> Conversation.deliver(payer, open.prepared().uri(), ended.outcome(), ended.response()));
    }

    private CompletableFuture<Payment.Ended<T>> sendToPayee(Open open, Keys keys, String token68) {
        return new Payment<>(
                        payer, cancellation, open.entry(), open.challenge(), keys, token68, open.prepared(), handler)
                .send();
    }

    private CompletableFuture<PaidResponse<T>> erased(Open open) {
        Unknown unknown = new Unknown(open.entry(), "the stored credential is gone; the payment counts as spent");
        return Conversation.deliver(payer, open.prepared().uri(), unknown, null);
    }

    /** It may not be paid any more: what was never sent, or is refused by the wallet service, is given back. */
    private CompletableFuture<PaidResponse<T>> declined(Open open, DeclinedException why) {
        return payer.blocking(() -> {
                    payer.journal().neverSent(open.entry());
                    return payer.journal().entry(id).orElse(open.entry());
                })
                .thenCompose(now -> Conversation.deliver(
                        payer,
                        open.prepared().uri(),
                        switch (now.state()) {
                            case NEVER_SENT -> new NotCharged(now, Evidence.NEVER_SENT, why.declined());
                            case GIVEN_BACK -> new NotCharged(now, Evidence.WALLET, why.declined());
                            default -> new Unknown(now, why.declined().words());
                        },
                        null));
    }
}
