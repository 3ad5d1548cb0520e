package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.token.TokenEvent.Step;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;

/** Fresh tokens for a payment that its payee gave back, to who shows the credential that paid (F-TK-137). */
final class Refunding {

    private static final int MOST_TOKENS = 256;

    private final TokenPurse purse;
    private final MintApi mint;
    private final InstantSource clock;
    private final TokenEvent.Listener listener;

    Refunding(TokenPurse purse, MintApi mint, InstantSource clock, TokenEvent.Listener listener) {
        this.purse = purse;
        this.mint = mint;
        this.clock = clock;
        this.listener = listener;
    }

    /** A payment as it was paid, and whose tokens paid it. */
    record Paid(Claim claim, Credential credential, TokenScope scope) {}

    /** The payment, if it was served not too long ago. */
    Optional<Paid> find(Origin payee, String challengeId) throws IOException {
        return purse.paid().stream()
                .filter(claim -> claim.recipient().equals(payee.text())
                        && claim.challengeId().equals(challengeId)
                        && !claim.credential().isEmpty())
                .findFirst()
                .map(Refunding::read);
    }

    private static Paid read(Claim claim) {
        try {
            Credential credential = Credential.parse("Payment " + claim.credential());
            return new Paid(
                    claim, credential, Asked.read(credential.challenge()).scope());
        } catch (MalformedException | UnpayableException e) {
            throw new IllegalStateException("a credential of our own can be read", e);
        }
    }

    CompletableFuture<List<HeldToken>> refund(Paid paid, IssuerDirectory directory, Amount amount) {
        Map<Long, PublishedKey> sold = SoldKeys.of(directory, directory.currency(), clock.instant());
        Map<Long, Integer> spread = Spread.of(List.copyOf(sold.keySet()), amount.baseUnits());
        Map<PublishedKey, Integer> wanted = SoldKeys.wanted(sold, spread);
        if (wanted.isEmpty() || Spread.count(spread) > MOST_TOKENS) {
            return CompletableFuture.failedFuture(new IOException("the issuer sells no tokens that make up the sum"));
        }
        try {
            Optional<Operation> open = purse.open().stream()
                    .filter(operation -> operation.kind() == Operation.Kind.REFUND
                            && operation.about().equals(paid.claim().owner()))
                    .findFirst();
            if (open.isPresent()) {
                // It may have been given already, for these very messages; others would get nothing.
                return ask(open.get(), directory, paid);
            }
            Operation operation = purse.begin(paid.scope(), wanted, paid.claim());
            listener.on(new TokenEvent(Step.BEGUN, paid.scope(), operation.size()));
            return ask(operation, directory, paid);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks again for a refund that was left open; without its credential, only for what was signed before. */
    CompletableFuture<List<HeldToken>> goOn(Operation operation, IssuerDirectory directory) {
        try {
            Optional<Paid> paid = purse.paid().stream()
                    .filter(claim -> claim.owner().equals(operation.about())
                            && !claim.credential().isEmpty())
                    .findFirst()
                    .map(Refunding::read);
            return paid.isPresent()
                    ? ask(operation, directory, paid.get())
                    : signedBefore(
                            operation,
                            directory,
                            purse.pending(operation),
                            new IOException("the credential of the payment is not kept any more"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<List<HeldToken>> ask(Operation operation, IssuerDirectory directory, Paid paid) {
        List<PendingToken> pending;
        try {
            pending = purse.pending(operation);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        listener.on(new TokenEvent(Step.ASKING, operation.scope(), operation.size()));
        URI refund = URI.create(directory.links().refund());
        return mint.refund(refund, new RefundBody(paid.credential(), requests(pending)))
                .thenApplyAsync(answer -> store(operation, pending, answer.responses()), Background.THREADS)
                .<CompletionStage<List<HeldToken>>>handle((held, failure) -> failure == null
                        ? CompletableFuture.completedFuture(held)
                        : failed(operation, directory, pending, failure))
                .thenCompose(held -> held);
    }

    private static List<TokenRequest> requests(List<PendingToken> pending) {
        return pending.stream().map(PendingToken::request).toList();
    }

    private CompletableFuture<List<HeldToken>> failed(
            Operation operation, IssuerDirectory directory, List<PendingToken> pending, Throwable failure) {
        return Failure.cause(failure) instanceof MintRefusedException refused && refused.isFinal()
                ? signedBefore(operation, directory, pending, failure)
                : CompletableFuture.failedFuture(failure);
    }

    /** A no may be the answer to a repetition: what was signed before is asked for, and only then the refund is given up. */
    private CompletableFuture<List<HeldToken>> signedBefore(
            Operation operation, IssuerDirectory directory, List<PendingToken> pending, Throwable failure) {
        URI restore = URI.create(directory.links().restore());
        return mint.restore(restore, new PurchaseBody(requests(pending)))
                .thenComposeAsync(
                        answer -> {
                            List<TokenResponse> signed = answer.answers().stream()
                                    .flatMap(Optional::stream)
                                    .toList();
                            if (signed.size() == pending.size()) {
                                return CompletableFuture.completedFuture(store(operation, pending, signed));
                            }
                            abandon(operation);
                            return CompletableFuture.failedFuture(failure);
                        },
                        Background.THREADS);
    }

    private void abandon(Operation operation) {
        try {
            purse.abandon(operation);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private List<HeldToken> store(Operation operation, List<PendingToken> pending, List<TokenResponse> signed) {
        try {
            List<HeldToken> held = purse.finish(operation, Finishing.verified(pending, signed));
            listener.on(new TokenEvent(Step.STORED, operation.scope(), held.size()));
            return held;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
