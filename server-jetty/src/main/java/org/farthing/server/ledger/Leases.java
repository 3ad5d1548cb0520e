package org.farthing.server.ledger;

import java.time.Duration;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself to the others: that it runs, and that it is the one that keeps house (F-ST-141, F-ST-142). A node
 * whose lease has lapsed is taken for dead: its holds may be taken over, and its late steps lose by their fence.
 *
 * @param bootId the name of this run of the node; never used again
 * @param length how long a lease lasts unless it is renewed; null where nobody else can have the store
 */
record Leases(String bootId, @Nullable Duration length) {

    static final String HOUSEKEEPING = "housekeeping";

    private static final long FORGOTTEN = Duration.ofDays(1).toMillis();

    /** Who keeps house, and until when. */
    private record Held(String holder, long until) {}

    private long until(long now) {
        return length == null ? Long.MAX_VALUE : Math.addExact(now, length.toMillis());
    }

    /** The first lease of this node; where nobody else can have the store, whoever had it is gone. */
    Operation<Boolean> begin() {
        return (session, now) -> {
            if (length == null) {
                session.update(NodeSql.END_ALL);
                session.update(NodeSql.NOBODY_LEADS);
            } else {
                session.update(NodeSql.FORGET, now - FORGOTTEN);
            }
            session.updateOne(NodeSql.BEGIN, bootId, now, until(now));
            return Step.keep(true);
        };
    }

    /** Renews the lease, also after it has lapsed. */
    Operation<Boolean> renew() {
        return (session, now) -> {
            if (session.update(NodeSql.RENEW, until(now), bootId) == 0) {
                session.updateOne(NodeSql.BEGIN, bootId, now, until(now));
            }
            return Step.keep(true);
        };
    }

    /** What this node held can be taken over from now on. */
    Operation<Boolean> end() {
        return (session, now) -> {
            session.update(NodeSql.END, bootId);
            session.update(NodeSql.RESIGN, bootId);
            return Step.keep(true);
        };
    }

    /**
     * Whether this node keeps house now. It writes only to become the one that does, or when half of its time is over, so that
     * an idle ledger stays idle.
     */
    boolean lead(Session session, long now) throws java.sql.SQLException {
        Held held = session.first(
                NodeSql.LEADER, row -> new Held(row.getString("holder"), row.getLong("lease_until")), HOUSEKEEPING);
        if (held != null && held.holder().equals(bootId) && held.until() > now + half()) {
            return true;
        }
        return session.update(NodeSql.LEAD, bootId, until(now), HOUSEKEEPING, bootId, now) == 1;
    }

    private long half() {
        return length == null ? 0 : length.toMillis() / 2;
    }

    /** Starts to renew the lease from time to time; null where it never lapses. */
    @Nullable
    LeaseKeeper keep(Writers writer) {
        return length == null ? null : LeaseKeeper.start(this, length, writer);
    }
}
