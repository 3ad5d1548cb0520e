package org.farthing.server.ledger;

import static org.farthing.server.ledger.Findings.number;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what is written twice about money at wallet services: charges with their backings, outbox with charges, exposure
 * with both.
 */
final class BackingAudit {

    private final Session session;
    private final Findings findings;
    private final Map<String, Long> exposure = new TreeMap<>();

    BackingAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    void charges() throws SQLException {
        session.each(AuditSql.BACKED, findings.readable("charge", "challenge_id", this::charge));
        session.each(AuditSql.BACKING_ORPHANS, findings::found);
        session.each(
                AuditSql.EXPOSURE,
                findings.readable(
                        "exposure", row -> row.getString("service") + " " + row.getString("currency"), this::exposure));
        exposure.forEach((where, open) -> exposure(where, 0, open));
    }

    private void exposure(ResultSet row) throws SQLException {
        String where = row.getString("service") + " " + row.getString("currency");
        Long open = exposure.remove(where);
        exposure(where, number(row, "open"), open == null ? 0 : open);
    }

    private void exposure(String where, long stands, long charges) {
        if (stands != charges) {
            findings.found("exposure", where, "open is " + stands + ", its charges add up to " + charges);
        }
    }

    private void charge(ResultSet row) throws SQLException {
        String id = row.getString("challenge_id");
        String service = row.getString("service");
        if (service == null || !service.equals(row.getString("of_service"))) {
            findings.found("charge", id, "its wallet service is not the one of its backing");
        }
        if (service == null) {
            return;
        }
        findings.readable("backing", "challenge_id", this::backing).take(row);
        Told told = new Told(
                row.getInt("captures"),
                row.getInt("releases"),
                row.getLong("told_captured") - row.getLong("told_refunded"),
                row.getLong("told_released"));
        Told expected = expected(row);
        if (!told.equals(expected)) {
            findings.found("charge", id, "its state says " + expected + ", its outbox says " + told);
        }
        long left = row.getLong("captured") - row.getLong("refunded");
        long off = row.getInt("given_up") == 0 ? 0 : left;
        if (number(row, "written_off") != off || row.getLong("moved_off") != off) {
            findings.found("backing", id, "what is written off does not fit its charge, outbox and transfers");
        }
        long open = inFlight(row) ? row.getLong("amount") : row.getLong("unacknowledged");
        exposure.merge(service + " " + row.getString("currency"), open, Math::addExact);
    }

    private void backing(ResultSet row) throws SQLException {
        String id = row.getString("challenge_id");
        Backing backing = new Backing(
                row.getString("service"),
                row.getString("token_id"),
                Instant.ofEpochMilli(number(row, "hold_expires")),
                0,
                row.getString("rb"));
        if (!BackedFunds.rowHash(id, backing).equals(row.getString("row_hash"))) {
            findings.found("backing", id, "the row was altered: its hash does not fit");
        }
    }

    /** What the outbox of one charge says: how often it settles, what it collects in all, and what it gives back. */
    private record Told(int captures, int releases, long collected, long released) {}

    private static boolean inFlight(ResultSet row) throws SQLException {
        return ChargeState.HELD.name().equals(row.getString("state"))
                || Delivery.PENDING.name().equals(row.getString("delivery"));
    }

    private static Told expected(ResultSet row) throws SQLException {
        if (inFlight(row)) {
            return new Told(0, 0, 0, 0);
        }
        boolean released = ChargeState.RELEASED.name().equals(row.getString("state"))
                || Delivery.UNDELIVERED.name().equals(row.getString("delivery"));
        return released
                ? new Told(0, 1, 0, row.getLong("amount"))
                : new Told(1, 0, row.getLong("captured") - row.getLong("refunded"), 0);
    }

    void items() throws SQLException {
        session.each(AuditSql.ITEMS, findings.readable("outbox", "seq", this::item));
    }

    private void item(ResultSet row) throws SQLException {
        String hash = OutboxSteps.rowHash(
                row.getString("challenge_id"),
                row.getString("kind"),
                number(row, "amount"),
                row.getString("idempotency_key"),
                row.getString("reason"),
                number(row, "created_at"));
        if (!hash.equals(row.getString("row_hash"))) {
            findings.found("outbox", row.getString("seq"), "the row was altered: its hash does not fit");
        }
        if (!row.getString("state").equals(row.getString("state_copy"))) {
            findings.found("outbox", row.getString("seq"), "the row was altered: its state is not the one it got last");
        }
    }
}
