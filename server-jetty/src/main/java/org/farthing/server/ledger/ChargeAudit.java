package org.farthing.server.ledger;

import static org.farthing.server.ledger.Findings.number;
import static org.farthing.server.ledger.Findings.numberOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;
import org.farthing.server.ledger.Transfer.Kind;
import org.jspecify.annotations.Nullable;

/** Compares transfers with their hashes, charges with their transfers, and accounts with both. */
final class ChargeAudit {

    /** Columns of a charge that the driver would read as numbers, whatever they are. */
    private static final List<String> NUMBERS = List.of("repeatable", "upfront", "fence", "hold_until", "reruns");

    private final Session session;
    private final Findings findings;
    private final LongConsumer progress;
    private long transfers;
    private long charges;

    /** With whom to tell how many transfers were read. */
    ChargeAudit(Session session, Findings findings, LongConsumer progress) {
        this.session = session;
        this.findings = findings;
        this.progress = progress;
    }

    long transfersRead() {
        return transfers;
    }

    long chargesRead() {
        return charges;
    }

    // ---- transfers

    void transfers() throws SQLException {
        session.each(AuditSql.TRANSFERS, findings.readable("transfer", "id", this::transfer));
    }

    private void transfer(ResultSet row) throws SQLException {
        transfers++;
        progress.accept(transfers);
        Posting posting = new Posting(
                row.getString("id"),
                Kind.valueOf(row.getString("kind")),
                row.getString("wallet"),
                row.getString("challenge_id"),
                row.getString("from_account"),
                row.getString("to_account"),
                row.getString("currency"),
                number(row, "amount"),
                row.getString("method"),
                row.getString("note"),
                number(row, "at"));
        if (!posting.rowHash().equals(row.getString("row_hash"))) {
            findings.found("transfer", posting.id(), "the row was altered: its hash does not fit");
        }
    }

    // ---- charges

    void charges() throws SQLException {
        session.each(AuditSql.CHARGES, findings.readable("charge", "challenge_id", this::charge));
    }

    private void charge(ResultSet row) throws SQLException {
        charges++;
        for (String column : NUMBERS) {
            number(row, column);
        }
        Charge charge = Rows.charge(row);
        String id = charge.challengeId();
        boolean upfront = row.getInt("upfront") == 1;
        if (!hash(row, charge, upfront).equals(row.getString("row_hash"))) {
            findings.found("charge", id, "the row was altered: its hash does not fit");
        }
        Moved moved = new Moved(
                row.getLong("moved_held"),
                row.getLong("moved_captured"),
                row.getLong("moved_released"),
                row.getLong("moved_refunded"));
        if (charge.service() == null && charge.issuer() == null && row.getLong("moved_written_off") != 0) {
            findings.found("charge", id, "it was written off, and nobody else owed it");
        }
        Moved expected = expected(row, charge, upfront);
        if (!moved.equals(expected)) {
            findings.found("charge", id, "its state says " + expected + ", its transfers say " + moved);
        }
        String wrong = contradiction(charge, upfront, numberOrNull(row, "settled_at") != null);
        if (wrong != null) {
            findings.found("charge", id, "it contradicts itself: " + wrong);
        }
    }

    private static String hash(ResultSet row, Charge charge, boolean upfront) throws SQLException {
        number(row, "amount");
        number(row, "expires");
        return Claims.rowHash(charge.terms(), row.getString("key_thumbprint"), upfront, number(row, "created_at"));
    }

    /** What the transfers of one charge add up to, by kind. */
    private record Moved(long held, long captured, long released, long refunded) {}

    private static Moved expected(ResultSet row, Charge charge, boolean upfront) throws SQLException {
        long amount = charge.terms().amount();
        long captured = number(row, "captured");
        long refunded = number(row, "refunded");
        // What a wallet service vouched for never was in a wallet here.
        boolean moved = !upfront && charge.service() == null && charge.issuer() == null;
        if (charge.issuer() != null) {
            return expectedOfTokens(charge, captured, refunded, number(row, "token_value"));
        }
        long held = moved ? amount : 0;
        long rest = moved ? amount - captured : 0;
        return switch (charge.state()) {
            case HELD -> new Moved(held, 0, 0, 0);
            case RELEASED -> new Moved(held, 0, held, 0);
            case CAPTURED -> new Moved(held, captured, rest, refunded);
            case REFUNDED -> new Moved(held, captured, rest, captured);
        };
    }

