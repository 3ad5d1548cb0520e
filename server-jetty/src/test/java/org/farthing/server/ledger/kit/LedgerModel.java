package org.farthing.server.ledger.kit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.farthing.server.ledger.ChargeState;
import org.jspecify.annotations.Nullable;

/**
 * What the books should say, kept in plain maps. Every method does one operation and returns the simple name of the outcome
 * the ledger should give.
 */
final class LedgerModel {

    /** One charge of the model. */
    static final class Entry {

        final String wallet;
        final String currency;
        final long amount;
        final boolean upfront;
        ChargeState state;
        long captured;
        long refunded;
        boolean pending;
        long fence = 1;
        int owner;
        long holdUntil;
        final long createdAt;
        final long expires;
        boolean undelivered;

        Entry(String wallet, String currency, long amount, boolean upfront, int owner, long createdAt, long expires) {
            this.createdAt = createdAt;
            this.expires = expires;
            this.holdUntil = createdAt + HOLD;
            this.wallet = wallet;
            this.currency = currency;
            this.amount = amount;
            this.upfront = upfront;
            this.owner = owner;
            this.state = upfront ? ChargeState.CAPTURED : ChargeState.HELD;
            this.captured = upfront ? amount : 0;
            this.pending = upfront;
        }

        boolean open() {
            return state == ChargeState.HELD || pending;
        }

        /** What of it counts against a daily limit. */
        long spent() {
            if (state == ChargeState.RELEASED || undelivered) {
                return 0;
            }
            return state == ChargeState.HELD ? amount : captured;
        }

        /** The last moment at which it is kept. */
        long keptUntil() {
            boolean shortly = state == ChargeState.RELEASED || amount == 0;
            return open() ? Long.MAX_VALUE : expires + MARGIN + (shortly ? 24 * HOUR : 90 * DAY);
        }
    }

    /** A wallet of the model. */
    static final class Purse {

        final Map<String, long[]> accounts = new HashMap<>();
        final long createdAt;
        boolean suspended;
        boolean frozen;

        @Nullable
        Long limit;

        Purse(long createdAt) {
            this.createdAt = createdAt;
        }

        /** The last moment at which it is kept if nothing was ever paid in. */
        long keptUntil() {
            return createdAt + MARGIN + 30 * DAY;
        }

        long[] account(String currency) {
            return accounts.getOrDefault(currency, new long[2]);
        }
    }

    /** What a purge removes. */
    record Purged(Set<String> charges, int wallets) {}

    /** The currency id that limits of {@link #LIMITED} count. */
    static final String COUNTED = "usd.e6";

    static final String LIMITED = "usd";
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long MARGIN = HOUR;

    private static final long HOLD = Payments.HOLD.toMillis();

    final Map<String, Purse> wallets = new HashMap<>();
    final Map<String, Entry> charges = new HashMap<>();
    final Map<String, List<String>> statements = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private int boot;
    private long now;

    LedgerModel(Instant start) {
        now = start.toEpochMilli();
    }

    void advance(long millis) {
        now += millis;
    }

    void reopen() {
        boot++;
    }

    String register(String wallet) {
        return wallets.putIfAbsent(wallet, new Purse(now)) == null ? "Changed" : "Unchanged";
    }

    String suspend(String wallet, boolean suspended) {
        Purse purse = wallets.get(wallet);
        if (purse == null) {
            return "Unknown";
        }
        boolean same = purse.suspended == suspended;
        purse.suspended = suspended;
        return same ? "Unchanged" : "Changed";
    }

    String freeze(String wallet, boolean frozen) {
        Purse purse = wallets.get(wallet);
        if (purse == null) {
            return "Unknown";
        }
        boolean same = purse.frozen == frozen;
        purse.frozen = frozen;
        return same ? "Unchanged" : "Changed";
    }

    String limit(String wallet, @Nullable Long limit, boolean mayRaise) {
        Purse purse = wallets.get(wallet);
        if (purse == null) {
            return "Unknown";
        }
        Long was = purse.limit;
        if (Objects.equals(was, limit)) {
            return "Unchanged";
        }
        if (was != null && (limit == null || limit > was) && !mayRaise) {
            return "Refused";
        }
        purse.limit = limit;
        return "Changed";
    }

    /** What a wallet spent today that its limit counts. */
    long spentToday(String wallet) {
        return charges.values().stream()
                .filter(entry -> entry.wallet.equals(wallet) && entry.currency.equals(COUNTED))
                .filter(entry -> entry.createdAt / DAY == now / DAY)
                .mapToLong(Entry::spent)
                .sum();
    }

    String topUp(String wallet, String currency, long amount, String key) {
        Purse purse = wallets.get(wallet);
        if (purse == null) {
            return "UnknownWallet";
        }
        String same = keys.putIfAbsent("topup " + wallet + " " + key, currency + " " + amount);
        if (same != null) {
            return same.equals(currency + " " + amount) ? "Repeated" : "KeyConflict";
        }
        purse.accounts.computeIfAbsent(currency, unused -> new long[2])[0] += amount;
        move(wallet, "TOP_UP", currency, amount);
        return "Credited";
    }

    String reserve(String challenge, String wallet, String currency, long amount, boolean upfront, long expires) {
        if (charges.containsKey(challenge)) {
            return "Known";
        }
        if (expires <= now) {
            return "Expired";
        }
        Purse purse = wallets.get(wallet);
        if (purse == null || purse.suspended || purse.frozen) {
            return "WalletUnusable";
        }
        Long limit = purse.limit;
        boolean counts = amount > 0 && currency.equals(COUNTED);
        if (limit != null && counts && spentToday(wallet) + amount > limit) {
            return "LimitExceeded";
        }
        long[] account = purse.account(currency);
        if (account[0] < amount) {
            return "InsufficientFunds";
        }
        account[0] -= amount;
        account[1] += upfront ? 0 : amount;
        charges.put(challenge, new Entry(wallet, currency, amount, upfront, boot, now, expires));
        move(wallet, upfront ? "CAPTURE" : "HOLD", currency, amount);
        return "Held";
    }

