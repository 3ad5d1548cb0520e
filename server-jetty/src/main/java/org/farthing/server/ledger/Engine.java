package org.farthing.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** What stores do differently around the same statements: begin and end transactions, tell the time, and fail. */
interface Engine {

    void begin(Connection connection) throws SQLException;

    void commit(Connection connection) throws SQLException;

    void rollback(Connection connection) throws SQLException;

    /** Does what is best done while no transaction is open and nobody waits for one that was. */
    void between(Connection connection) throws SQLException;

    /** Keeps others from changing the schema until the transaction ends. */
    void lockSchema(Session session) throws SQLException;

    /** The store's time in milliseconds since 1970, asked once a transaction. */
    long now(Session session) throws SQLException;

    /** Whether somebody else was in the way: nothing of the transaction is kept, and running it again may succeed. */
    boolean isConflict(SQLException e);

    /** Whether the connection is gone: what was not committed on it will never be. */
    boolean isLost(SQLException e);

    /** Whether the store gave up because it took too long: what comes next on it would most likely take as long. */
    boolean isTooSlow(SQLException e);

    /**
     * Whether other nodes lock rows while a transaction runs. Then what shares a transaction runs in the order of its keys, or
     * two nodes would wait for each other's wallets.
     */
    boolean shared();
}
