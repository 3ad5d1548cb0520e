package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.token.HeldToken.State;
import org.farthing.client.token.SwapRound.Given;
import org.farthing.client.token.SwapRound.Swapped;
import org.farthing.client.token.TokenEvent.Step;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.token.TokenSerial;

/**
 * Gives tokens for fresh ones of the same value, at whoever has authority over them (protocol: one authority per serial): the
 * issuer first, and where that says it has none, the payee the tokens are for. Whatever is asked is on disk before, and is
 * asked again byte for byte until the answer is clear (F-TK-127, F-TK-128).
 */
final class Swapping {

    static final String PATH = "/token-swap";

    private static final String RECALL_PATH = "/token-recall";

    /** How much longer than the payee keeps serials of a payment it gave back, until its "spent" is the last word. */
    private static final Duration DOUBT = Duration.ofHours(24);

    private final TokenPurse purse;
    private final IssuerBook issuers;
    private final MintApi mint;
    private final InstantSource clock;
    private final SwapPlan plan;
    private final TokenEvent.Listener listener;
    private final Map<String, CompletableFuture<Given>> asked = new ConcurrentHashMap<>();

    Swapping(TokenPurse purse, IssuerBook issuers, MintApi mint, InstantSource clock, TokenEvent.Listener listener) {
        this.purse = purse;
        this.issuers = issuers;
        this.mint = mint;
        this.clock = clock;
        this.plan = new SwapPlan(purse, clock);
        this.listener = listener;
    }

    /**
     * Swaps what others have seen, and what payees will stop taking before {@code soon}. Where there is something, the issuer's
     * directory is fetched first: a key that it closed meanwhile would spoil all.
     */
    CompletableFuture<Swapped> refresh(TokenScope scope, Instant soon) {
        return issuers.current(scope.issuer())
                .thenComposeAsync(
                        kept -> due(scope, kept, soon).isEmpty()
                                ? CompletableFuture.completedFuture(new Swapped(List.of(), List.of()))
                                : issuers.fetch(scope.issuer())
                                        .thenComposeAsync(
                                                directory -> new SwapRound(
                                                                due(scope, directory, soon),
                                                                inputs -> give(
                                                                        Operation.Kind.SWAP, scope, directory, inputs))
                                                        .go(),
                                                Background.THREADS),
                        Background.THREADS);
    }

