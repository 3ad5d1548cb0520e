package org.farthing.client.token;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.farthing.protocol.token.TokenSerial;
import org.jspecify.annotations.Nullable;

/**
 * Several swaps, one after the other, or several recalls. What is said to stand in the way of one is left out and the rest of it is
 * asked for again, so that one bad token keeps no other from being changed (F-TK-164).
 */
final class SwapRound {

    /**
     * What came of one swap: new tokens, or which of the given ones stood in the way.
     *
     * @param spent the used ones
     * @param tooOld those that cannot be given for another reason
     */
    record Given(List<HeldToken> fresh, List<TokenSerial> spent, List<TokenSerial> tooOld) {}

    /**
     * What came of all.
     *
     * @param fresh the new tokens
     * @param spent which of the given ones are used up, say the answers
     */
    record Swapped(List<HeldToken> fresh, List<TokenSerial> spent) {}

    private final Function<List<Coin>, CompletableFuture<Given>> give;
    private final Deque<List<Coin>> left;
    private final List<HeldToken> fresh = new ArrayList<>();
    private final List<TokenSerial> spent = new ArrayList<>();
    private @Nullable Throwable refusal;

    SwapRound(List<List<Coin>> swaps, Function<List<Coin>, CompletableFuture<Given>> give) {
        this.left = new ArrayDeque<>(swaps);
        this.give = give;
    }

    /** Does one after the other; fails with the first refusal if nothing at all came of it. */
    CompletableFuture<Swapped> go() {
        List<Coin> inputs = left.poll();
        if (inputs == null) {
            return refusal == null || !fresh.isEmpty() || !spent.isEmpty()
                    ? CompletableFuture.completedFuture(new Swapped(List.copyOf(fresh), List.copyOf(spent)))
                    : CompletableFuture.failedFuture(refusal);
        }
        return give.apply(inputs)
                .<CompletionStage<Swapped>>handleAsync(
                        (given, failure) -> failure == null ? went(inputs, given) : refused(failure),
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
        if (!MintRefusedException.isFinal(failure)) {
            return CompletableFuture.failedFuture(failure);
        }
        refusal = refusal == null ? failure : refusal;
        return go();
    }
}
