package org.farthing.server.ledger.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.OutboxItem.State;
import org.farthing.server.ledger.VouchedPayment;
import org.jspecify.annotations.Nullable;

/**
 * What the books of a payee and of a wallet service should say, kept in plain maps. Every method does one operation and returns
 * the simple name of the outcome the ledgers should give.
 */
final class TwoLedgersModel {

    /** A charge of the payee. */
    static final class Sale {

        final long amount;
        ChargeState state = ChargeState.HELD;
        long captured;
        long refunded;
        long writtenOff;
        long holdUntil;
        final Map<String, Long> refunds = new HashMap<>();

        Sale(long amount, long holdUntil) {
            this.amount = amount;
            this.holdUntil = holdUntil;
        }
    }

    /** A payment of the service. */
    static final class Payment {

        final long amount;
        final long expires;
        ChargeState state = ChargeState.HELD;
        boolean late;
        long captured;
        long refunded;
        final Map<String, Long> refunds = new HashMap<>();

        Payment(long amount, long expires) {
            this.amount = amount;
            this.expires = expires;
        }

        long holdExpires() {
            return expires + Payments.COLLECT.toMillis();
        }
    }

    /** A row of the outbox. */
    static final class Item {

        final String challenge;
        final Kind kind;
        final long amount;
        final @Nullable String key;
        final long place;
        State state = State.WAITING;
        long notBefore;

        Item(String challenge, Kind kind, long amount, @Nullable String key, long place, long notBefore) {
            this.challenge = challenge;
            this.kind = kind;
            this.amount = amount;
            this.key = key;
            this.place = place;
            this.notBefore = notBefore;
        }

        boolean unfinished() {
            return state == State.WAITING || state == State.FAILED;
        }

        String text() {
            return kind + " t-" + challenge + " " + amount;
        }
    }

    static final long MONEY = 150;
    static final long TRUST = 100;
    static final long LEASE = 20_000;

    /** In the order they were made: so overdue ones of one time are ended. */
    final Map<String, Sale> sales = new LinkedHashMap<>();

    final Map<String, Payment> payments = new TreeMap<>();
    final List<Item> outbox = new ArrayList<>();
    long available = MONEY;
    private long now;

    void advance(long millis) {
        now += millis;
    }

    // ---- the service

    String pay(String challenge, long amount) {
        if (payments.containsKey(challenge)) {
            return "Known";
        }
        if (amount > available) {
            return "Refused";
        }
        available -= amount;
        payments.put(challenge, new Payment(amount, now + Payments.VALID.toMillis()));
        return "Held";
    }

    String releaseByPayer(String challenge) {
        Payment payment = payments.get(challenge);
        if (payment == null) {
            return "Unknown";
        }
        if (payment.state == ChargeState.HELD) {
            end(payment, now >= payment.holdExpires());
        }
        return payment.state == ChargeState.RELEASED ? "Released" : "Captured";
    }

    private void end(Payment payment, boolean late) {
        payment.state = ChargeState.RELEASED;
        payment.late = late;
        available += payment.amount;
    }

    int sweepService() {
        int ended = 0;
        for (Payment payment : payments.values()) {
            if (payment.state == ChargeState.HELD && payment.holdExpires() < now) {
                end(payment, true);
                ended++;
            }
        }
        return ended;
    }

    /** What the service says to a row; it never fails a payee that did its part in time. */
    private boolean done(Item item) {
        Payment payment = payments.get(item.challenge);
        if (payment == null) {
            return false;
        }
        return switch (item.kind) {
            case CAPTURE -> captured(payment, item.amount);
            case RELEASE -> released(payment);
            case REFUND -> refunded(payment, item);
        };
    }

    private boolean captured(Payment payment, long amount) {
        if (payment.state == ChargeState.HELD && now < payment.holdExpires()) {
            payment.state = ChargeState.CAPTURED;
            payment.captured = amount;
            available += payment.amount - amount;
            return true;
        }
        return payment.state == ChargeState.CAPTURED && payment.captured == amount;
    }

    private boolean released(Payment payment) {
        if (payment.state == ChargeState.HELD && now < payment.holdExpires()) {
            end(payment, false);
        }
        return payment.state == ChargeState.RELEASED && !payment.late;
    }

    private boolean refunded(Payment payment, Item item) {
        if (payment.state != ChargeState.CAPTURED) {
            return false;
        }
        Long before = payment.refunds.get(item.key);
        if (before != null) {
            return before == item.amount;
        }
        if (item.amount > payment.captured - payment.refunded) {
            return false;
        }
        payment.refunds.put(item.key, item.amount);
        payment.refunded += item.amount;
        available += item.amount;
        return true;
    }

    // ---- the payee

    String show(String challenge) {
        Payment payment = payments.get(challenge);
        if (payment == null) {
            throw new IllegalArgumentException(challenge);
        }
        if (sales.containsKey(challenge)) {
            return "Known";
        }
        long holdUntil = now + Payments.HOLD.toMillis();
        if (now >= payment.expires || holdUntil >= payment.holdExpires() - Backing.MARGIN.toMillis()) {
            return "Expired";
        }
        if (exposure() + payment.amount > TRUST) {
            return "ExposureExceeded";
        }
        sales.put(challenge, new Sale(payment.amount, holdUntil));
        return "Held";
    }