    private List<List<Coin>> due(TokenScope scope, IssuerDirectory directory, Instant soon) {
        try {
            return plan.due(scope, directory, soon);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** The tokens of keys that are not listed any more. */
    List<HeldToken> unlisted(TokenScope scope, IssuerDirectory directory) {
        try {
            return plan.unlisted(scope, directory).stream()
                    .flatMap(List::stream)
                    .map(Coin::held)
                    .toList();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Gives tokens of keys that the issuer closed for others, by showing how they were made (F-TK-178). */
    CompletableFuture<Swapped> recall(TokenScope scope) {
        return issuers.fetch(scope.issuer())
                .thenComposeAsync(
                        directory -> {
                            try {
                                return new SwapRound(
                                                plan.unlisted(scope, directory),
                                                inputs -> give(Operation.Kind.RECALL, scope, directory, inputs))
                                        .go();
                            } catch (IOException e) {
                                return CompletableFuture.failedFuture(e);
                            }
                        },
                        Background.THREADS);
    }

    /** Changes larger tokens so that a price can be paid from what is there then; fails where there is too little. */
    CompletableFuture<Boolean> change(Asked asked, IssuerDirectory directory, Predicate<Coin> free) {
        try {
            Optional<List<Coin>> inputs = plan.forChange(asked, directory, free);
            return inputs.isPresent()
                    ? give(Operation.Kind.SWAP, asked.scope(), directory, inputs.get())
                            .thenApply(given -> true)
                    : CompletableFuture.failedFuture(
                            new UnpayableException("the tokens of " + asked.scope() + " do not make up the price"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Waits for the swaps of this process, and asks again for those that broke off, so that what is in them can be spent. What
     * stays open hinders nobody.
     *
     * @return whether anything came of it
     */
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

    private CompletableFuture<Given> give(
            Operation.Kind kind, TokenScope scope, IssuerDirectory directory, List<Coin> inputs) {
        Map<PublishedKey, Integer> outputs = plan.outputs(directory, inputs);
        if (outputs.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IOException("the issuer sells no tokens that make up what is to be swapped"));
        }
        try {
            Optional<Operation> operation = purse.begin(
                    kind, scope, outputs, inputs.stream().map(Coin::serial).toList());
            if (operation.isEmpty()) {
                return CompletableFuture.failedFuture(new TokensInUseException());
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

    /** One question at a time for each; who asks for the same swap meanwhile gets the same answer. */
    private CompletableFuture<Given> ask(Operation operation, IssuerDirectory directory, boolean again) {
        CompletableFuture<Given> mine = new CompletableFuture<>();
        CompletableFuture<Given> before = asked.putIfAbsent(operation.id(), mine);
        if (before != null) {
            return before.copy();
        }
        CompletableFuture<Given> answer;
        try {
            answer = askAlone(operation, directory, again);
        } catch (RuntimeException | Error e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Given> unused = answer.whenComplete((given, failure) -> {
            asked.remove(operation.id());
            if (failure == null) {
                mine.complete(given);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine.copy();
    }

    private CompletableFuture<Given> askAlone(Operation operation, IssuerDirectory directory, boolean again) {
        List<PendingToken> pending;
        CompletableFuture<TokenResponses> answered;
        try {
            pending = purse.pending(operation);
            List<Coin> inputs = inputs(operation);
            listener.on(new TokenEvent(Step.ASKING, operation.scope(), operation.size()));
            answered = operation.kind() == Operation.Kind.RECALL
                    ? recall(operation.scope(), inputs, requests(pending))
                    : swap(operation.scope(), directory, inputs, requests(pending));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return answered.thenApplyAsync(answer -> finish(operation, pending, answer), Background.THREADS)
                .<CompletionStage<Given>>handleAsync(
                        (done, failure) -> failure == null
                                ? CompletableFuture.completedFuture(done)
                                : again
                                        ? signedBefore(operation, directory, pending, failure)
                                        : refused(operation, failure),
                        Background.THREADS)
                .thenCompose(done -> done);
    }

    private List<Coin> inputs(Operation operation) throws IOException {
        Map<TokenSerial, Coin> there = new TreeMap<>(Comparator.comparing(TokenSerial::text));
        purse.coins(coin -> coin.owner().equals(operation.id())).forEach(coin -> there.put(coin.serial(), coin));
        List<Coin> inputs = new ArrayList<>();
        for (TokenSerial serial : operation.inputs()) {
            Coin coin = there.get(serial);
            if (coin == null) {
                throw new IOException("the swap was ended by another process");
            }
            inputs.add(coin);
        }
        return inputs;
    }

    private static List<TokenRequest> requests(List<PendingToken> pending) {
        return pending.stream().map(PendingToken::request).toList();
    }

    private CompletableFuture<TokenResponses> swap(
            TokenScope scope, IssuerDirectory directory, List<Coin> inputs, List<TokenRequest> requests) {
        List<BlindToken> tokens = inputs.stream().map(Coin::token).toList();
        SwapBody body = new SwapBody(scope.challenge(), tokens, requests);
        return mint.swap(URI.create(directory.links().swap()), body)
                .exceptionallyCompose(failure -> atPayee(scope, body, failure));
    }

    private CompletableFuture<TokenResponses> recall(TokenScope scope, List<Coin> inputs, List<TokenRequest> requests) {
        List<TokenKey> keys =
                inputs.stream().map(coin -> coin.key().key()).distinct().toList();
        List<RecallBody.Opened> opened = inputs.stream()
                .map(coin -> new RecallBody.Opened(keys.indexOf(coin.key().key()), purse.opening(coin)))
                .toList();
        return mint.recall(
                URI.create(scope.issuer().text() + RECALL_PATH),
                new RecallBody(scope.challenge(), keys, opened, requests));
    }

    /** The issuer has no authority: then the payee has, which claims the tokens before it hands the swap on (T69). */
    private CompletableFuture<TokenResponses> atPayee(TokenScope scope, SwapBody body, Throwable failure) {
        boolean elsewhere = Failure.cause(failure) instanceof MintRefusedException refused && refused.status() == 403;
        return elsewhere && scope.payee() != null
                ? mint.swap(URI.create(scope.payee().text() + PATH), body)
                : CompletableFuture.failedFuture(failure);
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
            Operation operation, IssuerDirectory directory, List<PendingToken> pending, Throwable failure) {
        if (!MintRefusedException.isFinal(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        URI restore = URI.create(directory.links().restore());
        return mint.restore(restore, new PurchaseBody(requests(pending)))
                .thenComposeAsync(
                        answer -> {
                            List<TokenResponse> signed = answer.answers().stream()
                                    .flatMap(Optional::stream)
                                    .toList();
                            return signed.size() == pending.size()
                                    ? CompletableFuture.completedFuture(
                                            finish(operation, pending, new TokenResponses(signed)))
                                    : refused(operation, failure);
                        },
                        Background.THREADS);
    }

    /** A clear no frees the tokens. Anything else leaves the swap open, to be asked for again. */
    private CompletableFuture<Given> refused(Operation operation, Throwable failure) {
        if (!(Failure.cause(failure) instanceof MintRefusedException refused) || !refused.isFinal()) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            int sent = operation.inputs().size();
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
