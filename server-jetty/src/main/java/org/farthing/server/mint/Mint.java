package org.farthing.server.mint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.ledger.UsedSlice;
import org.farthing.server.token.AcceptedIssuer;
import org.jspecify.annotations.Nullable;

/**
 * A mint (specification: token-mint.md): sells blind tokens for money that its caller takes, changes them, and credits payees
 * with what they took. It rotates its keys and watches that no more tokens come back than it issued.
 *
 * <p><b>Guarantees.</b> What leaves was noted in the ledger in the step that took what it was paid with, so a message is sold
 * once and a token counts once, whatever the number of servers. Every operation may be repeated and gives the same bytes. A
 * signature that does not verify never leaves.
 *
 * <p><b>Threads.</b> Nothing here blocks the caller but {@link #start}, {@link #refresh} and {@link #closeKey}. Stages complete
 * on threads of the ledger or the mint, and fail with {@link MintRefusedException} where a problem is the answer, or with the
 * ledger's {@code LedgerUnavailableException}.
 */
public final class Mint implements AutoCloseable {

    /** How often keys, ledger and folder are looked at. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Duration SHORTEST_UNCHANGED = Duration.ofMinutes(1);
    private static final Duration LONGEST_UNCHANGED = Duration.ofHours(1);

    private final Setup setup;
    private final Notices notices;
    private final KeyKeeper keys;
    private final MintWorkers workers = new MintWorkers();
    private final Selling selling;
    private final Changing changing;
    private final Redeeming redeeming;
    private final Recalling recalling;
    private @Nullable ScheduledExecutorService thread;

    Mint(Setup setup) {
        this.setup = setup;
        this.notices = new Notices(setup);
        this.keys = new KeyKeeper(setup, notices);
        this.selling = new Selling(setup, keys, workers);
        this.changing = new Changing(setup, keys, workers);
        this.redeeming = new Redeeming(setup, keys, workers);
        this.recalling = new Recalling(setup, keys, workers);
    }

    /**
     * Starts a mint.
     *
     * @param issuer its public origin
     * @param ledger its books; the mint does not close them
     * @param keys where its keys come from
     * @param currency what its tokens are worth is counted in, such as {@code usd.e4}
     * @param denominations the values of its tokens
     * @return a builder
     */
    public static MintBuilder builder(
            Origin issuer, Ledger ledger, MintKeys keys, CurrencyId currency, Denominations denominations) {
        return new MintBuilder(issuer, ledger, keys, currency, denominations);
    }

    // ---- life ----------------------------------------------------------------------------------------------------