    /** Tokens are worth what they are worth, also to a charge of less; what it gives back is of the charge. */
    private static Moved expectedOfTokens(Charge charge, long captured, long refunded, long value) {
        if (charge.delivery() == Delivery.UNDELIVERED) {
            return new Moved(0, value, 0, value);
        }
        return new Moved(0, captured == 0 ? 0 : value, 0, refunded);
    }

    /** What transfers cannot show, because nothing moved or because it moved alike. */
    private static @Nullable String contradiction(Charge charge, boolean upfront, boolean settled) {
        boolean reason = charge.releaseReason() != null;
        long captured = charge.captured();
        if (charge.state() == ChargeState.CAPTURED && captured > 0 && charge.refunded() == captured) {
            return "captured, and all of it is refunded";
        }
        if (charge.state() == ChargeState.REFUNDED && charge.refunded() != captured) {
            return "refunded, and not all of it";
        }
        if (charge.issuer() != null
                && captured != 0
                && captured != charge.terms().amount()) {
            return "paid with tokens, and captured in part";
        }
        boolean fits = upfront
                ? !settled && captured == charge.terms().amount() && upfrontFits(charge, reason)
                : switch (charge.state()) {
                    case HELD -> !settled && !reason && captured == 0;
                    case RELEASED -> settled && reason && captured == 0;
                    case CAPTURED -> settled && !reason;
                    case REFUNDED -> settled && !reason && captured > 0;
                };
        if (!fits || upfront == (charge.delivery() == Delivery.NOT_TRACKED)) {
            return "state, delivery, captured amount, reason and time of settlement do not go together";
        }
        return null;
    }

    private static boolean upfrontFits(Charge charge, boolean reason) {
        ChargeState state = charge.state();
        return switch (charge.delivery()) {
            case NOT_TRACKED -> false;
            case PENDING -> state == ChargeState.CAPTURED && !reason && charge.executed() == Execution.UNKNOWN;
            case DELIVERED ->
                !reason
                        && charge.executed() == Execution.YES
                        && (state == ChargeState.CAPTURED || (state == ChargeState.REFUNDED && charge.captured() > 0));
            // Refunded in full while its answer was on its way, it has no reason.
            case UNDELIVERED -> state == ChargeState.REFUNDED && (reason || charge.executed() == Execution.UNKNOWN);
        };
    }

    // ---- accounts

    void balances() throws SQLException {
        session.each(
                AuditSql.BALANCES,
                findings.readable(
                        "account", row -> row.getString("wallet") + " " + row.getString("currency"), this::balance));
    }

    private void balance(ResultSet row) throws SQLException {
        String where = row.getString("wallet") + " " + row.getString("currency");
        if (row.getString("stands") == null) {
            findings.found("account", where, "it is not there, and transfers name it");
            return;
        }
        compare(where, "available", number(row, "available"), row.getLong("moved_available"));
        compare(where, "held", number(row, "held"), row.getLong("moved_held"));
        compare(where, "held", number(row, "held"), row.getLong("charges_held"));
    }

    private void compare(String where, String column, long stands, long moved) {
        if (stands != moved) {
            findings.found(
                    "account", where, column + " is " + stands + ", its transfers and charges add up to " + moved);
        }
    }

    // ---- what is not there, and what stands beside a charge

    void gone(Purged purged) throws SQLException {
        session.each(
                AuditSql.CHARGES_GONE,
                findings::found,
                purged.captured(),
                purged.unknown(),
                Purged.DAY,
                purged.captured());
    }

    void beside(Purged purged) throws SQLException {
        session.each(AuditSql.KEY_USES, findings.readable("idempotency", "scope", this::keyUse));
        session.each(AuditSql.OUTCOMES, findings::found, Claims.REPLAY);
        session.each(AuditSql.KEYS, findings::found, Claims.REPLAY, Claims.REPLAY, purged.any());
    }

    private void keyUse(ResultSet row) throws SQLException {
        String scope = row.getString("scope");
        String hash = Claims.keyHash(
                scope, row.getString("content"), row.getString("challenge_id"), number(row, "replay_until"));
        findings.hash(row, hash, "idempotency", scope);
    }
}
