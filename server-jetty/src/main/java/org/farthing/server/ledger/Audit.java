package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.ledger.CheckReport.Finding;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.Transfer.Kind;

/**
 * Reads the whole ledger in one snapshot, row by row, and compares everything that is written twice: hashes with columns,
 * transfers with their ids and accounts, balances with transfers, charges with transfers, counters with rows.
 */
final class Audit {

    private static final int MOST_FINDINGS = 100;

    private final Session session;
    private final Findings findings = new Findings();
    private long transfers;
    private long charges;

    private Audit(Session session) {
        this.session = session;
    }

    /** What was found so far, and how to note more. */
    static final class Findings {

        private final List<Finding> all = new ArrayList<>();

        void found(String table, String row, String what) {
            if (all.size() < MOST_FINDINGS) {
                all.add(new Finding(table, row, what));
            }
        }

        /** Takes a row of table, key and text. */
        void found(ResultSet row) throws SQLException {
            found(row.getString(1), row.getString(2), row.getString(3));
        }

        /** A row whose columns no longer make a value is a finding, not the end of the check. */
        void readable(String table, String key, ResultSet row, Session.RowSink sink) throws SQLException {
            try {
                sink.take(row);
            } catch (IllegalArgumentException e) {
                found(table, row.getString(key), "the row was altered: " + e.getMessage());
            }
        }
    }

    static Operation<CheckReport> check() {
        return (session, now) -> Step.discard(new Audit(session).run(now));
    }

    private CheckReport run(long now) throws SQLException {
        session.each(Sql.ALL_TRANSFERS, row -> findings.readable("transfer", "id", row, this::transfer));
        session.each(Sql.ALL_CHARGES, row -> findings.readable("charge", "challenge_id", row, this::charge));
        session.each(Sql.ALL_BALANCES, this::balance);
        session.each(
                Sql.WRONG_COUNTERS,
                row -> findings.found(
                        "wallet", row.getString(1), "counts other holds than there are charges in flight"));
        session.each(Sql.ORPHANS, findings::found);
        new BackingAudit(session, findings).run();
        new PaymentAudit(session, findings, now).run();
        List<Totals> totals = Reports.totals(session);
        for (Totals total : totals) {
            if (total.sum() != 0) {
                findings.found(
                        "account",
                        total.currency(),
                        "all accounts of the currency add up to " + total.sum() + ", not 0");
            }
        }
        return new CheckReport(transfers, charges, totals, findings.all);
    }

    private void transfer(ResultSet row) throws SQLException {
        transfers++;
        Posting posting = new Posting(
                row.getString("id"),
                Kind.valueOf(row.getString("kind")),
                row.getString("wallet"),
                row.getString("challenge_id"),
                row.getString("from_account"),
                row.getString("to_account"),
                row.getString("currency"),
                row.getLong("amount"),
                row.getString("method"),
                row.getString("note"),
                row.getLong("at"));
        if (!posting.rowHash().equals(row.getString("row_hash"))) {
            findings.found("transfer", posting.id(), "the row was altered: its hash does not fit");
        }
    }

    private void charge(ResultSet row) throws SQLException {
        charges++;
        Charge charge = Rows.charge(row);
        String id = charge.challengeId();
        boolean upfront = row.getInt("upfront") == 1;
        String hash = Claims.rowHash(
                charge.terms(),
                row.getString("key_thumbprint"),
                upfront,
                charge.createdAt().toEpochMilli());
        if (!hash.equals(row.getString("row_hash"))) {
            findings.found("charge", id, "the row was altered: its hash does not fit");
        }
        Moved moved = new Moved(
                row.getLong("moved_held"),
                row.getLong("moved_captured"),
                row.getLong("moved_released"),
                row.getLong("moved_refunded"));
        if (charge.service() == null && row.getLong("moved_written_off") != 0) {
            findings.found("charge", id, "it was written off, and no wallet service vouched for it");
        }
        Moved expected = expected(charge, upfront);
        if (!moved.equals(expected)) {
            findings.found("charge", id, "its state says " + expected + ", its transfers say " + moved);
        }
        if (upfront == (charge.delivery() == Delivery.NOT_TRACKED)) {
            findings.found("charge", id, "its delivery does not fit the way it was charged");
        }
    }

    /** What the transfers of one charge add up to, by kind. */
    private record Moved(long held, long captured, long released, long refunded) {}

    private static Moved expected(Charge charge, boolean upfront) {
        long amount = charge.terms().amount();
        // What a wallet service vouched for never was in a wallet here.
        boolean moved = !upfront && charge.service() == null;
        long held = moved ? amount : 0;
        long captured = charge.captured();
        long rest = moved ? amount - captured : 0;
        return switch (charge.state()) {
            case HELD -> new Moved(held, 0, 0, 0);
            case RELEASED -> new Moved(held, 0, held, 0);
            case CAPTURED -> new Moved(held, captured, rest, charge.refunded());
            case REFUNDED -> new Moved(held, captured, rest, captured);
        };
    }

    private void balance(ResultSet row) throws SQLException {
        String where = row.getString("wallet") + " " + row.getString("currency");
        compare(where, "available", row.getLong("available"), row.getLong("moved_available"));
        compare(where, "held", row.getLong("held"), row.getLong("moved_held"));
        compare(where, "held", row.getLong("held"), row.getLong("charges_held"));
    }

    private void compare(String where, String column, long stands, long moved) {
        if (stands != moved) {
            findings.found(
                    "account", where, column + " is " + stands + ", its transfers and charges add up to " + moved);
        }
    }
}
