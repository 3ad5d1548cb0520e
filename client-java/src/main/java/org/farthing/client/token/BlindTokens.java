package org.farthing.client.token;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentTimer;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSerial;
import org.jspecify.annotations.Nullable;

/**
 * Tokens bought ahead: buys them with a wallet and within the budget, lists them, gives those that others have seen or that
 * end soon for fresh ones, and gets back those of a lost disk (spec/token-client.md).
 *
 * <pre>{@code
 * PayingClient wallet = PayingClient.builder(purse, policy).build();
 * BlindTokens tokens = BlindTokens.builder(purse, wallet).build();
 * tokens.buy(new TokenScope(issuer, payee), Amount.of(1000)).join();
 * PayingClient client = PayingClient.builder(purse, policy).journal(wallet.journal()).preferMethod(tokens.method()).build();
 * }</pre>
 *
 * <p>A process may die between any two steps: what was begun is on disk, and {@link #recover} finishes it without paying again.
 * Futures fail with {@link IOException}: {@link MintRefusedException} where the issuer said no. Safe to share between threads.
 */
public final class BlindTokens {

    private static final Duration SOON = Duration.ofDays(7);

    private final TokenPurse purse;
    private final PayingClient wallet;
    private final InstantSource clock;
    private final IssuerBook issuers;
    private final Reckoning reckoning;
    private final Swapping swapping;
    private final Purchasing purchasing;
    private final Restoring restoring;
    private final Refunding refunding;
    private final TopUps topUps;
    private final BlindTokenMethod method;

    private BlindTokens(Builder builder, TokenPurse purse, MintApi mint, IssuerBook issuers) {
        this.purse = purse;
        this.wallet = builder.wallet;
        this.clock = builder.clock;
        this.issuers = issuers;
        this.reckoning = new Reckoning(purse, clock);
        // What an issuer may know a wallet by does not share a connection with what it must not (F-TK-163).
        MintApi unnamed = mint.apart();
        MintApi buying = mint.apart();
        this.swapping = new Swapping(purse, issuers, unnamed, clock, builder.listener);
        this.purchasing = new Purchasing(purse, buying, wallet, clock, builder.listener);
        this.restoring = new Restoring(purse, buying, builder.timer);
        this.refunding = new Refunding(purse, unnamed, clock, builder.listener);
        this.topUps = new TopUps(purse, builder.timer, clock);
        this.method = new BlindTokenMethod(purse, issuers, reckoning, swapping, topUps);
        topUps.buysWith(this::buyAhead);
        builder.rules.forEach(topUps::add);
    }

    /**
     * Starts.
     *
     * @param purse the purse whose tokens they are
     * @param wallet pays for purchases; its policy must allow the issuer, and its ways to pay must not be tokens
     * @return a builder
     */
    public static Builder builder(Purse purse, PayingClient wallet) {
        return new Builder(purse, wallet);
    }

    /**
     * The way to pay with these tokens, for {@link PayingClient.Builder#preferMethod}.
     *
     * @return the method
     */
    public BlindTokenMethod method() {
        return method;
    }

    /**
     * What an issuer publishes: its keys, and the bundles it sells.
     *
     * @param issuer the issuer
     * @return its directory, as it is now or was not long ago
     */
    public CompletableFuture<IssuerDirectory> directory(Origin issuer) {
        return issuers.current(issuer);
    }

    /**
     * Buys a bundle. What an earlier process left open is finished first.
     *
     * @param scope whose tokens, for whom
     * @param bundle the bundle, by its amount
     * @return how it ended; fails with an {@link IllegalArgumentException} if the issuer has no such bundle
     */
    public CompletableFuture<Purchase> buy(TokenScope scope, Amount bundle) {
        return recover(scope)
                .<CompletionStage<Purchase>>handle((left, failure) -> buy(scope, bundle, current -> true))
                .thenCompose(purchase -> purchase);
    }

    private CompletableFuture<Purchase> buy(TokenScope scope, Amount bundle, Predicate<TokenState> wanted) {
        return issuers.toBuyFrom(scope)
                .thenComposeAsync(
                        directory -> purchasing.buy(scope, directory, find(directory, bundle), wanted),
                        Background.THREADS);
    }

    /** A purchase that nobody asked for is made only if it is still needed, and no other of the kind is open (F-TK-134). */
    private CompletableFuture<Purchase> buyAhead(TopUpRule rule) {
        return recover(rule.scope())
                .thenCompose(left -> buy(rule.scope(), rule.bundle(), current -> rule.isDue(current, clock.instant())));
    }

    /**
     * Buys what a rule says, if less than its mark is left: what {@link Builder#topUp} does by itself, without its delay. For
     * a program that is started now and then, after a random time.
     *
     * @param rule when, and what
     * @return how it ended; empty if nothing was due, or another purchase of these tokens is open
     */
    public CompletableFuture<Optional<Purchase>> topUp(TopUpRule rule) {
        return buyAhead(rule)
                .thenApply(purchase ->
                        purchase instanceof Purchase.NotBought not && not.payment() instanceof PaymentOutcome.Free
                                ? Optional.empty()
                                : Optional.of(purchase));
    }

