package org.farthing.server.ledger.kit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

        Entry(String wallet, String currency, long amount, boolean upfront, int owner, long holdUntil) {
            this.wallet = wallet;
            this.currency = currency;
            this.amount = amount;
            this.upfront = upfront;
            this.owner = owner;
            this.holdUntil = holdUntil;
            this.state = upfront ? ChargeState.CAPTURED : ChargeState.HELD;
            this.captured = upfront ? amount : 0;
            this.pending = upfront;
        }

        boolean open() {
            return state == ChargeState.HELD || pending;
        }
    }

    private static final long HOLD = Payments.HOLD.toMillis();

    final Map<String, Map<String, long[]>> wallets = new HashMap<>();
    final Map<String, Entry> charges = new HashMap<>();
    final Map<String, List<String>> statements = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private int boot;
    private long now;

    void advance(long millis) {
        now += millis;
    }

    void reopen() {
        boot++;
    }

    String register(String wallet) {
        return wallets.putIfAbsent(wallet, new HashMap<>()) == null ? "Changed" : "Unchanged";
    }

    String topUp(String wallet, String currency, long amount, String key) {
        Map<String, long[]> accounts = wallets.get(wallet);
        if (accounts == null) {
            return "UnknownWallet";
        }
        String same = keys.putIfAbsent("topup " + wallet + " " + key, currency + " " + amount);
        if (same != null) {
            return same.equals(currency + " " + amount) ? "Repeated" : "KeyConflict";
        }
        accounts.computeIfAbsent(currency, unused -> new long[2])[0] += amount;
        move(wallet, "TOP_UP", currency, amount);
        return "Credited";
    }

    String reserve(String challenge, String wallet, String currency, long amount, boolean upfront) {
        if (charges.containsKey(challenge)) {
            return "Known";
        }
        Map<String, long[]> accounts = wallets.get(wallet);
        if (accounts == null) {
            return "WalletUnusable";
        }
        long[] account = accounts.getOrDefault(currency, new long[2]);
        if (account[0] < amount) {
            return "InsufficientFunds";
        }
        account[0] -= amount;
        account[1] += upfront ? 0 : amount;
        charges.put(challenge, new Entry(wallet, currency, amount, upfront, boot, now + HOLD));
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
        return wallets.getOrDefault(entry.wallet, Map.of()).getOrDefault(entry.currency, new long[2]);
    }

    private void move(String wallet, String kind, String currency, long amount) {
        if (amount > 0) {
            statements.computeIfAbsent(wallet, unused -> new ArrayList<>()).add(kind + " " + amount + " " + currency);
        }
    }
}