    /**
     * Makes or reads the keys and begins to look after them, every {@link #INTERVAL}, until it is closed. Making the keys
     * of an epoch takes some seconds.
     *
     * @throws IOException if keys cannot be read or made
     * @throws IllegalStateException if the ledger fails, or no key is on sale then
     */
    public synchronized void start() throws IOException {
        if (thread != null) {
            throw new IllegalStateException("this mint is started already");
        }
        keys.requireNoRemotePayees();
        refresh();
        if (onSale() == 0) {
            throw new IllegalStateException(
                    "The mint " + setup.issuer() + " has no key on sale, so it cannot sell: see " + setup.keys() + ".");
        }
        ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "farthing-mint-keys");
            made.setDaemon(true);
            return made;
        });
        thread = watching;
        var unused = watching.scheduleWithFixedDelay(
                this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Starts the mint if nobody has.
     *
     * @return true if this call did, and so its caller closes it
     * @throws IOException as {@link #start}
     * @throws IllegalStateException as {@link #start}
     */
    public synchronized boolean startIfNeeded() throws IOException {
        boolean needed = thread == null;
        if (needed) {
            start();
        }
        return needed;
    }

    /**
     * Looks at keys, folder and ledger now: makes what is due, registers, closes and lists.
     *
     * @throws IOException if keys cannot be read or made; the keys before stay in use
     * @throws IllegalStateException if the ledger fails; the keys before stay in use
     */
    public void refresh() throws IOException {
        keys.refresh();
        if (onSale() == 0) {
            notices.keys(null, "No token key is on sale, so nothing can be bought. See " + setup.keys() + ".");
        }
    }

    private void look() {
        try {
            refresh();
        } catch (IOException | RuntimeException e) {
            notices.keys(null, "The keys stay as they are: " + e.getMessage());
        }
    }

    private long onSale() {
        return keys.ring().keys().stream()
                .filter(key -> key.published().sellableAt(setup.clock().instant()))
                .count();
    }

    /** Looks after the keys no more, until it is started again. They stay as they are, and what is being signed is finished. */
    @Override
    public synchronized void close() {
        ScheduledExecutorService watching = thread;
        if (watching != null) {
            watching.shutdownNow();
            thread = null;
        }
    }

    // ---- what it is ----------------------------------------------------------------------------------------------

    /**
     * Returns whose tokens these are.
     *
     * @return the issuer's origin
     */
    public Origin issuer() {
        return setup.issuer();
    }

    /**
     * Returns the books.
     *
     * @return the ledger
     */
    public Ledger ledger() {
        return setup.ledger();
    }

    /**
     * Returns what values are counted in.
     *
     * @return the currency id
     */
    public CurrencyId currency() {
        return setup.currency();
    }

    /**
     * Returns what is published.
     *
     * @return the directory; the same object until it changes
     * @throws IllegalStateException if no key is listed: before the start, or when all have ended
     */
    public IssuerDirectory directory() {
        return keys.ring()
                .directory()
                .orElseThrow(() -> new IllegalStateException("The mint " + setup.issuer() + " lists no key."));
    }

    /**
     * Returns for how long what is published is not expected to change, so that nobody goes on with the one before: until a key
     * ends or the next epoch is published, and the time it takes this mint to see to it.
     *
     * @return a minute to an hour; an operator who rotates or closes keys by hand is not foreseen
     */
    public Duration unchangedFor() {
        Instant now = setup.clock().instant();
        Instant next = keys.nextChange();
        if (next.isAfter(now.plus(LONGEST_UNCHANGED))) {
            return LONGEST_UNCHANGED;
        }
        Duration left = Duration.between(now, next).plus(INTERVAL);
        return left.compareTo(SHORTEST_UNCHANGED) < 0
                ? SHORTEST_UNCHANGED
                : left.compareTo(LONGEST_UNCHANGED) > 0 ? LONGEST_UNCHANGED : left;
    }

    /**
     * Returns this mint for payees that take its tokens and keep their books in the same ledger.
     *
     * @return what {@link org.farthing.server.token.AcceptedTokens} is made of
     */
    public AcceptedIssuer acceptedIssuer() {
        return new SharedBooks(setup.issuer(), keys);
    }

    // ---- what it does --------------------------------------------------------------------------------------------

    /**
     * Adds up what messages cost, whether or not they may be bought now: for a purchase that comes again with its payment.
     *
     * @param requests the messages
     * @return the sum of their values
     * @throws MintRefusedException if one names no listed key
     */
    public Amount total(List<TokenRequest> requests) {
        return Messages.of(keys.ring(), requests).total();
    }

    /**
     * Prices messages that may be bought.
     *
     * @param requests the messages, none twice
     * @param bundle whether they must be a bundle
     * @return what they cost; refused if they are not for sale, or one was signed before
     */
    public CompletionStage<Amount> price(List<TokenRequest> requests, boolean bundle) {
        return staged(() -> selling.price(requests, bundle));
    }

    /**
     * Signs messages that are being paid for. The caller has the ledger note the issuance with the money, and only then lets the
     * signatures leave.
     *
     * @param requests the messages, none twice
     * @param bundle whether they must be a bundle
     * @param paid what is paid
     * @param currency in which currency
     * @return the signatures; refused as by {@link #price}
     */
    public CompletionStage<Sale> sell(List<TokenRequest> requests, boolean bundle, Amount paid, CurrencyId currency) {
        return staged(() -> selling.sell(requests, bundle, paid, currency));
    }

    /**
     * Changes tokens into others of the same value.
     *
     * @param challenge what the tokens are for
     * @param tokens the tokens, none twice
     * @param requests messages worth the same, none twice
     * @param owner names the exchange: {@link org.farthing.protocol.token.SwapBody#owner}
     * @param payee the payee that signed the request because it has claimed the tokens in its own books, or null
     * @return the signatures, the same ones for the same exchange
     */
    public CompletionStage<List<TokenResponse>> swap(
            TokenChallenge challenge,
            List<BlindToken> tokens,
            List<TokenRequest> requests,
            String owner,
            @Nullable Origin payee) {
        return staged(() -> changing.swap(challenge, tokens, requests, owner, payee));
    }

    /**
     * Signs again what was signed before, and nothing else.
     *
     * @param requests messages, none twice
     * @return the signatures of those that were signed before
     */
    public CompletionStage<RestoreAnswer> restore(List<TokenRequest> requests) {
        return staged(() -> changing.restore(requests));
    }

    /**
     * Credits a payee with tokens it took.
     *
     * @param payee the payee; the caller knows that it is the one
     * @param challenge what the tokens are for
     * @param tokens the tokens, none twice
     * @return what became of each
     */
    public CompletionStage<RedemptionAnswer> redeem(Origin payee, TokenChallenge challenge, List<BlindToken> tokens) {
        return staged(() -> redeeming.redeem(payee, challenge, tokens));
    }

    /**
     * Reads a part of what a payee was credited with, token by token. Each call looks through a bounded number of tokens.
     *
     * @param payee the payee; the caller knows that it is the one
     * @param after where the part begins, or null for the first
     * @return the part, at most 1000 tokens; it may be empty and yet not the last
     */
    public CompletionStage<UsedSlice> redeemed(Origin payee, @Nullable TokenPlace after) {
        return staged(() -> redeeming.redeemed(payee, after));
    }

    /**
     * Pays out what a charge by tokens gave back.
     *
     * @param credential the credential that paid
     * @param requests messages worth what is due, none twice
     * @return the signatures, the same ones for the same messages
     */
    public CompletionStage<List<TokenResponse>> refund(Credential credential, List<TokenRequest> requests) {
        return staged(() -> redeeming.refund(credential, requests));
    }

    /**
     * Changes tokens of closed keys into others of the same value, for whoever opens them (F-TK-171).
     *
     * @param body the tokens and what is wanted for them
     * @return the signatures, the same ones for the same body
     */
    public CompletionStage<List<TokenResponse>> recall(RecallBody body) {
        return staged(() -> recalling.recall(body));
    }

    /**
     * Counts what was issued and used of each key. Reads all serials.
     *
     * @return one line a key
     */
    public CompletionStage<List<Solvency>> solvency() {
        return setup.ledger().tokens().solvency();
    }

    /**
     * Closes a key for good, because somebody else may have it: nothing of it is sold, spent or changed any more (F-TK-98), but its tokens can be
     * recalled.
     * Blocks until the ledger knows.
     *
     * @param keyId the key
     * @param reason why, 1 to 200 characters
     * @throws IllegalStateException if the ledger fails
     */
    public void closeKey(String keyId, String reason) {
        keys.close(keyId, reason);
    }

    private static <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> operation) {
        try {
            return operation.get();
        } catch (MintRefusedException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Whose, and nothing of the keys. */
    @Override
    public String toString() {
        return "Mint[" + setup.issuer() + ", " + setup.keys() + "]";
    }
}
