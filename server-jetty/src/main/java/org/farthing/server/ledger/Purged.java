package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Up to where charges may have been purged: none that expired later was, so one that is missing was deleted by hand.
 *
 * @param any up to where any claim may have been purged: the purge's own mark
 * @param captured up to where charges that took money may have been purged
 * @param unknown up to where charges of which it is not known whether they took money may have been purged
 */
record Purged(long any, long captured, long unknown) {

    static final long DAY = Duration.ofDays(1).toMillis();

    static Purged read(Session session, Findings findings) throws SQLException {
        Long mark = number(session, Sql.PURGED_UP_TO);
        if (mark == null) {
            findings.found("purge_mark", "1", "it is not there");
        }
        long any = mark == null ? Long.MAX_VALUE : mark;
        long captured = keptSince(session, AuditSql.CAPTURED_KEPT_SINCE);
        long released = keptSince(session, AuditSql.RELEASED_KEPT_SINCE);
        return new Purged(any, Math.min(any, captured), Math.min(any, Math.max(captured, released)));
    }

    private static long keptSince(Session session, String oldest) throws SQLException {
        Long expires = number(session, oldest, DAY);
        return expires == null ? Long.MAX_VALUE : expires;
    }

    /** Null if there is no row, or none that counts in it. */
    private static @Nullable Long number(Session session, String sql, Object... arguments) throws SQLException {
        Optional<Long> number =
                session.first(sql, row -> Optional.ofNullable(Findings.numberOrNull(row, "expires")), arguments);
        return number == null ? null : number.orElse(null);
    }

    /** The first day (since 1970) of which no charge that took money can have been purged. */
    long firstWholeDay() {
        return captured <= 0 ? 0 : Math.floorDiv(captured - 1, DAY) + 1;
    }
}
