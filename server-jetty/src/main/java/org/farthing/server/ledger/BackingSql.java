package org.farthing.server.ledger;

/** The statements about money at wallet services: backings, exposure and outbox. See {@link Sql} for the rules. */
final class BackingSql {

    private BackingSql() {}

    // ---- backing and exposure

    static final String INSERT_BACKING = """
            INSERT INTO backing (challenge_id, service, token_id, hold_expires, rb, row_hash)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    static final String CHALLENGE_OF_TOKEN = "SELECT challenge_id FROM backing WHERE service = ? AND token_id = ?";

    static final String HOLD_EXPIRES = "SELECT hold_expires FROM backing WHERE challenge_id = ?";

    static final String WRITTEN_OFF = "SELECT 1 FROM backing WHERE challenge_id = ? AND written_off > 0";

    static final String SET_WRITTEN_OFF =
            "UPDATE backing SET written_off = ? WHERE challenge_id = ? AND written_off = 0";

    static final String LOCK_CHARGE = "UPDATE charge SET fence = fence WHERE challenge_id = ?";

    static final String OPEN_EXPOSURE =
            "INSERT INTO exposure (service, currency, open) VALUES (?, ?, 0) ON CONFLICT DO NOTHING";

    static final String RAISE_EXPOSURE =
            "UPDATE exposure SET open = open + ? WHERE service = ? AND currency = ? AND open <= ?";

    static final String LOWER_EXPOSURE =
            "UPDATE exposure SET open = open - ? WHERE service = ? AND currency = ? AND open >= ?";

    static final String EXPOSURE = "SELECT open FROM exposure WHERE service = ? AND currency = ?";

    /** Arguments: now, now, service, token, limit. */
    static final String CHARGES = """
            SELECT c.*,
              EXISTS (SELECT 1 FROM node n WHERE n.boot_id = c.owner AND n.lease_until >= ?) AS owner_alive,
              EXISTS (SELECT 1 FROM outcome o WHERE o.challenge_id = c.challenge_id AND o.whole = 1
                AND o.replay_until >= ?) AS answer_stored,
              b.token_id, b.hold_expires, b.rb, b.written_off,
              (SELECT COUNT(*) FROM outbox o WHERE o.challenge_id = c.challenge_id
                AND o.state IN ('WAITING', 'FAILED')) AS unfinished
            FROM backing b JOIN charge c ON c.challenge_id = b.challenge_id
            WHERE b.service = ? AND b.token_id > ? ORDER BY b.token_id LIMIT ?
            """;

    // ---- outbox

    static final String INSERT_ITEM = """
            INSERT INTO outbox (challenge_id, kind, amount, idempotency_key, reason, created_at, row_hash, state,
              attempts, not_before)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'WAITING', 0, ?)
            """;

    private static final String ITEM = """
            SELECT o.seq, o.challenge_id, o.kind, b.service, c.payee, b.token_id, c.currency, o.amount, b.rb,
              b.hold_expires, o.idempotency_key, o.reason, o.state, o.attempts, o.created_at, o.not_before, o.result
            FROM outbox o JOIN backing b ON b.challenge_id = o.challenge_id
            JOIN charge c ON c.challenge_id = o.challenge_id
            """;

    static final String ITEM_OF = ITEM + "WHERE o.seq = ?";

    /** Arguments: now, limit. */
    static final String DUE = ITEM + """
            WHERE o.state = 'WAITING' AND o.not_before <= ?
              AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.challenge_id = o.challenge_id AND e.seq < o.seq
                AND e.state IN ('WAITING', 'FAILED'))
            ORDER BY o.not_before, o.seq LIMIT ?
            """;

    static final String LEASE = """
            UPDATE outbox SET attempts = attempts + 1, not_before = ?
            WHERE seq = ? AND state = 'WAITING' AND not_before <= ?
            """;

    /** For a store that one process has at a time: whoever carried items before is gone, so they are due. Arguments: now, now. */
    static final String END_ITEM_LEASES = "UPDATE outbox SET not_before = ? WHERE state = 'WAITING' AND not_before > ?";

    static final String END =
            "UPDATE outbox SET state = ?, state_copy = ?, result = ? WHERE seq = ? AND state = 'WAITING'";

    static final String AGAIN = """
            UPDATE outbox SET state = 'WAITING', state_copy = 'WAITING', not_before = ?, result = ?
            WHERE seq = ? AND state IN ('WAITING', 'FAILED')
            """;

    static final String WRITE_OFF = """
            UPDATE outbox SET state = 'WRITTEN_OFF', state_copy = 'WRITTEN_OFF', result = ?
            WHERE seq = ? AND state = 'FAILED'
            """;

    static final String WRITE_OFF_REFUNDS = """
            UPDATE outbox SET state = 'WRITTEN_OFF', state_copy = 'WRITTEN_OFF', result = ?
            WHERE challenge_id = ? AND kind = 'REFUND' AND state IN ('WAITING', 'FAILED')
            """;

    static final String ITEMS = ITEM + "WHERE o.seq > ? ORDER BY o.seq LIMIT ?";

    /** Names the state, so that SQLite finds the index of what waits; the sign keeps it from reading all items by number. */
    static final String ITEMS_WAITING = ITEM + "WHERE o.state = 'WAITING' AND +o.seq > ? ORDER BY +o.seq LIMIT ?";

    static final String ITEMS_FAILED = ITEM + "WHERE o.state = 'FAILED' AND o.seq > ? ORDER BY o.seq LIMIT ?";

    static final String ITEMS_DONE = ITEM + "WHERE o.state = 'DONE' AND o.seq > ? ORDER BY o.seq LIMIT ?";

    static final String ITEMS_WRITTEN_OFF = ITEM + "WHERE o.state = 'WRITTEN_OFF' AND o.seq > ? ORDER BY o.seq LIMIT ?";

    static final String STATUS = """
            SELECT service, currency, SUM(waiting) AS waiting, MIN(oldest) AS oldest, MIN(capture_by) AS capture_by,
              SUM(failed) AS failed, SUM(failed_amount) AS failed_amount, SUM(open) AS open
            FROM (
              SELECT b.service, c.currency, 1 AS waiting, o.created_at AS oldest,
                CASE WHEN o.kind = 'CAPTURE' THEN b.hold_expires END AS capture_by,
                0 AS failed, 0 AS failed_amount, 0 AS open
              FROM outbox o JOIN backing b ON b.challenge_id = o.challenge_id
              JOIN charge c ON c.challenge_id = o.challenge_id WHERE o.state = 'WAITING'
              UNION ALL
              SELECT b.service, c.currency, 0, NULL, NULL, 1, CASE WHEN o.kind = 'CAPTURE' THEN o.amount ELSE 0 END, 0
              FROM outbox o JOIN backing b ON b.challenge_id = o.challenge_id
              JOIN charge c ON c.challenge_id = o.challenge_id WHERE o.state = 'FAILED'
              UNION ALL
              SELECT service, currency, 0, NULL, NULL, 0, 0, open FROM exposure WHERE open > 0
            ) AS unfinished
            GROUP BY service, currency ORDER BY service, currency
            """;

    // ---- retention

    static final String PURGE_ITEMS = "DELETE FROM outbox WHERE challenge_id = ?";

    static final String PURGE_BACKING = "DELETE FROM backing WHERE challenge_id = ?";
}