    String renew(String challenge, long fence) {
        Entry entry = entry(challenge);
        if (entry.fence != fence || !entry.open()) {
            return "Lost";
        }
        entry.holdUntil = now + HOLD;
        return "Done";
    }

    String capture(String challenge, long fence, long amount) {
        Entry entry = entry(challenge);
        if (entry.fence != fence || entry.state != ChargeState.HELD) {
            return "Lost";
        }
        entry.state = ChargeState.CAPTURED;
        entry.captured = amount;
        long[] account = account(entry);
        account[1] -= entry.amount;
        account[0] += entry.amount - amount;
        move(entry.wallet, "CAPTURE", entry.currency, amount);
        move(entry.wallet, "RELEASE", entry.currency, entry.amount - amount);
        return "Done";
    }

    String release(String challenge, long fence) {
        Entry entry = entry(challenge);
        if (entry.fence != fence || entry.state != ChargeState.HELD) {
            return "Lost";
        }
        entry.state = ChargeState.RELEASED;
        long[] account = account(entry);
        account[1] -= entry.amount;
        account[0] += entry.amount;
        move(entry.wallet, "RELEASE", entry.currency, entry.amount);
        return "Done";
    }

    String delivered(String challenge, long fence) {
        Entry entry = entry(challenge);
        if (entry.fence != fence || !entry.pending) {
            return "Lost";
        }
        entry.pending = false;
        return "Done";
    }

    String refundUndelivered(String challenge, long fence) {
        Entry entry = entry(challenge);
        if (entry.fence != fence || !entry.pending) {
            return "Lost";
        }
        long back = entry.captured - entry.refunded;
        entry.pending = false;
        entry.state = ChargeState.REFUNDED;
        entry.undelivered = true;
        entry.refunded = entry.captured;
        account(entry)[0] += back;
        move(entry.wallet, "REFUND", entry.currency, back);
        return "Done";
    }

    String takeOver(String challenge, boolean sameBytes) {
        Entry entry = charges.get(challenge);
        if (entry == null) {
            return "Unknown";
        }
        if (!sameBytes || !entry.open() || entry.owner == boot) {
            return "Refused";
        }
        entry.fence++;
        entry.owner = boot;
        entry.holdUntil = now + HOLD;
        return "Taken";
    }

    String refund(String challenge, long amount, String key) {
        Entry entry = charges.get(challenge);
        if (entry == null) {
            return "Unknown";
        }
        String id = "refund " + challenge + " " + key;
        String same = keys.get(id);
        if (same != null) {
            return same.equals(Long.toString(amount)) ? "Repeated" : "KeyConflict";
        }
        if (entry.state != ChargeState.CAPTURED || amount > entry.captured - entry.refunded) {
            return "TooMuch";
        }
        keys.put(id, Long.toString(amount));
        entry.refunded += amount;
        if (entry.refunded == entry.captured) {
            entry.state = ChargeState.REFUNDED;
            entry.pending = false;
        }
        account(entry)[0] += amount;
        move(entry.wallet, "REFUND", entry.currency, amount);
        return "Refunded";
    }

    /** Ends what is overdue, the longest overdue first, and says how many. */
    int sweep() {
        List<String> overdue = new ArrayList<>();
        charges.forEach((id, entry) -> {
            if (entry.open() && entry.holdUntil < now) {
                overdue.add(id);
            }
        });
        for (String id : overdue) {
            Entry entry = entry(id);
            if (entry.state == ChargeState.HELD) {
                release(id, entry.fence);
            } else {
                refundUndelivered(id, entry.fence);
            }
        }
        return overdue.size();
    }

    /** How long until the next charge or wallet is kept for the last moment; a negative number if there is none. */
    long untilTheNextEdge() {
        LongStream edges = LongStream.concat(
                charges.values().stream().mapToLong(Entry::keptUntil),
                wallets.values().stream()
                        .filter(purse -> purse.accounts.isEmpty())
                        .mapToLong(Purse::keptUntil));
        return edges.filter(edge -> edge > now && edge < Long.MAX_VALUE).min().orElse(now - 1) - now;
    }

    /** Forgets what is past its retention. */
    Purged purge() {
        Set<String> past = new TreeSet<>();
        charges.forEach((id, entry) -> {
            if (entry.keptUntil() < now) {
                past.add(id);
            }
        });
        past.forEach(charges::remove);
        int before = wallets.size();
        wallets.entrySet()
                .removeIf(wallet -> wallet.getValue().accounts.isEmpty()
                        && wallet.getValue().keptUntil() < now
                        && charges.values().stream().noneMatch(entry -> entry.wallet.equals(wallet.getKey())));
        return new Purged(past, before - wallets.size());
    }

    @Nullable
    Entry find(String challenge) {
        return charges.get(challenge);
    }

    private Entry entry(String challenge) {
        Entry entry = charges.get(challenge);
        if (entry == null) {
            throw new IllegalArgumentException(challenge);
        }
        return entry;
    }

    /** A charge of nothing may be without an account: then there is nothing to add to. */
    private long[] account(Entry entry) {
        Purse purse = wallets.get(entry.wallet);
        return purse == null ? new long[2] : purse.account(entry.currency);
    }

    private void move(String wallet, String kind, String currency, long amount) {
        if (amount > 0) {
            statements.computeIfAbsent(wallet, unused -> new ArrayList<>()).add(kind + " " + amount + " " + currency);
        }
    }
}
