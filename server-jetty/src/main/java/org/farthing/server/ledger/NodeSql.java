package org.farthing.server.ledger;

/** The statements about nodes: their leases, and who keeps house. See {@link Sql} for the rules. */
final class NodeSql {

    private NodeSql() {}

    static final String END_ALL = "DELETE FROM node";

    static final String BEGIN = "INSERT INTO node (boot_id, started_at, lease_until) VALUES (?, ?, ?)";

    static final String RENEW = "UPDATE node SET lease_until = ? WHERE boot_id = ?";

    static final String END = "DELETE FROM node WHERE boot_id = ?";

    static final String FORGET = "DELETE FROM node WHERE lease_until < ?";

    static final String LEADER = "SELECT holder, lease_until FROM leader WHERE task = ?";

    static final String LEAD = """
            UPDATE leader SET holder = ?, lease_until = ? WHERE task = ? AND (holder = ? OR lease_until <= ?)
            """;

    static final String RESIGN = "UPDATE leader SET lease_until = 0 WHERE holder = ?";

    static final String NOBODY_LEADS = "UPDATE leader SET lease_until = 0";
}
