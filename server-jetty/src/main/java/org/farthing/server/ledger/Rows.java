package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.farthing.server.ledger.StoredOutcome.Field;
import org.jspecify.annotations.Nullable;

/** Reads rows into the values of the interface. */
final class Rows {

    private Rows() {}

    static @Nullable Charge charge(Session session, String challengeId, long now) throws SQLException {
        return session.first(Sql.CHARGE, Rows::charge, now, now, challengeId);
    }

    /** For callers that hold a reference: the row must be there. */
    static Charge requireCharge(Session session, String challengeId, long now) throws SQLException {
        Charge charge = charge(session, challengeId, now);
        if (charge == null) {
            throw new NoSuchElementException("the ledger knows no charge " + challengeId);
        }
        return charge;
    }

    static @Nullable Wallet wallet(Session session, String id) throws SQLException {
        List<WalletKey> keys = session.all(
                Sql.WALLET_KEYS, row -> new WalletKey(row.getString("thumbprint"), row.getString("jwk")), id);
        return session.first(
                Sql.WALLET,
                row -> new Wallet(
                        row.getString("id"),
                        status(row),
                        row.getLong("version"),
                        keys,
                        recovery(row),
                        time(row.getLong("created_at"))),
                id);
    }

    /** The operator's stop before the owner's. */
    static Wallet.Status status(ResultSet row) throws SQLException {
        Wallet.Status status = Wallet.Status.valueOf(row.getString("status"));
        return status == Wallet.Status.ACTIVE && row.getInt("frozen") == 1 ? Wallet.Status.FROZEN : status;
    }

    private static @Nullable WalletKey recovery(ResultSet row) throws SQLException {
        String thumbprint = row.getString("recovery_thumbprint");
        return thumbprint == null ? null : new WalletKey(thumbprint, row.getString("recovery_jwk"));
    }

    static Account account(ResultSet row) throws SQLException {
        return new Account(row.getString("currency"), row.getLong("available"), row.getLong("held"));
    }

    static Transfer transfer(ResultSet row) throws SQLException {
        try {
            return readTransfer(row);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The transfer with sequence number " + row.getLong("seq")
                            + " was altered and cannot be read; the ledger's check says more.",
                    e);
        }
    }

    private static Transfer readTransfer(ResultSet row) throws SQLException {
        return new Transfer(
                row.getLong("seq"),
                row.getString("id"),
                Transfer.Kind.valueOf(row.getString("kind")),
                row.getString("wallet"),
                PaymentIds.shown(row.getString("challenge_id")),
                row.getString("from_account"),
                row.getString("to_account"),
                row.getString("currency"),
                row.getLong("amount"),
                row.getString("method"),
                row.getString("note"),
                time(row.getLong("at")));
    }

    static Income income(ResultSet row) throws SQLException {
        return new Income(
                row.getString("payee").substring(Posting.payee("").length()),
                row.getString("currency"),
                row.getString("method"),
                row.getLong("captured"),
                row.getLong("refunded"),
                row.getLong("captures"));
    }

    static StoredOutcome outcome(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        String receipt = row.getString("receipt");
        byte[] body = row.getBytes("body");
        return body == null
                ? StoredOutcome.withoutBody(status, receipt)
                : StoredOutcome.whole(status, fields(row.getString("fields")), body, receipt);
    }

    /** One field a line, as HTTP/1.1 writes it; {@link Field} has refused line breaks. */
    static String lines(List<Field> fields) {
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            text.append(field.name()).append(':').append(field.value()).append('\n');
        }
        return text.toString();
    }

    static List<Field> fields(String lines) {
        List<Field> fields = new ArrayList<>();
        for (int start = 0; start < lines.length(); ) {
            int end = lines.indexOf('\n', start);
            int colon = lines.indexOf(':', start);
            fields.add(new Field(lines.substring(start, colon), lines.substring(colon + 1, end)));
            start = end + 1;
        }
        return fields;
    }

    static Charge charge(ResultSet row) throws SQLException {
        ChargeTerms terms = new ChargeTerms(
                row.getString("challenge_id"),
                row.getString("credential_hash"),
                row.getString("payment_id"),
                row.getString("wallet"),
                row.getString("payee"),
                row.getString("route"),
                row.getString("method"),
                row.getString("currency"),
                row.getLong("amount"),
                time(row.getLong("expires")),
                row.getInt("repeatable") == 1);
        String reason = row.getString("release_reason");
        return new Charge(
                terms,
                ChargeState.valueOf(row.getString("state")),
                row.getLong("fence"),
                time(row.getLong("hold_until")),
                row.getBoolean("owner_alive"),
                row.getLong("captured"),
                row.getLong("refunded"),
                Delivery.valueOf(row.getString("delivery")),
                Execution.valueOf(row.getString("executed")),
                reason == null ? null : ReleaseReason.valueOf(reason),
                row.getBoolean("answer_stored"),
                row.getInt("reruns"),
                time(row.getLong("created_at")),
                timeOrNull(row, "settled_at"),
                row.getString("service"),
                row.getString("issuer"));
    }

    /** The store's time of an instant; of those that no store can hold, the earliest or the last. */
    static long millis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static Instant time(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : time(millis);
    }
}
