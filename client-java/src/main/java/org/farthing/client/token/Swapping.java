package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.token.HeldToken.State;
import org.farthing.client.token.TokenEvent.Step;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.token.TokenSerial;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens for fresh ones of the same value, at whoever has authority over them (protocol: one authority per serial): the
 * issuer first, and where that says it has none, the payee the tokens are for. Whatever is asked is on disk before, and is
 * asked again byte for byte until the answer is clear (F-TK-127, F-TK-128).
 */
final class Swapping {

    static final String PATH = "/token-swap";

    /** How much longer than the payee keeps serials of a payment it gave back, until its "spent" is the last word. */
    private static final Duration DOUBT = Duration.ofHours(24);

    private final TokenPurse purse;
    private final IssuerBook issuers;
    private final MintApi mint;
    private final InstantSource clock;
    private final SwapPlan plan;
    private final TokenEvent.Listener listener;

    Swapping(TokenPurse purse, IssuerBook issuers, MintApi mint, InstantSource clock, TokenEvent.Listener listener) {
        this.purse = purse;
        this.issuers = issuers;
        this.mint = mint;
        this.clock = clock;
        this.plan = new SwapPlan(purse, clock);
        this.listener = listener;
    }

    /**
     * What came of all swaps.
     *
     * @param fresh the new tokens
     * @param spent which of the given ones are used up, say the answers
     */
    record Swapped(List<HeldToken> fresh, List<TokenSerial> spent) {}

    /** What came of one: new tokens, or which of the given ones stood in the way. */
    private record Given(List<HeldToken> fresh, List<TokenSerial> spent, List<TokenSerial> tooOld) {}

    /** Swaps what others have seen, and what payees will stop taking before {@code soon}. */
    CompletableFuture<Swapped> refresh(TokenScope scope, Instant soon) {
        return issuers.current(scope.issuer())
                .thenComposeAsync(
                        directory -> {
                            try {
                                return new Round(scope, directory, plan.due(scope, directory, soon)).go();
                            } catch (IOException e) {
                                return CompletableFuture.failedFuture(e);
                            }
                        },
                        Background.THREADS);
    }

    /** One swap after the other. What is said to be used up or too old is left out, and the rest is asked for again. */
    private final class Round {

        private final TokenScope scope;
        private final IssuerDirectory directory;
        private final Deque<List<Coin>> left;
        private final List<HeldToken> fresh = new ArrayList<>();
        private final List<TokenSerial> spent = new ArrayList<>();
        private @Nullable Throwable refusal;

        private Round(TokenScope scope, IssuerDirectory directory, List<List<Coin>> swaps) {
            this.scope = scope;
            this.directory = directory;
            this.left = new ArrayDeque<>(swaps);
        }

        private CompletableFuture<Swapped> go() {
            List<Coin> inputs = left.poll();
            if (inputs == null) {
                return refusal == null || !fresh.isEmpty() || !spent.isEmpty()
                        ? CompletableFuture.completedFuture(new Swapped(fresh, spent))
                        : CompletableFuture.failedFuture(refusal);
            }
            return give(scope, directory, inputs)
                    .<CompletionStage<Swapped>>handleAsync(
                            (done, failure) -> failure == null ? went(inputs, done) : refused(failure),
                            Background.THREADS)
                    .thenCompose(done -> done);
        }

        private CompletableFuture<Swapped> went(List<Coin> inputs, Given given) {
            fresh.addAll(given.fresh());
            spent.addAll(given.spent());
            Set<TokenSerial> out = new HashSet<>(given.spent());
            out.addAll(given.tooOld());
            List<Coin> rest =
                    inputs.stream().filter(coin -> !out.contains(coin.serial())).toList();
            if (!out.isEmpty() && !rest.isEmpty()) {
                left.push(rest);
            }
            return go();
        }

