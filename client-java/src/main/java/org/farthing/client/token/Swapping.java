package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
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

/**
 * Gives tokens for fresh ones of the same value, at whoever has authority over them (protocol: one authority per serial): the
 * issuer first, and where that says it has none, the payee the tokens are for. Whatever is asked is on disk before, and is
 * asked again byte for byte until the answer is clear (F-TK-127, F-TK-128).
 */
final class Swapping {

    static final String PATH = "/token-swap";

    /** Inputs of one swap, so that what they are changed into fits into one as well. */
    private static final int MOST_INPUTS = 128;

    private static final int MOST_OUTPUTS = 256;

    /** How much longer than the payee keeps serials of a payment it gave back, until its "spent" is the last word. */
    private static final Duration DOUBT = Duration.ofHours(24);

    private final TokenPurse purse;
    private final IssuerBook issuers;
    private final MintApi mint;
    private final InstantSource clock;
    private final TokenEvent.Listener listener;

    Swapping(TokenPurse purse, IssuerBook issuers, MintApi mint, InstantSource clock, TokenEvent.Listener listener) {
        this.purse = purse;
        this.issuers = issuers;
        this.mint = mint;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * What came of a swap.
     *
     * @param fresh the new tokens
     * @param spent which of the given ones are used up, says the answer
     */
    record Swapped(List<HeldToken> fresh, List<TokenSerial> spent) {}

    /** Swaps what others have seen, and what payees will stop taking before {@code soon}. */
    CompletableFuture<Swapped> refresh(TokenScope scope, Instant soon) {
        return issuers.current(scope.issuer())
                .thenComposeAsync(
                        directory -> {
                            Instant now = clock.instant();
                            List<Coin> due = coins(coin -> coin.scope().equals(scope)
                                    && coin.key().swappableAt(now)
                                    && (coin.state() == State.EXPOSED
                                            ? !now.isBefore(coin.from())
                                            : coin.state() == State.READY
                                                    && !soon.isBefore(coin.key().spendUntil())));
                            return some(scope, directory, due, new Swapped(List.of(), List.of()));
                        },
                        Background.THREADS);
    }

    /** One swap after the other; what is said to be spent is left out and the rest is asked for again. */
    private CompletableFuture<Swapped> some(
            TokenScope scope, IssuerDirectory directory, List<Coin> left, Swapped before) {
        if (left.isEmpty()) {
            return CompletableFuture.completedFuture(before);
        }
        String currency = left.get(0).key().currency().text();
        List<Coin> inputs = left.stream()
                .filter(coin -> coin.key().currency().text().equals(currency))
                .limit(MOST_INPUTS)
                .toList();
        return give(scope, directory, inputs)
                .thenComposeAsync(
                        done -> {
                            Set<TokenSerial> over = new HashSet<>(done.spent());
                            List<Coin> rest = new ArrayList<>(left);
                            if (done.fresh().isEmpty() && !over.isEmpty()) {
                                rest.removeIf(coin -> over.contains(coin.serial()));
                            } else {
                                rest.removeAll(inputs);
                            }
                            return some(scope, directory, rest, joined(before, done));
                        },
                        Background.THREADS);
    }

    private static Swapped joined(Swapped one, Swapped other) {
        List<HeldToken> fresh = new ArrayList<>(one.fresh());
        fresh.addAll(other.fresh());
        List<TokenSerial> spent = new ArrayList<>(one.spent());
        spent.addAll(other.spent());
        return new Swapped(fresh, spent);
    }

    /** Changes larger tokens so that a price can be paid from what is there then; fails where there is too little. */
    CompletableFuture<Swapped> change(Asked asked, IssuerDirectory directory) {
        Instant now = clock.instant();
        List<Coin> usable = coins(coin -> Choice.isSpendable(coin, now) && asked.takes(coin, directory));
        Optional<List<Coin>> inputs = forChange(asked, directory, usable);
        return inputs.isPresent()
                ? give(asked.scope(), directory, inputs.get())
                : CompletableFuture.failedFuture(
                        new UnpayableException("the tokens of " + asked.scope() + " do not make up the price"));
    }

    /** The smallest token that is worth more than the price, or else as many of the largest as it takes. */
    private Optional<List<Coin>> forChange(Asked asked, IssuerDirectory directory, List<Coin> usable) {
        List<Coin> falling = usable.stream()
                .sorted(Comparator.comparingLong(Coin::value).reversed())
                .toList();
        List<List<Coin>> candidates = new ArrayList<>();
        for (int i = falling.size() - 1; i >= 0; i--) {
            if (falling.get(i).value() > asked.amount().baseUnits()) {
                candidates.add(List.of(falling.get(i)));
                break;
            }
        }
        for (int count = 1; count <= Math.min(falling.size(), MOST_INPUTS); count++) {
            candidates.add(falling.subList(0, count));
        }
        return candidates.stream()
                .filter(inputs -> paysAfter(asked, directory, usable, inputs))
                .findFirst();
    }

    private boolean paysAfter(Asked asked, IssuerDirectory directory, List<Coin> usable, List<Coin> inputs) {
        Map<Long, Integer> there = new TreeMap<>();
        usable.stream()
                .filter(coin -> !inputs.contains(coin))
                .forEach(coin -> there.merge(coin.value(), 1, Integer::sum));
        outputs(directory, inputs)
                .forEach((key, count) -> there.merge(key.value().baseUnits(), count, Integer::sum));
        return Choice.counts(there, asked.amount().baseUnits(), asked.offer().maxTokens())
                .isPresent();
    }

    /** The newest key of each value that is sold now; empty where nothing makes up the value of the inputs. */
    private Map<PublishedKey, Integer> outputs(IssuerDirectory directory, List<Coin> inputs) {
        Map<Long, PublishedKey> sold =
                SoldKeys.of(directory, inputs.get(0).key().currency(), clock.instant());
        long sum = inputs.stream().mapToLong(Coin::value).reduce(0, Math::addExact);
        Map<Long, Integer> spread = Spread.of(List.copyOf(sold.keySet()), sum);
        return Spread.count(spread) > MOST_OUTPUTS ? Map.of() : SoldKeys.wanted(sold, spread);
    }

    private CompletableFuture<Swapped> give(TokenScope scope, IssuerDirectory directory, List<Coin> inputs) {
        Map<PublishedKey, Integer> outputs = outputs(directory, inputs);
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
    CompletableFuture<Swapped> goOn(Operation operation, IssuerDirectory directory) {
        return ask(operation, directory, true);
    }

    private CompletableFuture<Swapped> ask(Operation operation, IssuerDirectory directory, boolean again) {
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
                .thenApplyAsync(answer -> finish(operation, pending, answer), Background.THREADS)
                .<CompletionStage<Swapped>>handleAsync(
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

    private Swapped finish(Operation operation, List<PendingToken> pending, TokenResponses answer) {
        try {
            List<BlindToken> tokens = Finishing.verified(pending, answer.responses());
            listener.on(new TokenEvent(Step.VERIFIED, operation.scope(), tokens.size()));
            List<HeldToken> fresh = purse.finish(operation, tokens);
            listener.on(new TokenEvent(Step.STORED, operation.scope(), tokens.size()));
            return new Swapped(fresh, List.of());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** A no to a swap that may have been done before is no word about that one: what was signed then is asked for first. */
    private CompletableFuture<Swapped> signedBefore(
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
    private CompletableFuture<Swapped> refused(Operation operation, SwapBody body, Throwable failure) {
        if (!isFinal(failure) || !(Failure.cause(failure) instanceof MintRefusedException refused)) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            List<TokenSerial> spent = refused.spent(body.tokens().size()).stream()
                    .map(index -> operation.inputs().get(index))
                    .toList();
            purse.abandon(operation);
            believe(spent);
            return spent.isEmpty()
                    ? CompletableFuture.failedFuture(refused)
                    : CompletableFuture.completedFuture(new Swapped(List.of(), spent));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
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

    private List<Coin> coins(Predicate<Coin> wanted) {
        try {
            return purse.coins(wanted);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
