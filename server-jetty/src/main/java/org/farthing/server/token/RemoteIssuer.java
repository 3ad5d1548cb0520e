package org.farthing.server.token;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.TokenBooks;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.method.ExposureLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer that keeps its books elsewhere, and its directory, kept fresh (spec/token-remote.md, F-TK-102 to F-TK-108).
 *
 * <p><b>Guarantees.</b> The directory is fetched from the configured origin only: nothing a message says can add an issuer (T21).
 * One that is older than the age limit counts no more, because a key may have been closed since (T37). Before a directory counts,
 * the ledger has registered every key in it; one that contradicts what the ledger knows never counts (T58, T69).
 *
 * <p><b>Threads.</b> Thread-safe; never blocks. It has no timer: {@link #refresh} is called by who has one.
 */
public final class RemoteIssuer implements AcceptedIssuer {

    /** How often the directory is to be refreshed; the specification allows at most 5 minutes. */
    public static final Duration REFRESH_EVERY = Duration.ofMinutes(4);

    /** How soon it is asked for again at the soonest: no issuer is asked more often (F-KY-52), and its mint takes a moment. */
    public static final Duration SOONEST = Duration.ofSeconds(65);

    /** How old a directory may be unless configured otherwise. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(RemoteIssuer.class);

    private final Origin origin;
    private final DirectorySource source;
    private final Trust trust;
    private final TokenBooks books;
    private final InstantSource clock;
    private @Nullable Counting last;
    private Duration again = REFRESH_EVERY;
    private @Nullable CompletableFuture<Boolean> underWay;

    /** A directory whose keys are registered, as of when: of when asking for it began, less the age that caches gave it. */
    private record Counting(IssuerDirectory directory, Instant at) {}

    /**
     * How far an issuer is trusted.
     *
     * @param exposure how much may be taken of its tokens without its word that it redeems them
     * @param maxAge how old its directory may be to count, more than {@link #REFRESH_EVERY}
     */
    public record Trust(ExposureLimits exposure, Duration maxAge) {

        /** The usual trust: a thousand minor units, and directories of the last 15 minutes. */
        public static final Trust DEFAULT = new Trust(ExposureLimits.DEFAULT, DEFAULT_MAX_AGE);

        /**
         * Checks the age.
         *
         * @param exposure as the record says
         * @param maxAge as the record says
         * @throws IllegalArgumentException if the age is not longer than the time between two refreshes
         */
        public Trust {
            if (maxAge.compareTo(REFRESH_EVERY) <= 0) {
                throw new IllegalArgumentException("the directories of issuers are refreshed every " + REFRESH_EVERY
                        + ": let them count for longer");
            }
        }
    }

    /**
     * Creates an issuer without a directory yet: {@link #refresh} it before the first payment.
     *
     * @param origin the issuer's origin
     * @param source where its directory comes from
     * @param trust how far it is trusted
     * @param books where its keys are registered
     * @param clock the time
     */
    public RemoteIssuer(Origin origin, DirectorySource source, Trust trust, TokenBooks books, InstantSource clock) {
        this.origin = origin;
        this.source = source;
        this.trust = trust;
        this.books = books;
        this.clock = clock;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public synchronized Optional<IssuerDirectory> directory() {
        Counting known = last;
        return known == null || !clock.instant().isBefore(known.at().plus(trust.maxAge()))
                ? Optional.empty()
                : Optional.of(known.directory());
    }

    @Override
    public long exposureLimit(CurrencyId currency, Amount amount) {
        return trust.exposure().baseUnits(currency, amount);
    }

    @Override
    public boolean sharesLedger() {
        return false;
    }

    /**
     * Returns where the issuer wants to be asked, also when its directory is too old for anything else: what was taken must be
     * presented.
     *
     * @param which the link
     * @return an address of the issuer's origin; empty while no directory is known
     */
    public synchronized Optional<URI> link(Function<IssuerLinks, String> which) {
        return Optional.ofNullable(last)
                .map(known -> URI.create(which.apply(known.directory().links())));
    }

    /**
     * Fetches the directory and registers its keys, or joins the refresh under way. What cannot be fetched or does not count
     * leaves the directory before in place.
     *
     * @return true if there is a directory of now; never fails
     */
    public CompletionStage<Boolean> refresh() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        synchronized (this) {
            if (underWay != null) {
                return underWay.copy();
            }
            underWay = mine;
        }
        Instant asked = clock.instant();
        fetched().thenCompose(this::registered).whenComplete((fetched, failure) -> {
            if (failure != null) {
                LOG.warn("The directory of the token issuer {} is not renewed: {}", origin, cause(failure));
            }
            synchronized (this) {
                underWay = null;
                if (fetched != null) {
                    count(fetched, asked);
                }
            }
            mine.complete(fetched != null);
        });
        return mine.copy();
    }

    /** A cache that is asked later may give an older one: then the newer stays. */
    private void count(DirectorySource.Fetched fetched, Instant asked) {
        Instant at = asked.minus(fetched.age());
        if (last == null || !at.isBefore(last.at())) {
            last = new Counting(fetched.directory(), at);
        }
        Duration left = fetched.left().orElse(REFRESH_EVERY);
        again = left.compareTo(SOONEST) < 0 ? SOONEST : left.compareTo(REFRESH_EVERY) > 0 ? REFRESH_EVERY : left;
    }

    /**
     * Returns when the directory is to be asked for again after a refresh: when its issuer expects to change it, and at least
     * every {@link #REFRESH_EVERY}.
     *
     * @return how long from then
     */
    public synchronized Duration refreshIn() {
        return again;
    }

    private CompletionStage<DirectorySource.Fetched> fetched() {
        try {
            return source.fetch(origin);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What was fetched once all its keys are in the ledger, or null if it does not count. */
    private CompletionStage<DirectorySource.@Nullable Fetched> registered(DirectorySource.Fetched fetched) {
        return registered(fetched.directory())
                .thenApply(directory -> directory == null
                        ? null
                        : new DirectorySource.Fetched(directory, fetched.age(), fetched.left()));
    }

    private CompletionStage<@Nullable IssuerDirectory> registered(IssuerDirectory fetched) {
        if (!fetched.issuer().equals(origin)) {
            LOG.error("The directory of the token issuer {} names another issuer and is not used", origin);
            return CompletableFuture.completedFuture(null);
        }
        IssuerDirectory known = known();
        if (known != null && fetched.equals(known)) {
            return CompletableFuture.completedFuture(known);
        }
        return registered(fetched, 0);
    }

    private synchronized @Nullable IssuerDirectory known() {
        return last == null ? null : last.directory();
    }

    private CompletionStage<@Nullable IssuerDirectory> registered(IssuerDirectory directory, int from) {
        List<PublishedKey> keys = directory.keys();
        if (from == keys.size()) {
            return CompletableFuture.completedFuture(directory);
        }
        PublishedKey key = keys.get(from);
        return books.openKey(terms(key)).thenCompose(result -> {
            if (result instanceof KeyResult.OtherTerms || result instanceof KeyResult.SameLastByte) {
                LOG.error(
                        "The directory of the token issuer {} contradicts the ledger about key {} ({}) and is not used: ask "
                                + "the issuer, and accept nothing of it meanwhile",
                        origin,
                        key.key().keyId(),
                        result.getClass().getSimpleName());
                return CompletableFuture.completedFuture(null);
            }
            return registered(directory, from + 1);
        });
    }

    private TokenKeyTerms terms(PublishedKey key) {
        return new TokenKeyTerms(
                key.key().keyId(),
                origin.text(),
                false,
                key.value().baseUnits(),
                key.currency().text(),
                key.notBefore(),
                key.notAfter(),
                key.spendUntil(),
                key.redeemUntil(),
                key.swapUntil());
    }

    private static String cause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