        /** A clear no is about these tokens; where there is no answer, there is none for others either. */
        private CompletableFuture<Swapped> refused(Throwable failure) {
            if (!isFinal(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            refusal = refusal == null ? failure : refusal;
            return go();
        }
    }

    /** Changes larger tokens so that a price can be paid from what is there then; fails where there is too little. */
    CompletableFuture<Boolean> change(Asked asked, IssuerDirectory directory) {
        try {
            Optional<List<Coin>> inputs = plan.forChange(asked, directory);
            return inputs.isPresent()
                    ? give(asked.scope(), directory, inputs.get()).thenApply(given -> true)
                    : CompletableFuture.failedFuture(
                            new UnpayableException("the tokens of " + asked.scope() + " do not make up the price"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks again for swaps that broke off, so that what is in them can be spent. What stays open hinders nobody. */
    CompletableFuture<Boolean> finishOpen(TokenScope scope, IssuerDirectory directory) {
        try {
            CompletableFuture<Boolean> done = CompletableFuture.completedFuture(false);
            for (Operation operation : purse.open()) {
                if (operation.kind() == Operation.Kind.SWAP && operation.scope().equals(scope)) {
                    done = done.thenCompose(before -> goOn(operation, directory).exceptionally(failure -> before));
                }
            }
            return done;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Given> give(TokenScope scope, IssuerDirectory directory, List<Coin> inputs) {
        Map<PublishedKey, Integer> outputs = plan.outputs(directory, inputs);
        if (outputs.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IOException("the issuer sells no tokens that make up what is to be swapped"));
        }
        try {
            Optional<Operation> operation = purse.begin(
                    Operation.Kind.SWAP,
                    scope,
                    outputs,
                    inputs.stream().map(Coin::serial).toList());
            if (operation.isEmpty()) {
                return CompletableFuture.failedFuture(new IOException("the tokens are in use elsewhere; try again"));
            }
            listener.on(new TokenEvent(Step.BEGUN, scope, operation.get().size()));
            return ask(operation.get(), directory, false);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks again for what was asked for before, perhaps by a process that died. */
    CompletableFuture<Boolean> goOn(Operation operation, IssuerDirectory directory) {
        return ask(operation, directory, true).thenApply(given -> true);
    }

    private CompletableFuture<Given> ask(Operation operation, IssuerDirectory directory, boolean again) {
        List<PendingToken> pending;
        SwapBody body;
        try {
            pending = purse.pending(operation);
            body = body(operation, pending);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        listener.on(new TokenEvent(Step.ASKING, operation.scope(), operation.size()));
        return mint.swap(URI.create(directory.links().swap()), body)
                .exceptionallyCompose(failure -> atPayee(operation.scope(), body, failure))
                .exceptionallyCompose(failure -> recall(operation, body, failure))
                .thenApplyAsync(answer -> finish(operation, pending, answer), Background.THREADS)
                .<CompletionStage<Given>>handleAsync(
                        (done, failure) -> failure == null
                                ? CompletableFuture.completedFuture(done)
                                : again
                                        ? signedBefore(operation, directory, pending, body, failure)
                                        : refused(operation, body, failure),
                        Background.THREADS)
                .thenCompose(done -> done);
    }

    private SwapBody body(Operation operation, List<PendingToken> pending) throws IOException {
        Map<TokenSerial, BlindToken> there = new TreeMap<>(Comparator.comparing(TokenSerial::text));
        purse.coins(coin -> coin.owner().equals(operation.id()))
                .forEach(coin -> there.put(coin.serial(), coin.token()));
        List<BlindToken> inputs = new ArrayList<>();
        for (TokenSerial serial : operation.inputs()) {
            BlindToken token = there.get(serial);
            if (token == null) {
                throw new IOException("the swap was ended by another process");
            }
            inputs.add(token);
        }
        List<TokenRequest> requests =
                pending.stream().map(PendingToken::request).toList();
        return new SwapBody(operation.scope().challenge(), inputs, requests);
    }

    /** The issuer has no authority: then the payee has, which claims the tokens before it hands the swap on (T69). */
    private CompletableFuture<TokenResponses> atPayee(TokenScope scope, SwapBody body, Throwable failure) {
        boolean elsewhere = Failure.cause(failure) instanceof MintRefusedException refused && refused.status() == 403;
        return elsewhere && scope.payee() != null
                ? mint.swap(URI.create(scope.payee().text() + PATH), body)
                : CompletableFuture.failedFuture(failure);
    }

    /** Their key was closed: others are to be had for their openings, at the issuer and nowhere else (F-TK-178). */
    private CompletableFuture<TokenResponses> recall(Operation operation, SwapBody body, Throwable failure) {
        Optional<URI> recall = Failure.cause(failure) instanceof MintRefusedException refused
                ? refused.recall(operation.scope().issuer())
                : Optional.empty();
        try {
            return recall.isPresent()
                    ? mint.recall(recall.get(), purse.opened(operation, body.requests()))
                    : CompletableFuture.failedFuture(failure);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Given finish(Operation operation, List<PendingToken> pending, TokenResponses answer) {
        try {
            List<BlindToken> tokens = Finishing.verified(pending, answer.responses());
            listener.on(new TokenEvent(Step.VERIFIED, operation.scope(), tokens.size()));
            List<HeldToken> fresh = purse.finish(operation, tokens);
            listener.on(new TokenEvent(Step.STORED, operation.scope(), tokens.size()));
            return new Given(fresh, List.of(), List.of());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** A no to a swap that may have been done before is no word about that one: what was signed then is asked for first. */
    private CompletableFuture<Given> signedBefore(
            Operation operation,
            IssuerDirectory directory,
            List<PendingToken> pending,
            SwapBody body,
            Throwable failure) {
        if (!isFinal(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        URI restore = URI.create(directory.links().restore());
        return mint.restore(restore, new PurchaseBody(body.requests()))
                .thenComposeAsync(
                        answer -> {
                            List<TokenResponse> signed = answer.answers().stream()
                                    .flatMap(Optional::stream)
                                    .toList();
                            return signed.size() == pending.size()
                                    ? CompletableFuture.completedFuture(
                                            finish(operation, pending, new TokenResponses(signed)))
                                    : refused(operation, body, failure);
                        },
                        Background.THREADS);
    }

    private static boolean isFinal(Throwable failure) {
        return Failure.cause(failure) instanceof MintRefusedException refused && refused.isFinal();
    }

    /** A clear no frees the tokens. Anything else leaves the swap open, to be asked for again. */
    private CompletableFuture<Given> refused(Operation operation, SwapBody body, Throwable failure) {
        if (!isFinal(failure) || !(Failure.cause(failure) instanceof MintRefusedException refused)) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            int sent = body.tokens().size();
            List<TokenSerial> spent = named(operation, refused.spent(sent));
            List<TokenSerial> tooOld = named(operation, refused.expired(sent));
            if (refused.isSignedBefore()) {
                purse.abandon(operation);
            } else {
                purse.abandonUnsigned(operation);
            }
            believe(spent);
            return spent.isEmpty() && (tooOld.isEmpty() || tooOld.size() == sent)
                    ? CompletableFuture.failedFuture(refused)
                    : CompletableFuture.completedFuture(new Given(List.of(), spent, tooOld));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<TokenSerial> named(Operation operation, List<Integer> indexes) {
        return indexes.stream()
                .distinct()
                .map(index -> operation.inputs().get(index))
                .toList();
    }

    /** Tokens that somebody has a claim on are never shown again; they are given up only when no claim can end any more. */
    private void believe(List<TokenSerial> spent) throws IOException {
        Instant now = clock.instant();
        List<TokenSerial> sure = new ArrayList<>();
        List<TokenSerial> doubtful = new ArrayList<>();
        for (Coin coin : purse.coins(coin -> spent.contains(coin.serial()))) {
            boolean over =
                    coin.state() == State.EXPOSED && !now.isBefore(coin.from().plus(DOUBT));
            (over ? sure : doubtful).add(coin.serial());
        }
        purse.move(sure, State.SPENT);
        purse.move(doubtful, State.EXPOSED);
    }
}
