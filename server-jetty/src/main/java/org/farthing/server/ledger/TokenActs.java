package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.farthing.server.ledger.TokenCounts.Count;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.jspecify.annotations.Nullable;

/** Takes acts, each followed by its tokens and messages, and compares hashes and values: one act is in memory at a time. */
final class TokenActs {

    private static final String[] TABLES = {"token_use", "token_serial", "token_issued"};

    private final Findings findings;
    private final Map<Integer, KeyRow> keys;
    private final long now;
    private final Map<Integer, Count> counts = new HashMap<>();
    private long lastDropped = Long.MIN_VALUE;
    private long id = Long.MIN_VALUE;
    private @Nullable TokenUse use;
    private TokenParts parts = new TokenParts();
    private long used;
    private long signed;

    TokenActs(Findings findings, Map<Integer, KeyRow> keys, long now) {
        this.findings = findings;
        this.keys = keys;
        this.now = now;
        for (KeyRow key : keys.values()) {
            if (key.dropped()) {
                lastDropped = Math.max(lastDropped, key.terms().swapUntil().toEpochMilli());
            }
        }
    }

    void take(ResultSet row) throws SQLException {
        if (row.getInt("part") == 0) {
            end();
            begin(row);
        } else {
            counts.merge(row.getInt("epoch"), row.getInt("part") == 1 ? Count.ONE_USED : Count.ONE_ISSUED, Count::plus);
            findings.readable(TABLES[row.getInt("part")], TokenActs::name, this::part)
                    .take(row);
        }
    }

    /** How many tokens and messages there were, of each epoch that had one. */
    Map<Integer, Count> counts() {
        return counts;
    }

    private void begin(ResultSet row) throws SQLException {
        id = row.getLong("use_id");
        use = null;
        parts = new TokenParts();
        used = 0;
        signed = 0;
        findings.readable("token_use", "use_id", this::use).take(row);
    }

    private void use(ResultSet row) throws SQLException {
        for (String column : new String[] {"epoch", "value", "first_over", "keep_until"}) {
            Findings.number(row, column);
        }
        TokenUse read = TokenUse.of(row);
        use = read;
        if (!read.rowHash().equals(row.getString("row_hash"))) {
            findings.found("token_use", row.getString("use_id"), "the row was altered: its hash does not fit");
        }
    }

    private static String name(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("bytes");
        return row.getString("epoch") + " " + (bytes == null ? "" : TokenBytes.encode(bytes));
    }

    private void part(ResultSet row) throws SQLException {
        int part = row.getInt("part");
        KeyRow key = keys.get(row.getInt("epoch"));
        if (key == null) {
            findings.found(TABLES[part], name(row), "its key is not there");
            return;
        }
        if (key.dropped()) {
            // What is left of an epoch that is being removed counts for nothing; there may be no act for it.
            return;
        }
        if (row.getLong("use_id") != id) {
            findings.found(TABLES[part], name(row), "its act is not there");
            return;
        }
        byte[] bytes = row.getBytes("bytes");
        if (part == 1) {
            parts.used(key.epoch(), bytes);
            used = Math.addExact(used, key.terms().value());
        } else {
            parts.signed(key.epoch(), bytes);
            signed = Math.addExact(signed, key.terms().value());
        }
    }

    /** Ends the last act. Of those whose tokens are free, or whose keys are being removed, nobody knows what should be there. */
    void end() {
        TokenUse act = use;
        use = null;
        if (act == null || act.firstOver() <= lastDropped || (act.freeFrom() != null && act.freeFrom() <= now)) {
            return;
        }
        if (!parts.text().equals(act.parts())) {
            findings.found("token_use", Long.toString(id), "its tokens or messages are not those it had");
        }
        boolean uses = act.kind().equals("CHARGE")
                || act.kind().equals("FORWARD")
                || act.kind().equals("REDEMPTION");
        boolean swaps = act.kind().equals("SWAP");
        if (used != (uses || swaps ? act.value() : 0) || signed != (uses ? 0 : act.value())) {
            findings.found("token_use", Long.toString(id), "its tokens and messages are not worth what it says");
        }
    }
}
