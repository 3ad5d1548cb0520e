package org.farthing.benchmarks.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.jspecify.annotations.Nullable;

/**
 * Fills a store with the books of years, past the ledger and as the ledger would have: rows with their hashes, balances that
 * are their sums. The ledger's own check says afterwards whether that is so. What is old has transfers only; newer charges are
 * there, too; some are past their retention; and many are open.
 */
final class SizedStore implements AutoCloseable {

    static final int WALLETS = 1000;
    static final String USD = "usd.e6";
    static final String PAYEE = "https://api.example.com";

    private static final long FUNDS = 1_000_000_000_000L;
    private static final long AMOUNT = 3;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long KEPT = 400_000;
    private static final long DUE_TO_PURGE = 50_000;
    private static final int STEP = 100_000;

    private final Connection connection;
    private final PreparedStatement transfer;
    private final PreparedStatement charge;
    private final PreparedStatement outcome;
    private final long[] available = new long[WALLETS];
    private final long[] held = new long[WALLETS];
    private final long now = System.currentTimeMillis();
    private final long claims;
    private final long spacing;
    private long next;
    private long written;

    private SizedStore(Connection connection, long claims) throws SQLException {
        this.connection = connection;
        this.claims = claims;
        this.spacing = Long.MAX_VALUE / (claims + 1);
        this.transfer = connection.prepareStatement(
                "INSERT INTO transfer (id, kind, wallet, challenge_id, from_account,"
                        + " to_account, currency, amount, method, note, at, row_hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        this.charge = connection.prepareStatement(
                "INSERT INTO charge (challenge_id, credential_hash, payment_id, wallet,"
                        + " key_thumbprint, payee, route, method, currency, amount, expires, repeatable, upfront, created_at,"
                        + " row_hash, state, fence, owner, hold_until, captured, refunded, delivery, executed, release_reason,"
                        + " settled_at, reruns) VALUES (?,?,?,?,?,?,?,?,?,?,?,1,0,?,?,?,1,'gone',?,?,0,'NOT_TRACKED',?,?,?,0)");
        this.outcome =
                connection.prepareStatement("INSERT INTO outcome (challenge_id, status, fields, body, whole, receipt,"
                        + " replay_until) VALUES (?,200,'',?,1,'receipt',?)");
    }

