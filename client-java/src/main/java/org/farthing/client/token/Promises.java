package org.farthing.client.token;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.farthing.protocol.token.TokenSerial;

/**
 * Tokens that payments of this process were told they can pay with, before they reserve them on disk. Others choose other tokens
 * as long as there are any, so that payments at the same time do not run for the same ones (F-TK-179). A promise binds nobody:
 * a payment may come to nothing in between, and then its tokens are there for whoever has no others.
 *
 * <p>Safe between threads.
 */
final class Promises {

    /** How long a payment takes at most from its promise to its reservation, unless a person is asked. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Map<String, Promise> promises = new HashMap<>();

    private record Promise(Set<TokenSerial> serials, Instant made) {}

    /** Promises tokens to a payment, in place of what it was promised before. */
    synchronized void make(String owner, List<Coin> coins, Instant now) {
        drop(now);
        promises.put(owner, new Promise(coins.stream().map(Coin::serial).collect(Collectors.toSet()), now));
    }

    /** The payment has reserved its tokens. */
    synchronized void end(String owner) {
        promises.remove(owner);
    }

    /** What was promised to others than this payment. */
    synchronized Set<TokenSerial> toOthers(String owner, Instant now) {
        drop(now);
        Set<TokenSerial> others = new HashSet<>();
        promises.forEach((other, promise) -> {
            if (!other.equals(owner)) {
                others.addAll(promise.serials());
            }
        });
        return others;
    }

    /** A clock that was set back ends them too. */
    private void drop(Instant now) {
        promises.values()
                .removeIf(promise -> now.isBefore(promise.made())
                        || !now.isBefore(promise.made().plus(KEPT)));
    }
}
