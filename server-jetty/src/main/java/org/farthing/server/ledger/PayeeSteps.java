package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Keeps the payees of a wallet service (F-ST-87). */
final class PayeeSteps {

    private PayeeSteps() {}

    static Operation<Optional<Payee>> find(String origin) {
        return (session, now) ->
                Step.discard(Optional.ofNullable(session.first(PaymentSql.PAYEE, PayeeSteps::payee, origin)));
    }

    static Operation<Payees.Put> put(
            String origin, boolean deferred, Payee.Status status, @Nullable String keyDocument) {
        int late = deferred ? 1 : 0;
        return (session, now) -> {
            Long fetchedAt = keyDocument == null ? null : now;
            boolean added =
                    session.update(PaymentSql.INSERT_PAYEE, origin, status.name(), late, keyDocument, fetchedAt, now)
                            == 1;
            if (!added) {
                session.updateOne(PaymentSql.SET_PAYEE, status.name(), late, origin);
                if (keyDocument != null) {
                    session.updateOne(PaymentSql.SET_KEYS, keyDocument, now, origin);
                }
            }
            Payee payee = session.first(PaymentSql.PAYEE, PayeeSteps::payee, origin);
            if (payee == null) {
                throw new SQLException("payee " + origin + " was put and is not there");
            }
            return Step.keep(new Payees.Put(payee, added));
        };
    }

    static Operation<Optional<Payee>> keys(String origin, String keyDocument) {
        return (session, now) -> {
            boolean known = session.update(PaymentSql.SET_KEYS, keyDocument, now, origin) == 1;
            return new Step<>(Optional.ofNullable(session.first(PaymentSql.PAYEE, PayeeSteps::payee, origin)), known);
        };
    }

    static Operation<List<Payee>> list(@Nullable String after, int limit) {
        return (session, now) ->
                Step.discard(session.all(PaymentSql.PAYEES, PayeeSteps::payee, after == null ? "" : after, limit));
    }

    private static Payee payee(ResultSet row) throws SQLException {
        return new Payee(
                row.getString("origin"),
                Payee.Status.valueOf(row.getString("status")),
                row.getInt("deferred") == 1,
                row.getString("key_document"),
                Rows.timeOrNull(row, "fetched_at"),
                Rows.time(row.getLong("added_at")));
    }
}
