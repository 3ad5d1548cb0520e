package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.List;
import org.farthing.server.ledger.TokenKeys.Key;

/**
 * Forgets epochs that are over, each as a whole: what is left of it counts for nothing from the first step on, and the key stays
 * known, so that it never begins anew.
 */
final class TokenRetention {

    private static final int DROPPING = 1;
    private static final int DROPPED = 2;

    private TokenRetention() {}

    /** One small step; how many rows it removed. */
    static int purge(Session session, long before, int most) throws SQLException {
        Key over = session.first(TokenSql.EPOCH_OVER, TokenKeys::key, before);
        return over == null ? purgeUses(session, before, most) : drop(session, over, most);
    }

    private static int drop(Session session, Key over, int most) throws SQLException {
        session.updateOne(TokenSql.ONE_AT_A_TIME);
        int epoch = over.epoch();
        int serials = session.update(TokenSql.DROP_SERIALS, epoch, epoch, most);
        int messages = session.update(TokenSql.DROP_ISSUED, epoch, epoch, most);
        boolean gone = serials < most && messages < most;
        Key now = TokenKeys.ofEpoch(session, epoch);
        TokenKeys.set(session, new Key(epoch, now.terms(), now.closed(), gone ? DROPPED : DROPPING));
        // At least one, so that the next step comes: there may be another epoch.
        return Math.max(1, serials + messages);
    }

    private static int purgeUses(Session session, long before, int most) throws SQLException {
        List<Long> over = session.all(TokenSql.USES_OVER, row -> row.getLong(1), before, most);
        for (Long use : over) {
            session.update(TokenSql.PURGE_UPLOADS, use);
            session.updateOne(TokenSql.PURGE_USE, use);
        }
        return over.size();
    }
}
