package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.jspecify.annotations.Nullable;

/**
 * The rows of keys that one session has read (F-TK-145). It asks once a transaction whether any key was changed since, by
 * whatever node, so what it answers is as new as if it had read the row when it asked. Bounded by the keys there are.
 */
final class KeyCache {

    private final Map<String, KeyRow> rows = new HashMap<>();

    /** How many changes there had been when {@link #rows} was still empty. */
    private long changes = -1;

    private boolean asked;

    /** Set when this transaction changes keys itself: what it reads then may be undone. */
    private boolean changing;

    /** A transaction begins. */
    void begin() {
        asked = false;
        changing = false;
    }

    /** To be called before keys are changed, or read to decide on a change. */
    void change(Session session) throws SQLException {
        changing = true;
        session.updateOne(TokenSql.ONE_AT_A_TIME);
    }

    @Nullable
    KeyRow find(Session session, String keyId) throws SQLException {
        if (changing) {
            return TokenKeys.read(session, keyId);
        }
        if (!asked) {
            ask(session);
        }
        KeyRow row = rows.get(keyId);
        if (row == null) {
            row = TokenKeys.read(session, keyId);
            if (row != null) {
                rows.put(keyId, row);
            }
        }
        return row;
    }

    /** Before a row is read: then rows may be newer than their count says, but never older. */
    private void ask(Session session) throws SQLException {
        Long now = session.first(TokenSql.KEY_CHANGES, row -> row.getLong(1));
        if (now == null) {
            throw new SQLException("the ledger contradicts itself: nothing counts the changes of keys");
        }
        if (now != changes) {
            rows.clear();
            changes = now;
        }
        asked = true;
    }
}