    /** Makes the store; returns how many transfers it has. */
    static long write(Path file, long transfers, long open) throws SQLException {
        prepare(file);
        long purged = (transfers - WALLETS - 2 * KEPT - 2 * DUE_TO_PURGE - open) / 2;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement pragma = connection.createStatement()) {
            pragma.execute("PRAGMA synchronous = OFF");
            pragma.execute("PRAGMA cache_size = -400000");
            connection.setAutoCommit(false);
            try (SizedStore store = new SizedStore(connection, purged + KEPT + DUE_TO_PURGE + open)) {
                store.fund();
                store.past(purged);
                store.kept();
                store.dueToPurge();
                store.open(open);
                store.balances();
                return store.written;
            }
        }
    }

    static String wallet(int number) {
        return "w_" + number;
    }

    /** The schema, and the wallets, by the ledger itself. */
    private static void prepare(Path file) {
        LedgerOptions options = LedgerOptions.builder(Threads.callers()).build();
        try (Ledger ledger = SqliteLedger.open(file, options)) {
            CompletableFuture<?>[] wallets = new CompletableFuture<?>[WALLETS];
            for (int i = 0; i < WALLETS; i++) {
                WalletKey key = new WalletKey("key-of-" + i, "{}");
                wallets[i] =
                        ledger.register(new WalletRegistration(wallet(i), key)).toCompletableFuture();
            }
            CompletableFuture.allOf(wallets).join();
        }
    }

    private void fund() throws SQLException {
        for (int i = 0; i < WALLETS; i++) {
            String wallet = wallet(i);
            String id = "topup:" + wallet + ":first";
            transfer(id, "TOP_UP", i, null, "treasury", "available:" + wallet, FUNDS, null, now - 400 * DAY);
            available[i] += FUNDS;
        }
    }

    /** Charges of long ago: their transfers stay. */
    private void past(long count) throws SQLException {
        long from = now - 390 * DAY;
        long to = now - 100 * DAY;
        for (long i = 0; i < count; i++) {
            long at = from + (to - from) / count * i;
            int wallet = (int) (i % WALLETS);
            String id = nextId();
            hold(id, wallet, at);
            capture(id, wallet, at + 20);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE purge_mark SET expires = " + to);
        }
    }

    private void kept() throws SQLException {
        for (long i = 0; i < KEPT; i++) {
            long at = now - 80 * DAY + 70 * DAY / KEPT * i;
            int wallet = (int) (i % WALLETS);
            String id = nextId();
            hold(id, wallet, at);
            capture(id, wallet, at + 20);
            charge(id, wallet, at, "CAPTURED", AMOUNT, "YES", null, at + 20);
        }
    }

    /** Released two days ago; and as many answers of charges that are kept, past their window. */
    private void dueToPurge() throws SQLException {
        for (long i = 0; i < DUE_TO_PURGE; i++) {
            long at = now - 2 * DAY - DUE_TO_PURGE + i;
            int wallet = (int) (i % WALLETS);
            String id = nextId();
            hold(id, wallet, at);
            String name = wallet(wallet);
            transfer(
                    "release:" + id,
                    "RELEASE",
                    wallet,
                    id,
                    "held:" + name,
                    "available:" + name,
                    AMOUNT,
                    "wallet",
                    at + 9);
            available[wallet] += AMOUNT;
            held[wallet] -= AMOUNT;
            charge(id, wallet, at, "RELEASED", 0, "NO", "WAIVED", at + 9);
        }
        byte[] body = new byte[1000];
        try (Statement statement = connection.createStatement();
                java.sql.ResultSet rows = statement.executeQuery(
                        "SELECT challenge_id, expires FROM charge WHERE state = 'CAPTURED' LIMIT " + DUE_TO_PURGE)) {
            while (rows.next()) {
                outcome.setString(1, rows.getString(1));
                outcome.setBytes(2, body);
                outcome.setLong(3, rows.getLong(2) + Duration.ofMinutes(10).toMillis());
                outcome.executeUpdate();
            }
        }
    }

    /** One in ten is overdue. */
    private void open(long count) throws SQLException {
        for (long i = 0; i < count; i++) {
            long at = now - 60_000 + i * 60_000 / count;
            int wallet = (int) (i % WALLETS);
            String id = nextId();
            hold(id, wallet, at);
            charge(id, wallet, at, "HELD", 0, "UNKNOWN", null, i % 10 == 0 ? -1 : 0);
        }
    }

    private void balances() throws SQLException {
        try (PreparedStatement account = connection.prepareStatement(
                        "INSERT INTO account (wallet, currency, available, held) VALUES (?, ?, ?, ?)");
                PreparedStatement wallet =
                        connection.prepareStatement("UPDATE wallet SET funded = 1, holds = ? WHERE id = ?")) {
            for (int i = 0; i < WALLETS; i++) {
                account.setString(1, wallet(i));
                account.setString(2, USD);
                account.setLong(3, available[i]);
                account.setLong(4, held[i]);
                account.executeUpdate();
                wallet.setLong(1, held[i] / AMOUNT);
                wallet.setString(2, wallet(i));
                wallet.executeUpdate();
            }
        }
        connection.commit();
    }

    // ---- rows

    /** In ascending order, so that the index grows at its end; new ones will fall anywhere between them. */
    private String nextId() {
        next++;
        if (next > claims) {
            throw new IllegalStateException("more claims than planned");
        }
        String hex = Long.toHexString(next * spacing);
        return "0".repeat(16 - hex.length()) + hex;
    }

    private void hold(String id, int wallet, long at) throws SQLException {
        String name = wallet(wallet);
        transfer("hold:" + id, "HOLD", wallet, id, "available:" + name, "held:" + name, AMOUNT, "wallet", at);
        available[wallet] -= AMOUNT;
        held[wallet] += AMOUNT;
    }

    private void capture(String id, int wallet, long at) throws SQLException {
        String from = "held:" + wallet(wallet);
        transfer("capture:" + id, "CAPTURE", wallet, id, from, "payee:" + PAYEE, AMOUNT, "wallet", at);
        held[wallet] -= AMOUNT;
    }

    private void transfer(
            String id,
            String kind,
            int wallet,
            @Nullable String challenge,
            String from,
            String to,
            long amount,
            @Nullable String method,
            long at)
            throws SQLException {
        @Nullable Object[] row = {id, kind, wallet(wallet), challenge, from, to, USD, amount, method, null, at};
        insert(transfer, row, hash("transfer", row));
        if (++written % STEP == 0) {
            connection.commit();
        }
    }

    /** Where settled is not a time: 0 for a hold that lasts, -1 for one that is overdue. */
    private void charge(
            String id,
            int wallet,
            long at,
            String state,
            long captured,
            String executed,
            @Nullable String reason,
            long settled)
            throws SQLException {
        long expires = at + 300_000;
        @Nullable
        Object[] terms = {
            id, "hash", "p" + id, wallet(wallet), "key-of-" + wallet, PAYEE, "docs", "wallet", USD, AMOUNT, expires
        };
        @Nullable Object[] hashed = java.util.Arrays.copyOf(terms, terms.length + 3);
        hashed[terms.length] = true;
        hashed[terms.length + 1] = false;
        hashed[terms.length + 2] = at;
        long until = settled == 0 ? now + DAY : at + 30_000 - (settled < 0 ? 90_000 : 0);
        @Nullable
        Object[] rest = {
            at, hash("charge", hashed), state, until, captured, executed, reason, settled > 0 ? (Object) settled : null
        };
        @Nullable Object[] row = java.util.Arrays.copyOf(terms, terms.length + rest.length);
        System.arraycopy(rest, 0, row, terms.length, rest.length);
        insert(charge, row);
    }

    private static void insert(PreparedStatement statement, @Nullable Object[] row, Object... more)
            throws SQLException {
        int place = 1;
        for (Object value : row) {
            statement.setObject(place++, value);
        }
        for (Object value : more) {
            statement.setObject(place++, value);
        }
        statement.executeUpdate();
    }

    /** As the ledger makes it; written again here because it is nobody's interface. */
    private static String hash(String table, @Nullable Object[] columns) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, "farthing " + table + " 1");
            for (Object column : columns) {
                add(digest, column);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, @Nullable Object column) {
        byte[] text = column == null ? new byte[0] : column.toString().getBytes(StandardCharsets.UTF_8);
        digest.update(
                ByteBuffer.allocate(4).putInt(column == null ? -1 : text.length).array());
        digest.update(text);
    }

    @Override
    public void close() throws SQLException {
        transfer.close();
        charge.close();
        outcome.close();
    }
}
