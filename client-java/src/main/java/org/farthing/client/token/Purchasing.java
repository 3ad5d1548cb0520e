package org.farthing.client.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.token.TokenEvent.Step;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.jspecify.annotations.Nullable;

/**
 * Buys bundles with a wallet, within the budget: the purchase is an ordinary paid request, whose body says what is to be
 * signed. What was begun is finished by the stored payment's bytes, or by what the issuer signed before (F-TK-122).
 */
final class Purchasing {

    /** Nothing that was signed for a purchase can still be on its way after this: an offer lasts ten minutes. */
    private static final Duration OVER = Duration.ofHours(1);

    private final TokenPurse purse;
    private final MintApi mint;
    private final PayingClient wallet;
    private final InstantSource clock;
    private final TokenEvent.Listener listener;

    Purchasing(TokenPurse purse, MintApi mint, PayingClient wallet, InstantSource clock, TokenEvent.Listener listener) {
        this.purse = purse;
        this.mint = mint;
        this.wallet = wallet;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Begins a purchase, if it is still wanted.
     *
     * @param wanted asked once more, of what is on disk, in the step that uses up the counters
     */
    CompletableFuture<Purchase> buy(
            TokenScope scope, IssuerDirectory directory, Bundle bundle, Predicate<TokenState> wanted) {
        Map<PublishedKey, Integer> asked =
                SoldKeys.wanted(SoldKeys.of(directory, directory.currency(), clock.instant()), bundle.tokens());
        if (asked.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IOException("the issuer has no key on sale for a token of the bundle"));
        }
        try {
            Optional<Operation> begun = purse.begin(scope, asked, wanted);
            if (begun.isEmpty()) {
                return CompletableFuture.completedFuture(new Purchase.NotBought(new PaymentOutcome.Free(), null));
            }
            Operation operation = begun.get();
            listener.on(new TokenEvent(Step.BEGUN, scope, operation.size()));
            List<PendingToken> pending = purse.pending(operation);
            PurchaseBody body = body(pending);
            HttpRequest request = request(directory, body);
            listener.on(new TokenEvent(Step.ASKING, scope, operation.size()));
            return wallet.sendAsync(request, BodyHandlers.ofByteArray())
                    .<CompletionStage<Purchase>>handleAsync(
                            (answer, failure) -> failure == null
                                    ? ended(operation, directory, pending, answer, false)
                                    : unanswered(operation, request, body, failure),
                            Background.THREADS)
                    .thenCompose(purchase -> purchase);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static PurchaseBody body(List<PendingToken> pending) {
        return new PurchaseBody(pending.stream().map(PendingToken::request).toList());
    }

    private static HttpRequest request(IssuerDirectory directory, PurchaseBody body) {
        return HttpRequest.newBuilder(URI.create(directory.links().purchase()))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(BodyPublishers.ofString(body.format()))
                .build();
    }

    /** No answer came to the question for the price: where the journal has no payment either, nothing can have been signed. */
    private CompletableFuture<Purchase> unanswered(
            Operation operation, HttpRequest request, PurchaseBody body, Throwable failure) {
        try {
            if (openPayment(request, body).isEmpty()) {
                purse.abandonUnsigned(operation);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return CompletableFuture.failedFuture(failure);
    }

    /** Takes up a purchase that was left open: pays no second time. */
    CompletableFuture<Purchase> goOn(Operation operation, IssuerDirectory directory) {
        try {
            List<PendingToken> pending = purse.pending(operation);
            PurchaseBody body = body(pending);
            HttpRequest request = request(directory, body);
            Optional<JournalEntry> payment = openPayment(request, body);
            return payment.isPresent()
                    ? wallet.resumeAsync(payment.get(), request, BodyHandlers.ofByteArray())
                            .thenComposeAsync(
                                    answer -> ended(operation, directory, pending, answer, true), Background.THREADS)
                    : signedBefore(operation, directory, pending, null, null);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The payment of this very body, if one is open in the journal. */
    private Optional<JournalEntry> openPayment(HttpRequest request, PurchaseBody body) throws IOException {
        ContentDigest digest = ContentDigest.of(body.format().getBytes(UTF_8));
        return wallet.journal().entries().stream()
                .filter(entry -> entry.state().isOpen()
                        && entry.proposal().target().url().equals(request.uri().toString())
                        && isFor(entry.challenge(), digest))
                .findFirst();
    }

    private static boolean isFor(@Nullable Challenge challenge, ContentDigest digest) {
        try {
            return challenge != null
                    && challenge.digest() != null
                    && ContentDigest.parseSlot(challenge.digest()).equals(digest);
        } catch (MalformedException e) {
            return false;
        }
    }

    private CompletableFuture<Purchase> ended(
            Operation operation,
            IssuerDirectory directory,
            List<PendingToken> pending,
            PaidResponse<byte[]> answer,
            boolean again) {
        Optional<HttpResponse<byte[]>> response = answer.response();
        Problem said = response.map(reply -> MintApi.problem(reply.body())).orElse(null);
        if (response.isPresent() && response.get().statusCode() == 200) {
            try {
                TokenResponses signed = TokenResponses.parse(response.get().body(), pending.size());
                return CompletableFuture.completedFuture(
                        store(operation, pending, signed.responses(), answer.outcome()));
            } catch (MalformedException e) {
                return signedBefore(operation, directory, pending, answer.outcome(), null);
            }
        }
        boolean nothingLeft = answer.outcome() instanceof PaymentOutcome.Declined
                || (answer.outcome() instanceof PaymentOutcome.NotCharged not
                        && not.evidence() == PaymentOutcome.Evidence.NEVER_SENT);
        if (nothingLeft && !again) {
            return CompletableFuture.completedFuture(abandoned(operation, answer.outcome(), true, null));
        }
        if (answer.outcome() instanceof PaymentOutcome.Free && response.isPresent()) {
            // No price was asked and nothing was paid, whatever the status says.
            MintRefusedException refused =
                    new MintRefusedException(response.get().statusCode(), said);
            Purchase unused = abandoned(operation, answer.outcome(), !refused.isSignedBefore(), said);
            return CompletableFuture.failedFuture(refused);
        }
        return signedBefore(operation, directory, pending, answer.outcome(), said);
    }

    private Purchase store(
            Operation operation, List<PendingToken> pending, List<TokenResponse> signed, PaymentOutcome outcome) {
        try {
            List<BlindToken> tokens = Finishing.verified(pending, signed);
            listener.on(new TokenEvent(Step.VERIFIED, operation.scope(), tokens.size()));
            List<HeldToken> held = purse.finish(operation, tokens);
            listener.on(new TokenEvent(Step.STORED, operation.scope(), tokens.size()));
            return new Purchase.Bought(held, outcome);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Purchase abandoned(
            Operation operation, PaymentOutcome outcome, boolean unsigned, @Nullable Problem problem) {
        try {
            if (unsigned) {
                purse.abandonUnsigned(operation);
            } else {
                purse.abandon(operation);
            }
            return new Purchase.NotBought(outcome, problem);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** The issuer's own memory decides what no answer told: what it signed it signs again, and nothing else. */
    private CompletableFuture<Purchase> signedBefore(
            Operation operation,
            IssuerDirectory directory,
            List<PendingToken> pending,
            @Nullable PaymentOutcome outcome,
            @Nullable Problem problem) {
        PaymentOutcome known = outcome == null ? new PaymentOutcome.Free() : outcome;
        return mint.restore(URI.create(directory.links().restore()), body(pending))
                .thenApplyAsync(
                        answer -> {
                            List<TokenResponse> signed = answer.answers().stream()
                                    .flatMap(Optional::stream)
                                    .toList();
                            if (signed.size() == pending.size()) {
                                return store(operation, pending, signed, known);
                            }
                            return isOver(operation, known)
                                    ? abandoned(operation, known, signed.isEmpty(), problem)
                                    : new Purchase.Open(known);
                        },
                        Background.THREADS);
    }

    /** Whether nothing will be signed any more, where nothing was. */
    private boolean isOver(Operation operation, PaymentOutcome outcome) {
        if (outcome instanceof PaymentOutcome.NotCharged notCharged
                && !notCharged.payment().state().isOpen()) {
            return true;
        }
        boolean paidOrNotKnown = outcome instanceof PaymentOutcome.Served || outcome instanceof PaymentOutcome.Unknown;
        return !paidOrNotKnown && clock.instant().isAfter(operation.at().plus(OVER));
    }
}
