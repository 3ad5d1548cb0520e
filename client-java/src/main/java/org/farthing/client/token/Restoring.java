package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /** Counters asked for at once. As many that were never signed, one after the other, are the end. */
    private static final int BATCH = 64;

    private final TokenPurse purse;
    private final MintApi mint;

    Restoring(TokenPurse purse, MintApi mint) {
        this.purse = purse;
        this.mint = mint;
    }

    /** Goes through the keys, one after the other. */
    CompletableFuture<List<HeldToken>> restore(TokenScope scope, IssuerDirectory directory, List<PublishedKey> keys) {
        CompletableFuture<List<HeldToken>> found = CompletableFuture.completedFuture(new ArrayList<>());
        for (PublishedKey key : keys) {
            found = found.thenCompose(
                    before -> batch(scope, directory, key, 0, 0).thenApply(more -> {
                        before.addAll(more);
                        return before;
                    }));
        }
        return found;
    }

    private CompletableFuture<List<HeldToken>> batch(
            TokenScope scope, IssuerDirectory directory, PublishedKey key, long from, long behindLast) {
        return CompletableFuture.supplyAsync(() -> pending(scope, key, from), Background.THREADS)
                .thenCompose(pending -> mint.restore(
                                URI.create(directory.links().restore()),
                                new PurchaseBody(pending.stream()
                                        .map(PendingToken::request)
                                        .toList()))
                        .thenComposeAsync(
                                answer -> took(scope, directory, key, from, behindLast, pending, answer),
                                Background.THREADS));
    }

    private List<PendingToken> pending(TokenScope scope, PublishedKey key, long from) {
        List<PendingToken> pending = new ArrayList<>();
        for (long counter = from; counter < from + BATCH; counter++) {
            pending.add(purse.pending(scope, key, counter));
        }
        return pending;
    }

    private CompletableFuture<List<HeldToken>> took(
            TokenScope scope,
            IssuerDirectory directory,
            PublishedKey key,
            long from,
            long behindLast,
            List<PendingToken> pending,
            RestoreAnswer answer) {
        try {
            Map<Long, BlindToken> found = new TreeMap<>();
            for (int i = 0; i < pending.size(); i++) {
                Optional<TokenResponse> signed = answer.answers().get(i);
                if (signed.isPresent()) {
                    found.put(from + i, Finishing.verified(pending.get(i), signed.get()));
                }
            }
            if (found.isEmpty()) {
                // Counters that were used up and never signed may lie behind the last token; they are not used again.
                if (behindLast > 0) {
                    purse.restored(scope, key, Map.of(), behindLast + BATCH);
                }
                return CompletableFuture.completedFuture(List.of());
            }
            List<HeldToken> held = purse.restored(scope, key, found, from + BATCH);
            return batch(scope, directory, key, from + BATCH, from + BATCH).thenApply(more -> {
                List<HeldToken> all = new ArrayList<>(held);
                all.addAll(more);
                return all;
            });
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
