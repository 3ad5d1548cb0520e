package org.farthing.server.ledger;

import static org.farthing.server.ledger.Findings.number;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.farthing.server.ledger.TokenCounts.Count;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.farthing.server.ledger.TokenUpload.State;

/** Compares what is written twice about tokens: acts with their tokens, charges and transfers, exposure with what is kept (F-TK-47). */
final class TokenAudit {

    /** Columns of a key that the driver would read as numbers, whatever they are. */
    private static final List<String> KEY_NUMBERS =
            List.of("mine", "value", "not_before", "not_after", "spend_until", "redeem_until", "swap_until", "dropped");

    private final Session session;
    private final Findings findings;
    private final long now;
    private final Map<Integer, KeyRow> keys = new HashMap<>();
    private final Map<String, Long> debts = new TreeMap<>();
    private long purgedUpTo;

    TokenAudit(Session session, Findings findings, long now) {
        this.session = session;
        this.findings = findings;
        this.now = now;
    }

    void run() throws SQLException {
        session.each(TokenSql.ALL_KEYS, findings.readable("token_key", "epoch", this::key));
        TokenActs acts = new TokenActs(findings, keys, now);
        session.each(AuditSql.TOKEN_PARTS, acts::take);
        acts.end();
        counts(acts.counts());
        Long mark = session.first(Sql.PURGED_UP_TO, row -> row.getLong(1));
        purgedUpTo = mark == null ? Long.MAX_VALUE : mark;
        session.each(AuditSql.TOKEN_MOVES, findings.readable("token_use", "id", this::moves));
        session.each(AuditSql.TOKEN_ORPHANS, findings::found);
        session.each(AuditSql.TOKEN_UPLOADS, findings.readable("token_upload", "seq", this::upload));
        session.each(
                AuditSql.TOKEN_DEBTS,
                findings.readable(
                        "token_debt", row -> row.getString("issuer") + " " + row.getString("currency"), this::debt));
        debts.forEach((where, open) -> debt(where, 0, open));
    }

    private void key(ResultSet row) throws SQLException {
        for (String column : KEY_NUMBERS) {
            number(row, column);
        }
        KeyRow key = TokenKeys.key(row);
        keys.put(key.epoch(), key);
        if (!key.rowHash().equals(row.getString("row_hash"))
                || number(row, "last_byte") != key.terms().truncatedId()) {
            findings.found("token_key", row.getString("epoch"), "the row was altered: its hash does not fit");
        }
    }

    // ---- how many there are

    /** Of an epoch that is being removed, nobody knows how many there are left. */
    private void counts(Map<Integer, Count> there) throws SQLException {
        Map<Integer, Count> written = new HashMap<>();
        session.each(
                AuditSql.TOKEN_COUNTS,
                findings.readable(
                        "token_count",
                        "epoch",
                        row -> written.merge(
                                (int) number(row, "epoch"),
                                new Count(number(row, "issued"), number(row, "used")),
                                Count::plus)));
        written.keySet().stream()
                .filter(epoch -> !keys.containsKey(epoch))
                .forEach(epoch -> findings.found("token_count", epoch.toString(), "its key is not there"));
        for (KeyRow key : keys.values()) {
            if (!key.dropped()) {
                count(key, there.getOrDefault(key.epoch(), Count.NONE), written.getOrDefault(key.epoch(), Count.NONE));
            }
        }
    }

    private void count(KeyRow key, Count there, Count written) {
        if (!there.equals(written)) {
            findings.found(
                    "token_count",
                    Integer.toString(key.epoch()),
                    written.issued() + " issued and " + written.used() + " used are noted, there are " + there.issued()
                            + " and " + there.used());
        }
        if (key.terms().mine() && there.used() > there.issued()) {
            findings.found("token_key", key.terms().keyId(), "more of its tokens were used than issued");
        }
    }

    // ---- what moved

