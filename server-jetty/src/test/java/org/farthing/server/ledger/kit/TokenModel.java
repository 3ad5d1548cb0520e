package org.farthing.server.ledger.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.UsedToken;
import org.jspecify.annotations.Nullable;

/** What tokens, charges and accounts should be, worked out in the plainest way: who has which token, and where the money is. */
final class TokenModel {

    private static final long RESERVED =
            Payments.VALID.plus(Duration.ofMinutes(10)).toMillis();

    /** One charge paid with tokens. */
    static final class Paid {
        final String id;
        final List<UsedToken> tokens;
        final long value;
        final long freeFrom;
        final boolean upfront;
        HoldRef ref;
        ChargeState state;
        boolean pending;
        long holdUntil;
        long captured;
        long refunded;
        long handedOut;

        Paid(String id, List<UsedToken> tokens, long value, boolean upfront, HoldRef ref, long now) {
            this.id = id;
            this.tokens = tokens;
            this.value = value;
            this.upfront = upfront;
            this.ref = ref;
            this.state = upfront ? ChargeState.CAPTURED : ChargeState.HELD;
            this.pending = upfront;
            this.captured = upfront ? value : 0;
            this.freeFrom = now + RESERVED;
            this.holdUntil = now + Payments.HOLD.toMillis();
        }

        boolean open() {
            return state == ChargeState.HELD || pending;
        }
    }

    final List<UsedToken> pool = new ArrayList<>();
    final List<Paid> charges = new ArrayList<>();
    final Map<Long, Long> issued = new TreeMap<>();
    private final Map<UsedToken, String> owners = new HashMap<>();
    private final Map<String, Long> free = new HashMap<>();
    long wallet = 1000;
    long out;
    long earned;

    /** What is signed becomes a token that can be spent. */
    void sign(String name, List<Long> values) {
        for (int i = 0; i < values.size(); i++) {
            pool.add(Tokens.token(values.get(i), name + "#" + i));
            issued.merge(values.get(i), 1L, Long::sum);
        }
    }

    /** Different tokens of those there are. */
    List<UsedToken> pick(int first, int count) {
        List<UsedToken> picked = new ArrayList<>();
        for (int i = 0; i < count && i < pool.size(); i++) {
            picked.add(pool.get((first + 2 * i) % pool.size()));
        }
        return picked.stream().distinct().toList();
    }

    @Nullable
    String owner(UsedToken token) {
        return owners.get(token);
    }

    boolean usable(UsedToken token, long now) {
        String owner = owners.get(token);
        return owner == null || free.getOrDefault(owner, Long.MAX_VALUE) <= now;
    }

    List<Integer> spent(List<UsedToken> tokens, long now) {
        List<Integer> spent = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (!usable(tokens.get(i), now)) {
                spent.add(i);
            }
        }
        return spent;
    }

    void use(List<UsedToken> tokens, String owner) {
        tokens.forEach(token -> owners.put(token, owner));
    }

    void giveFree(Paid charge) {
        free.put(charge.id, charge.freeFrom);
    }

    /** The charge whose tokens are the next to be free. */
    @Nullable
    Paid nextFree(long now) {
        return charges.stream()
                .filter(charge -> free.containsKey(charge.id) && charge.freeFrom > now)
                .min(Comparator.comparingLong(charge -> charge.freeFrom))
                .orElse(null);
    }

    void capture(Paid charge, long amount) {
        charge.state = ChargeState.CAPTURED;
        charge.captured = amount;
        if (amount == 0) {
            giveFree(charge);
        }
        move(amount);
    }

    void release(Paid charge) {
        charge.state = ChargeState.RELEASED;
        giveFree(charge);
    }

    void undelivered(Paid charge) {
        charge.state = ChargeState.REFUNDED;
        charge.pending = false;
        // The very tokens are free again, so nothing is due.
        charge.refunded = charge.captured;
        charge.handedOut = charge.captured;
        giveFree(charge);
        move(-charge.value);
    }

    /** From the holders of tokens to payees. */
    void move(long amount) {
        out -= amount;
        earned += amount;
    }

    int sweep(long now) {
        int ended = 0;
        for (Paid charge : charges) {
            if (charge.open() && charge.holdUntil < now) {
                ended++;
                if (charge.pending) {
                    undelivered(charge);
                } else {
                    release(charge);
                }
            }
        }
        return ended;
    }

    /** How many different tokens of a value were used for anything. */
    long used(long value) {
        return owners.keySet().stream()
                .filter(token -> token.keyId().equals(Tokens.mine(value).keyId()))
                .count();
    }

    /** An amount as tokens, largest first. */
    static List<Long> split(long amount) {
        List<Long> values = new ArrayList<>();
        long left = amount;
        for (long value : List.of(4L, 2L, 1L)) {
            for (; left >= value; left -= value) {
                values.add(value);
            }
        }
        return values;
    }
}
