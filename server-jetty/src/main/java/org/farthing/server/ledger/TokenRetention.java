package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.jspecify.annotations.Nullable;

/**
 * Forgets epochs that are over, each as a whole: what is left of it counts for nothing from the first step on, and the key stays
 * known, so that it never begins anew.
 */
final class TokenRetention {

    private static final int DROPPING = 1;
    private static final int DROPPED = 2;

    private static final long A_DAY = Duration.ofDays(1).toMillis();

    /** An act whose keys are over, and what still speaks of it. */
    private record Over(long id, TokenUse use, @Nullable Long chargeExpires, boolean unfinished) {}

    private final long keptLong;

    /** With how long charges are kept. */
    TokenRetention(long keptLong) {
        this.keptLong = keptLong;
    }

    /** One small step; how many rows it removed or looked at. */
    int purge(Session session, long before, int most) throws SQLException {
        KeyRow over = session.first(TokenSql.EPOCH_OVER, TokenKeys::key, before);
        return over == null ? purgeUses(session, before, most) : drop(session, over, most);
    }

    private static int drop(Session session, KeyRow over, int most) throws SQLException {
        session.keys().change(session);
        int epoch = over.epoch();
        int serials = session.update(TokenSql.DROP_SERIALS, epoch, epoch, most);
        int messages = session.update(TokenSql.DROP_ISSUED, epoch, epoch, most);
        boolean gone = serials < most && messages < most;
        if (gone) {
            session.update(TokenSql.DROP_COUNTS, epoch);
        }
        KeyRow now = TokenKeys.ofEpoch(session, epoch);
        TokenKeys.set(session, new KeyRow(epoch, now.terms(), now.closed(), gone ? DROPPED : DROPPING));
        // At least one, so that the next step comes: there may be another epoch.
        return Math.max(1, serials + messages);
    }

    private int purgeUses(Session session, long before, int most) throws SQLException {
        List<Over> over = session.all(
                TokenSql.USES_OVER,
                row -> new Over(
                        row.getLong("id"),
                        TokenUse.of(row),
                        Findings.numberOrNull(row, "charge_expires"),
                        row.getBoolean("unfinished")),
                before,
                most);
        for (Over act : over) {
            if (act.chargeExpires() != null || act.unfinished()) {
                keepLonger(session, act, before);
            } else {
                session.update(TokenSql.PURGE_UPLOADS, act.id());
                session.updateOne(TokenSql.PURGE_USE, act.id());
            }
        }
        return over.size();
    }

    /** Until its charge may be purged, so that no step goes through all that are kept for one. */
    private void keepLonger(Session session, Over act, long before) throws SQLException {
        Long expires = act.chargeExpires();
        long until = Math.max(before + A_DAY, expires == null ? 0 : expires + keptLong);
        TokenUse use = act.use().keptUntil(until);
        session.updateOne(TokenSql.KEEP_LONGER, until, use.rowHash(), act.id());
    }
}