    private void moves(ResultSet row) throws SQLException {
        String id = row.getString("id");
        String kind = row.getString("kind");
        if (row.getString("issuer") == null) {
            findings.found("token_use", id, "its key is not there");
            return;
        }
        if (kind.equals(TokenAct.Kind.CHARGE.name())) {
            if (row.getString("challenge_id") == null) {
                gone(row, id);
            } else {
                charge(row, id);
            }
        }
        if (kind.equals(TokenAct.Kind.PURCHASE.name()) || kind.equals(TokenAct.Kind.REDEMPTION.name())) {
            boolean sold = kind.equals(TokenAct.Kind.PURCHASE.name());
            String account = row.getString(sold ? "to_account" : "from_account");
            boolean fits = Posting.tokens(row.getString("issuer")).equals(account)
                    && (sold || Posting.payee(row.getString("owner")).equals(row.getString("to_account")))
                    && row.getString("currency").equals(row.getString("moved_currency"))
                    && number(row, "value") == row.getLong("moved");
            if (!fits) {
                findings.found("token_use", id, "its transfer is not there or does not fit");
            }
        }
    }

    /** A charge is purged only when it has ended, and a while after its challenge expired. */
    private void gone(ResultSet row, String id) throws SQLException {
        Long free = Findings.numberOrNull(row, "free_from");
        boolean purged = free == null ? row.getString("to_account") != null : free - Claims.REPLAY <= purgedUpTo;
        if (!purged) {
            findings.found("token_use", id, "its charge is not there");
        }
    }

    private void charge(ResultSet row, String id) throws SQLException {
        ChargeState state = ChargeState.valueOf(row.getString("state"));
        boolean nothing = (state == ChargeState.CAPTURED && row.getLong("captured") == 0)
                || Delivery.UNDELIVERED.name().equals(row.getString("delivery"));
        Long free = state == ChargeState.RELEASED || nothing ? number(row, "expires") + Claims.REPLAY : null;
        if (!Objects.equals(free, Findings.numberOrNull(row, "free_from"))) {
            findings.found("token_use", id, "when its tokens are free does not fit its charge");
        }
        if (!row.getString("issuer").equals(row.getString("of_issuer"))) {
            findings.found("charge", row.getString("challenge_id"), "its issuer is not the one of its tokens");
        }
    }

    // ---- what is to be presented

    private void upload(ResultSet row) throws SQLException {
        String seq = row.getString("seq");
        String hash = UploadSteps.rowHash(
                number(row, "use_id"),
                row.getString("payee"),
                (int) number(row, "epoch"),
                row.getBytes("serial"),
                row.getBytes("token"));
        if (!hash.equals(row.getString("row_hash"))) {
            findings.found("token_upload", seq, "the row was altered: its hash does not fit");
        }
        if (!row.getString("state").equals(row.getString("state_copy"))) {
            findings.found("token_upload", seq, "the row was altered: its state is not the one it got last");
        }
        if (row.getString("owner") == null || row.getString("issuer") == null) {
            findings.found("token_upload", seq, "its act or key is not there");
            return;
        }
        State state = State.valueOf(row.getString("state"));
        String charge = row.getString("charge_state");
        boolean inFlight = ChargeState.HELD.name().equals(charge)
                || Delivery.PENDING.name().equals(row.getString("delivery"));
        if (charge != null && inFlight != (state == State.HELD)) {
            findings.found("token_upload", seq, "its state does not fit its charge");
        }
        if ((state == State.WRITTEN_OFF) != (row.getLong("written_off") == row.getLong("value"))) {
            findings.found("token_upload", seq, "what is written off of it does not fit its transfers");
        }
        if (state != State.WRITTEN_OFF) {
            String where = row.getString("issuer") + " " + row.getString("currency");
            debts.merge(where, row.getLong("value"), Math::addExact);
        }
    }

    private void debt(ResultSet row) throws SQLException {
        String where = row.getString("issuer") + " " + row.getString("currency");
        Long open = debts.remove(where);
        debt(where, number(row, "open"), open == null ? 0 : open);
    }

    private void debt(String where, long stands, long kept) {
        if (stands != kept) {
            findings.found("token_debt", where, "open is " + stands + ", the tokens that are kept add up to " + kept);
        }
    }
}
