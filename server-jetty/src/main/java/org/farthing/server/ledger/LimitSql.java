package org.farthing.server.ledger;

/** The statements about daily limits; for all of them the caller has locked the wallet's row. */
final class LimitSql {

    private LimitSql() {}

    /** Arguments: day, wallet. */
    static final String LIMITS = """
            SELECT l.code, l.per_day, s.spent FROM wallet_limit l
            LEFT JOIN wallet_spend s ON s.wallet = l.wallet AND s.code = l.code AND s.day = ?
            WHERE l.wallet = ? ORDER BY l.code
            """;

    static final String LOCK_WALLET = "UPDATE wallet SET version = version WHERE id = ?";

    /** Whether the wallet has a limit stands in its row, so that who holds the lock need not look. */
    static final String NOTE_LIMITS = """
            UPDATE wallet SET limited = CASE WHEN EXISTS (SELECT 1 FROM wallet_limit l WHERE l.wallet = wallet.id)
              THEN 1 ELSE 0 END WHERE id = ?
            """;

    static final String PER_DAY = "SELECT per_day FROM wallet_limit WHERE wallet = ? AND code = ?";

    static final String INSERT = "INSERT INTO wallet_limit (wallet, code, per_day, row_hash) VALUES (?, ?, ?, ?)";

    static final String SET_PER_DAY = "UPDATE wallet_limit SET per_day = ?, row_hash = ? WHERE wallet = ? AND code = ?";

    static final String LATER_DAY = "SELECT 1 FROM wallet_spend WHERE wallet = ? AND code = ? AND day > ?";

    static final String SET_SPENT =
            "UPDATE wallet_spend SET spent = ?, row_hash = ? WHERE wallet = ? AND code = ? AND day = ?";

    static final String INSERT_SPENT =
            "INSERT INTO wallet_spend (wallet, code, day, spent, row_hash) VALUES (?, ?, ?, ?, ?)";

    static final String FORGET_DAYS = "DELETE FROM wallet_spend WHERE wallet = ? AND code = ? AND day < ?";

    static final String REMOVE = "DELETE FROM wallet_limit WHERE wallet = ? AND code = ?";

    static final String PURGE_SPENT = "DELETE FROM wallet_spend WHERE wallet = ?";

    static final String PURGE = "DELETE FROM wallet_limit WHERE wallet = ?";

    /**
     * What of a wallet's charges of one day counts as spent, by currency id: the amount while held, afterwards what was
     * captured, nothing if released or never delivered. Arguments: wallet, first millisecond of the day, wallet, first and last
     * millisecond.
     */
    static final String SPENT = """
            SELECT c.currency, SUM(CASE WHEN c.state = 'HELD' THEN c.amount ELSE c.captured END) AS spent
            FROM charge c
            WHERE c.challenge_id IN (
                SELECT t.challenge_id FROM transfer t
                WHERE t.wallet = ? AND t.at >= ? AND t.kind IN ('HOLD', 'CAPTURE'))
              AND c.wallet = ? AND c.service IS NULL AND c.issuer IS NULL AND c.created_at >= ? AND c.created_at < ?
              AND c.state <> 'RELEASED' AND c.delivery <> 'UNDELIVERED'
            GROUP BY c.currency
            """;
}