    String capture(String challenge, long amount) {
        Sale sale = sale(challenge);
        if (sale.state != ChargeState.HELD) {
            return "Lost";
        }
        sale.state = ChargeState.CAPTURED;
        sale.captured = amount;
        tell(challenge, Kind.CAPTURE, amount, null);
        return "Done";
    }

    String release(String challenge) {
        Sale sale = sale(challenge);
        if (sale.state != ChargeState.HELD) {
            return "Lost";
        }
        sale.state = ChargeState.RELEASED;
        tell(challenge, Kind.RELEASE, sale.amount, null);
        return "Done";
    }

    String refund(String challenge, long amount, String key) {
        Sale sale = sales.get(challenge);
        if (sale == null) {
            return "Unknown";
        }
        Long before = sale.refunds.get(key);
        if (before != null) {
            return before == amount ? "Repeated" : "KeyConflict";
        }
        boolean possible = sale.state == ChargeState.CAPTURED && sale.writtenOff == 0;
        if (!possible || amount > sale.captured - sale.refunded) {
            return "TooMuch";
        }
        sale.refunds.put(key, amount);
        sale.refunded += amount;
        sale.state = sale.refunded == sale.captured ? ChargeState.REFUNDED : sale.state;
        tell(challenge, Kind.REFUND, amount, key);
        return "Refunded";
    }

    int sweepPayee() {
        int ended = 0;
        List<Map.Entry<String, Sale>> overdue = new ArrayList<>(sales.entrySet());
        overdue.sort(Comparator.<Map.Entry<String, Sale>>comparingLong(entry -> entry.getValue().holdUntil)
                .thenComparing(Map.Entry::getKey));
        for (Map.Entry<String, Sale> entry : overdue) {
            Sale sale = entry.getValue();
            if (sale.state == ChargeState.HELD && sale.holdUntil < now) {
                release(entry.getKey());
                ended++;
            }
        }
        return ended;
    }

    private void tell(String challenge, Kind kind, long amount, @Nullable String key) {
        outbox.add(new Item(challenge, kind, amount, key, outbox.size(), now));
    }

    // ---- between them

    /** Takes what is due, the longest due first. */
    List<Item> due(int limit) {
        List<Item> due = new ArrayList<>();
        for (Item item : outbox) {
            boolean first = outbox.stream()
                    .noneMatch(
                            one -> one.challenge.equals(item.challenge) && one.place < item.place && one.unfinished());
            if (item.state == State.WAITING && item.notBefore <= now && first) {
                due.add(item);
            }
        }
        due.sort(Comparator.<Item>comparingLong(item -> item.notBefore).thenComparingLong(item -> item.place));
        List<Item> taken = List.copyOf(due.subList(0, Math.min(limit, due.size())));
        taken.forEach(item -> item.notBefore = now + LEASE);
        return taken;
    }

    /** Tells the service; true if it has done, now or before, what the row says. */
    boolean tell(Item item) {
        return done(item);
    }

    void note(Item item, boolean done) {
        if (item.state == State.WAITING) {
            item.state = done || item.kind == Kind.RELEASE ? State.DONE : State.FAILED;
        }
    }

    void reopenPayee() {
        outbox.forEach(
                item -> item.notBefore = item.state == State.WAITING && item.notBefore > now ? now : item.notBefore);
    }

    @Nullable
    Item firstFailed() {
        return outbox.stream()
                .filter(item -> item.state == State.FAILED)
                .findFirst()
                .orElse(null);
    }

    void tryAgain(Item item) {
        item.state = State.WAITING;
        item.notBefore = now;
    }

    void writeOff(Item item) {
        item.state = State.WRITTEN_OFF;
        if (item.kind != Kind.CAPTURE) {
            return;
        }
        Sale sale = sale(item.challenge);
        sale.writtenOff = sale.captured - sale.refunded;
        outbox.stream()
                .filter(one -> one.challenge.equals(item.challenge) && one.kind == Kind.REFUND && one.unfinished())
                .forEach(one -> one.state = State.WRITTEN_OFF);
    }

    // ---- sums

    long exposure() {
        long held = sales.values().stream()
                .filter(sale -> sale.state == ChargeState.HELD)
                .mapToLong(sale -> sale.amount)
                .sum();
        return held
                + outbox.stream()
                        .filter(item -> item.kind == Kind.CAPTURE && item.unfinished())
                        .mapToLong(item -> item.amount)
                        .sum();
    }

    long receivable() {
        return sales.values().stream()
                .mapToLong(sale -> sale.captured - sale.refunded - sale.writtenOff)
                .sum();
    }

    long heldAtTheService() {
        return payments.values().stream()
                .filter(payment -> payment.state == ChargeState.HELD)
                .mapToLong(payment -> payment.amount)
                .sum();
    }

    VouchedPayment.State shown(Payment payment) {
        return switch (payment.state) {
            case HELD -> now >= payment.holdExpires() ? VouchedPayment.State.EXPIRED : VouchedPayment.State.HELD;
            case RELEASED -> payment.late ? VouchedPayment.State.EXPIRED : VouchedPayment.State.RELEASED;
            case CAPTURED, REFUNDED -> VouchedPayment.State.CAPTURED;
        };
    }

    private Sale sale(String challenge) {
        Sale sale = sales.get(challenge);
        if (sale == null) {
            throw new IllegalArgumentException(challenge);
        }
        return sale;
    }
}
