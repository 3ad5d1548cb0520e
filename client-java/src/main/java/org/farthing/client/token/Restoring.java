package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.PaymentTimer;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenResponse;

/**
 * Tokens of a lost disk: what was asked for follows from the seed, so it can be asked for again, key by key and counter by
 * counter, until nothing more was signed for a while (F-TK-129).
 */
final class Restoring {

    /** Counters asked for at once: as many as a body may have. */
    private static final int BATCH = 256;

    /** So many that were never signed, one after the other, are the end, if no bundle has more of a value. */
    private static final int WINDOW = 256;

    /** How often an issuer that is asked too fast is waited for in one restore. */
    private static final int MOST_WAITS = 60;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final TokenPurse purse;
    private final MintApi mint;
    private final PaymentTimer timer;

    Restoring(TokenPurse purse, MintApi mint, PaymentTimer timer) {
        this.purse = purse;
        this.mint = mint;
        this.timer = timer;
    }

    /** Goes through the keys, one after the other. */
    CompletableFuture<List<HeldToken>> restore(TokenScope scope, IssuerDirectory directory, List<PublishedKey> keys) {
        Search search = new Search(scope, URI.create(directory.links().restore()));
        CompletableFuture<Search> found = CompletableFuture.completedFuture(search);
        for (PublishedKey key : keys) {
            int window = window(directory, key);
            found = found.thenCompose(before -> search.batch(key, window, 0, 0));
        }
        return found.thenApply(done -> List.copyOf(done.held));
    }

    /** What a purchase, and swaps before and behind it, that came to nothing can have left unsigned before a token. */
    private static int window(IssuerDirectory directory, PublishedKey key) {
        int bought = directory.bundles().stream()
                .mapToInt(bundle -> bundle.tokens().getOrDefault(key.value().baseUnits(), 0))
                .max()
                .orElse(0);
        return Math.max(WINDOW, bought + 2 * TokenState.LONGEST_GAP + SwapPlan.MOST_INPUTS + 1);
    }

    /** One restore: what it found so far. */
    private final class Search {

        private final TokenScope scope;
        private final URI route;
        private final List<HeldToken> held = new ArrayList<>();
        private int waits;

        private Search(TokenScope scope, URI route) {
            this.scope = scope;
            this.route = route;
        }

        /** Asks from a counter on; the last token that was found is before {@code behindLast}. */
        private CompletableFuture<Search> batch(PublishedKey key, int window, long from, long behindLast) {
            int count = (int) Math.min(BATCH, behindLast + window - from);
            return CompletableFuture.supplyAsync(() -> pending(key, from, count), Background.THREADS)
                    .thenCompose(pending -> ask(requests(pending))
                            .thenComposeAsync(
                                    answer -> took(key, window, from, behindLast, pending, answer),
                                    Background.THREADS));
        }

        private List<PendingToken> pending(PublishedKey key, long from, int count) {
            List<PendingToken> pending = new ArrayList<>(count);
            for (long counter = from; counter < from + count; counter++) {
                pending.add(purse.pending(scope, key, counter));
            }
            return pending;
        }

        private PurchaseBody requests(List<PendingToken> pending) {
            return new PurchaseBody(pending.stream().map(PendingToken::request).toList());
        }

        /** A restore of many keys is many requests: an issuer that wants fewer of them at a time is waited for. */
        private CompletableFuture<RestoreAnswer> ask(PurchaseBody body) {
            return mint.restore(route, body).exceptionallyCompose(failure -> {
                Duration wait = Failure.cause(failure) instanceof MintRefusedException refused
                        ? refused.retryAfter().orElse(null)
                        : null;
                if (wait == null || wait.compareTo(LONGEST_WAIT) > 0 || ++waits > MOST_WAITS) {
                    return CompletableFuture.failedFuture(failure);
                }
                return timer.after(wait).toCompletableFuture().thenCompose(waited -> ask(body));
            });
        }

        private CompletableFuture<Search> took(
                PublishedKey key,
                int window,
                long from,
                long behindLast,
                List<PendingToken> pending,
                RestoreAnswer answer) {
            try {
                TreeMap<Long, BlindToken> found = new TreeMap<>();
                for (int i = 0; i < pending.size(); i++) {
                    Optional<TokenResponse> signed = answer.answers().get(i);
                    if (signed.isPresent()) {
                        found.put(from + i, Finishing.verified(pending.get(i), signed.get()));
                    }
                }
                long last = found.isEmpty() ? behindLast : found.lastKey() + 1;
                if (!found.isEmpty()) {
                    held.addAll(purse.restored(scope, key, found));
                }
                long asked = from + pending.size();
                return asked < last + window
                        ? batch(key, window, asked, last)
                        : CompletableFuture.completedFuture(this);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }
    }
}