    private static Bundle find(IssuerDirectory directory, Amount bundle) {
        return directory.bundles().stream()
                .filter(offered -> offered.amount().equals(bundle))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        directory.issuer() + " sells " + amounts(directory) + " at once, not " + bundle.format()));
    }

    private static String amounts(IssuerDirectory directory) {
        List<String> amounts = directory.bundles().stream()
                .map(offered -> offered.amount().format())
                .toList();
        return String.join(", ", amounts);
    }

    /**
     * Every token that is still money, after the journal was asked what became of those that were shown to payees. Blocks.
     *
     * @return the tokens
     * @throws IOException if journal or purse cannot be relied on
     */
    public List<HeldToken> list() throws IOException {
        reckoning.settle(wallet.journal());
        return purse.tokens();
    }

    /**
     * What came of a swap.
     *
     * @param fresh the new tokens
     * @param spent those of the old ones that are used up, says whoever has authority over them
     */
    public record Swapped(List<HeldToken> fresh, List<TokenSerial> spent) {

        /**
         * Copies the lists.
         *
         * @param fresh as described at the record
         * @param spent as described at the record
         */
        public Swapped {
            fresh = List.copyOf(fresh);
            spent = List.copyOf(spent);
        }
    }

    /**
     * Gives tokens that others have seen, and those that payees stop taking within a week, for fresh ones of the same value.
     *
     * @param scope whose tokens, for whom
     * @return what came of it; both lists are empty if there was nothing to do
     */
    public CompletableFuture<Swapped> swap(TokenScope scope) {
        return recover(scope)
                .thenComposeAsync(
                        recovered -> {
                            settle();
                            return swapping.refresh(scope, clock.instant().plus(SOON));
                        },
                        Background.THREADS)
                .thenApply(done -> new Swapped(done.fresh(), done.spent()));
    }

    /**
     * Tokens of keys that the issuer does not list any more although their time is not over. As a rule it closed them, and
     * {@link #recall} gets others for them. Asks the issuer.
     *
     * @param scope whose tokens, for whom
     * @return the tokens
     */
    public CompletableFuture<List<HeldToken>> unlisted(TokenScope scope) {
        return issuers.fetch(scope.issuer())
                .thenApplyAsync(directory -> swapping.unlisted(scope, directory), Background.THREADS);
    }

    /**
     * Gives tokens of keys that their issuer closed, because they were stolen, for others of the same value. It shows the issuer
     * how they were made, and so which purchase they came from: payments that these tokens were shown in and did not make can then
     * be joined to the wallet. So nothing does it by itself.
     *
     * @param scope whose tokens, for whom
     * @return what came of it; both lists are empty if the issuer lists the keys of all tokens
     */
    public CompletableFuture<Swapped> recall(TokenScope scope) {
        return recover(scope)
                .thenComposeAsync(
                        recovered -> {
                            settle();
                            return swapping.recall(scope);
                        },
                        Background.THREADS)
                .thenApply(done -> new Swapped(done.fresh(), done.spent()));
    }

    /**
     * Gets back the tokens of a lost disk: all that the issuer ever signed for this purse and this scope, as far as its keys
     * are still honoured. Nobody remembers which of them were spent; {@link #swap} finds that out, and until then none is spent.
     *
     * @param scope whose tokens, for whom
     * @return those that this purse did not know
     */
    public CompletableFuture<List<HeldToken>> restore(TokenScope scope) {
        return issuers.fetch(scope.issuer())
                .thenComposeAsync(
                        directory -> {
                            Instant now = clock.instant();
                            List<PublishedKey> keys = directory.keys().stream()
                                    .filter(key -> key.swappableAt(now))
                                    .toList();
                            return restoring.restore(scope, directory, keys);
                        },
                        Background.THREADS);
    }

    /**
     * Gets fresh tokens for a payment that its payee gave back. The payee says how much; the issuer gives them to whoever shows
     * the credential that paid, which the purse keeps for the newest hundred payments.
     *
     * @param payee who was paid
     * @param challengeId the payee's name of the payment, as the journal and the receipt have it
     * @param amount what was given back, in the issuer's base units
     * @return the new tokens; fails with a {@link MintRefusedException} if nothing, or another sum, is due
     */
    public CompletableFuture<List<HeldToken>> refund(Origin payee, String challengeId, Amount amount) {
        try {
            reckoning.settle(wallet.journal());
            Refunding.Paid paid = refunding
                    .find(payee, challengeId)
                    .orElseThrow(() -> new IOException("this purse paid no such payment with tokens, or too long ago"));
            return issuers.current(paid.scope().issuer())
                    .thenComposeAsync(directory -> refunding.refund(paid, directory, amount), Background.THREADS);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Finishes purchases, swaps and refunds that were left open, by whatever process. Nothing is paid twice: a payment that
     * is in the journal is taken up, and where there is none, the issuer is asked for what it signed.
     *
     * @param scope whose tokens, for whom
     * @return how many are still open
     */
    public CompletableFuture<Integer> recover(TokenScope scope) {
        List<Operation> open;
        try {
            open = purse.open().stream()
                    .filter(operation -> operation.scope().equals(scope))
                    .toList();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(0);
        }
        return issuers.current(scope.issuer())
                .thenComposeAsync(
                        directory -> {
                            CompletableFuture<Integer> left = CompletableFuture.completedFuture(0);
                            for (Operation operation : open) {
                                left = left.thenCompose(before ->
                                        goOn(operation, directory).thenApply(done -> done ? before : before + 1));
                            }
                            return left;
                        },
                        Background.THREADS);
    }

    private CompletableFuture<Boolean> goOn(Operation operation, IssuerDirectory directory) {
        CompletableFuture<Boolean> done = switch (operation.kind()) {
            case PURCHASE ->
                purchasing.goOn(operation, directory).thenApply(purchase -> !(purchase instanceof Purchase.Open));
            case SWAP, RECALL -> swapping.goOn(operation, directory);
            case REFUND -> refunding.goOn(operation, directory).thenApply(held -> true);
        };
        return done.exceptionally(failure -> {
            if (Failure.cause(failure) instanceof Error error) {
                throw error;
            }
            return false;
        });
    }

    /**
     * Scopes of which something was left open.
     *
     * @return the scopes to call {@link #recover} with
     * @throws IOException if the purse cannot be relied on
     */
    public List<TokenScope> open() throws IOException {
        return purse.open().stream().map(Operation::scope).distinct().toList();
    }

    /**
     * Whether a purchase is open: it may have been paid, and {@link #recover} finishes it.
     *
     * @param scope whose tokens, for whom
     * @return whether there is one
     * @throws IOException if the purse cannot be relied on
     */
    public boolean isBuying(TokenScope scope) throws IOException {
        return purse.open().stream()
                .anyMatch(operation -> operation.kind() == Operation.Kind.PURCHASE
                        && operation.scope().equals(scope));
    }

    private void settle() {
        try {
            reckoning.settle(wallet.journal());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Shows where the tokens are, and nothing of them. */
    @Override
    public String toString() {
        return "BlindTokens[" + purse + "]";
    }

    /** Collects what the tokens work with. Everything but purse and wallet has a default. */
    public static final class Builder {

        private final Purse purse;
        private final PayingClient wallet;
        private final List<TopUpRule> rules = new ArrayList<>();
        private @Nullable HttpClient http;
        private InstantSource clock = InstantSource.system();
        private PaymentTimer timer = PaymentTimer.SYSTEM;
        private TokenEvent.Listener listener = TokenEvent.Listener.NONE;
        private boolean loopback;

        private Builder(Purse purse, PayingClient wallet) {
            this.purse = purse;
            this.wallet = wallet;
        }

        /**
         * Sets the client whose TLS, proxy and executor settings are used to ask issuers; its cookies and passwords are not.
         *
         * @param like the client
         * @return this
         */
        public Builder httpClient(HttpClient like) {
            this.http = like;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param source the time
         * @return this
         */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /**
         * Sets what waits before a purchase by itself.
         *
         * @param waiting the timer
         * @return this
         */
        public Builder timer(PaymentTimer waiting) {
            this.timer = waiting;
            return this;
        }

        /**
         * Sets who hears of the steps.
         *
         * @param hearing the listener
         * @return this
         */
        public Builder listener(TokenEvent.Listener hearing) {
            this.listener = hearing;
            return this;
        }

        /**
         * Lets issuers on loopback be asked over plain http. For development.
         *
         * @return this
         */
        public Builder loopbackProfile() {
            this.loopback = true;
            return this;
        }

        /**
         * Buys by itself when tokens run low. Each scope has one rule.
         *
         * @param rule when, and what
         * @return this
         */
        public Builder topUp(TopUpRule rule) {
            rules.removeIf(other -> other.scope().equals(rule.scope()));
            rules.add(rule);
            return this;
        }

        /**
         * Opens the tokens of the purse.
         *
         * @return the tokens
         * @throws IOException if the purse's files cannot be relied on
         */
        public BlindTokens build() throws IOException {
            MintApi mint = new MintApi(http == null ? HttpClient.newHttpClient() : http, loopback);
            TokenPurse tokens = TokenPurse.open(purse, clock);
            IssuerBook book = new IssuerBook(purse.directory().resolve("token-issuers"), mint, clock);
            return new BlindTokens(this, tokens, mint, book);
        }
    }
}
