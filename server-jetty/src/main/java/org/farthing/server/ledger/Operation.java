package org.farthing.server.ledger;

import java.sql.SQLException;

/**
 * One atomic step of the ledger. It runs inside a transaction that its {@link Lane} began and will end; it neither commits
 * nor rolls back itself, so a lane is free to run several in one transaction.
 */
@FunctionalInterface
interface Operation<T> {

    Step<T> run(Session session, long now) throws SQLException;

    /** What an operation came to, and whether what it wrote is to stay. */
    record Step<T>(T value, boolean keep) {

        static <T> Step<T> keep(T value) {
            return new Step<>(value, true);
        }

        static <T> Step<T> discard(T value) {
            return new Step<>(value, false);
        }
    }
}
