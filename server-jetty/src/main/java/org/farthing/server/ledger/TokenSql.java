package org.farthing.server.ledger;

/**
 * The statements about bearer tokens. See {@link Sql} for the rules. Rows of acts come after those of charge, wallet, account,
 * limit; then serials and messages in the order of their keys and bytes, uploads, and debts.
 */
final class TokenSql {

    private TokenSql() {}

    // ---- keys

    private static final String KEY_COLUMNS = """
            SELECT epoch, key_id, issuer, mine, value, currency, last_byte, not_before, not_after, spend_until, redeem_until, swap_until,
              closed, dropped, row_hash FROM token_key
            """;

    static final String KEY = KEY_COLUMNS + "WHERE key_id = ?";

    static final String KEY_OF_EPOCH = KEY_COLUMNS + "WHERE epoch = ?";

    static final String KEYS = KEY_COLUMNS + "WHERE dropped = 0 ORDER BY issuer, not_before, currency, value, epoch";

    static final String ALL_KEYS = KEY_COLUMNS + "ORDER BY epoch";

    /** Locks out whoever else wants to change a key, and tells those that have read it. */
    static final String ONE_AT_A_TIME = "UPDATE token_key_change SET changes = changes + 1 WHERE id = 1";

    static final String KEY_CHANGES = "SELECT changes FROM token_key_change WHERE id = 1";

    static final String SAME_LAST_BYTE = """
            SELECT key_id FROM token_key WHERE issuer = ? AND last_byte = ? AND swap_until > ? AND key_id <> ?
            """;

    static final String INSERT_KEY = """
            INSERT INTO token_key (key_id, issuer, mine, value, currency, last_byte, not_before, not_after, spend_until,
              redeem_until, swap_until, row_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') RETURNING epoch
            """;

    static final String SET_KEY = "UPDATE token_key SET closed = ?, dropped = ?, row_hash = ? WHERE epoch = ?";

    // ---- acts

    /** What the unique index is about, in its words: without them no store would look into it. */
    private static final String ONCE = "kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD')";

    static final String INSERT_USE = """
            INSERT INTO token_use (kind, owner, epoch, value, first_over, keep_until, parts, row_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
            """;

    /**
     * The kind is none of the arguments: SQLite compares it with what each partial index is about, and would plan the statement
     * anew for every value.
     */
    private static final String USE = """
            SELECT u.id, u.kind, u.owner, u.epoch, u.value, u.first_over, u.keep_until, u.parts, u.free_from, k.issuer, k.mine
            FROM token_use u JOIN token_key k ON k.epoch = u.epoch WHERE u.owner = ? AND u.""" + ONCE + " AND u.kind = ";

    static final String USE_OF_CHARGE = USE + "'CHARGE'";

    static final String USE_OF_SWAP = USE + "'SWAP'";

    static final String USE_OF_FORWARD = USE + "'FORWARD'";

    /** A redemption is known in full only when its tokens are claimed. */
    static final String COMPLETE_USE = """
            UPDATE token_use SET epoch = ?, value = ?, first_over = ?, keep_until = ?, parts = ?, row_hash = ? WHERE id = ?
            """;

    static final String FREE_USE =
            "UPDATE token_use SET free_from = ?, row_hash = ? WHERE id = ? AND free_from IS NULL";

    static final String IS_PURCHASE = "SELECT 1 FROM token_use WHERE owner = ? AND kind = 'PURCHASE' AND " + ONCE;

    static final String HANDED_OUT =
            "SELECT COALESCE(SUM(value), 0) FROM token_use WHERE owner = ? AND kind = 'REFUND'";

    // ---- tokens and messages

    static final String CLAIM =
            "INSERT INTO token_serial (epoch, serial, use_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    /** Whether {@link #CLAIM} and {@link #CLAIM_ANEW} would both fail. Arguments: epoch, serial, now. */
    static final String TAKEN = """
            SELECT 1 FROM token_serial s LEFT JOIN token_use u ON u.id = s.use_id WHERE s.epoch = ? AND s.serial = ?
              AND (u.free_from IS NULL OR u.free_from > ?)
            """;

    /** Takes a token over from an act that has given it free. Arguments: act, epoch, serial, now. */
    static final String CLAIM_ANEW = """
            UPDATE token_serial SET use_id = ? WHERE epoch = ? AND serial = ?
              AND EXISTS (SELECT 1 FROM token_use u WHERE u.id = token_serial.use_id AND u.free_from <= ?)
            """;

    static final String USED_BY = """
            SELECT u.kind, u.owner FROM token_serial s JOIN token_use u ON u.id = s.use_id WHERE s.epoch = ? AND s.serial = ?
            """;

    /** What tokens of a key were used for. Arguments: epoch, serial, limit. */
    static final String USED_AFTER = """
            SELECT s.serial, u.kind, u.owner, u.free_from, t.state, COALESCE(t.payee, c.payee) AS payee
            FROM token_serial s JOIN token_use u ON u.id = s.use_id
            LEFT JOIN token_upload t ON t.use_id = s.use_id AND t.serial = s.serial
            LEFT JOIN charge c ON c.challenge_id = u.owner AND u.kind = 'CHARGE'
            WHERE s.epoch = ? AND s.serial > ? ORDER BY s.serial LIMIT ?
            """;

    static final String ISSUE =
            "INSERT INTO token_issued (epoch, message, use_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    /** Arguments: key id, message. */
    static final String ISSUED_FOR = """
            SELECT u.kind, u.owner FROM token_issued i JOIN token_key k ON k.epoch = i.epoch
            LEFT JOIN token_use u ON u.id = i.use_id WHERE k.key_id = ? AND i.message = ?
            """;

    static final String SOLVENCY = """
            SELECT k.key_id,
              (SELECT COALESCE(SUM(c.issued), 0) FROM token_count c WHERE c.epoch = k.epoch) AS issued,
              (SELECT COALESCE(SUM(c.used), 0) FROM token_count c WHERE c.epoch = k.epoch) AS used
            FROM token_key k WHERE k.mine = 1 AND k.dropped = 0 ORDER BY k.issuer, k.not_before, k.currency, k.value, k.epoch
            """;

    static final String ADD_COUNT = """
            INSERT INTO token_count (epoch, writer, issued, used) VALUES (?, ?, ?, ?) ON CONFLICT (epoch, writer)
            DO UPDATE SET issued = token_count.issued + excluded.issued, used = token_count.used + excluded.used
            """;

    // ---- uploads

    static final String INSERT_UPLOAD = """
            INSERT INTO token_upload (use_id, payee, epoch, serial, token, row_hash, state, state_copy, attempts, not_before)
            VALUES (?, ?, ?, ?, ?, ?, 'HELD', 'HELD', 0, ?)
            """;

    static final String UPLOADS_DUE_NOW = """
            UPDATE token_upload SET state = 'WAITING', state_copy = 'WAITING', not_before = ?
            WHERE use_id = ? AND state = 'HELD'
            """;

    static final String FORGET_HELD = "DELETE FROM token_upload WHERE use_id = ? AND state = 'HELD'";

    private static final String UPLOAD = """
            SELECT t.seq, t.use_id, t.payee, t.epoch, t.serial, t.token, t.state, t.attempts, t.not_before, t.result, k.key_id,
              k.issuer, k.value, k.currency, k.redeem_until
            FROM token_upload t JOIN token_key k ON k.epoch = t.epoch
            """;

    static final String UPLOAD_OF = UPLOAD + "WHERE t.seq = ?";

    static final String FIRST_DUE = """
            SELECT t.payee, k.issuer FROM token_upload t JOIN token_key k ON k.epoch = t.epoch
            WHERE t.state = 'WAITING' AND t.not_before <= ? ORDER BY t.not_before, t.seq LIMIT 1
            """;

    /** Arguments: now, payee, issuer, limit. */
    static final String DUE = UPLOAD + """
            WHERE t.state = 'WAITING' AND t.not_before <= ? AND t.payee = ? AND k.issuer = ?
            ORDER BY t.not_before, t.seq LIMIT ?
            """;

    static final String LEASE = """
            UPDATE token_upload SET attempts = attempts + 1, not_before = ?
            WHERE seq = ? AND state = 'WAITING' AND not_before <= ?
            """;

    /** For a store that one process has at a time. Arguments: now, now. */
    static final String END_LEASES =
            "UPDATE token_upload SET not_before = ? WHERE state = 'WAITING' AND not_before > ?";

    static final String REDEEMED = "DELETE FROM token_upload WHERE seq = ? AND state = 'WAITING'";

    static final String REFUSED = """
            UPDATE token_upload SET state = 'FAILED', state_copy = 'FAILED', result = ? WHERE seq = ? AND state = 'WAITING'
            """;

    static final String AGAIN = """
            UPDATE token_upload SET state = 'WAITING', state_copy = 'WAITING', not_before = ?, result = ?
            WHERE seq = ? AND state IN ('WAITING', 'FAILED')
            """;

    static final String WRITE_OFF = """
            UPDATE token_upload SET state = 'WRITTEN_OFF', state_copy = 'WRITTEN_OFF', result = ?
            WHERE seq = ? AND state = 'FAILED'
            """;

    static final String OWNER_OF_UPLOAD =
            "SELECT u.owner FROM token_upload t JOIN token_use u ON u.id = t.use_id WHERE t.seq = ?";

    static final String UPLOADS = UPLOAD + "WHERE t.seq > ? ORDER BY t.seq LIMIT ?";

    static final String UPLOADS_IN = UPLOAD + "WHERE t.state = ? AND t.seq > ? ORDER BY t.seq LIMIT ?";

    static final String STATUS = """
            SELECT d.issuer, d.currency, d.open, COALESCE(u.waiting, 0) AS waiting, u.redeem_by,
              COALESCE(u.failed, 0) AS failed, COALESCE(u.failed_amount, 0) AS failed_amount
            FROM token_debt d LEFT JOIN (
              SELECT k.issuer, k.currency, SUM(CASE WHEN t.state = 'WAITING' THEN 1 ELSE 0 END) AS waiting,
                MIN(CASE WHEN t.state = 'WAITING' THEN k.redeem_until END) AS redeem_by,
                SUM(CASE WHEN t.state = 'FAILED' THEN 1 ELSE 0 END) AS failed,
                SUM(CASE WHEN t.state = 'FAILED' THEN k.value ELSE 0 END) AS failed_amount
              FROM token_upload t JOIN token_key k ON k.epoch = t.epoch GROUP BY k.issuer, k.currency
            ) AS u ON u.issuer = d.issuer AND u.currency = d.currency
            WHERE d.open > 0 ORDER BY d.issuer, d.currency
            """;

    // ---- debts of remote issuers

    static final String OPEN_DEBT =
            "INSERT INTO token_debt (issuer, currency, open) VALUES (?, ?, 0) ON CONFLICT DO NOTHING";

    static final String RAISE_DEBT =
            "UPDATE token_debt SET open = open + ? WHERE issuer = ? AND currency = ? AND open <= ?";

    static final String LOWER_DEBT =
            "UPDATE token_debt SET open = open - ? WHERE issuer = ? AND currency = ? AND open >= ?";

    static final String DEBT = "SELECT open FROM token_debt WHERE issuer = ? AND currency = ?";

    // ---- retention

    /** Arguments: the last time by which an epoch must be over. */
    static final String EPOCH_OVER =
            KEY_COLUMNS + "WHERE swap_until < ? AND dropped < 2 ORDER BY swap_until, epoch LIMIT 1";

    static final String DROP_SERIALS = """
            DELETE FROM token_serial WHERE epoch = ? AND serial IN (SELECT serial FROM token_serial WHERE epoch = ? LIMIT ?)
            """;

    static final String DROP_ISSUED = """
            DELETE FROM token_issued WHERE epoch = ? AND message IN (SELECT message FROM token_issued WHERE epoch = ? LIMIT ?)
            """;

    static final String DROP_COUNTS = "DELETE FROM token_count WHERE epoch = ?";

    /** Acts whose keys are over, with what still speaks of them. Arguments: the last time, limit. */
    static final String USES_OVER = """
            SELECT u.id, u.kind, u.owner, u.epoch, u.value, u.first_over, u.keep_until, u.parts, u.free_from,
              (SELECT c.expires FROM charge c WHERE c.challenge_id = u.owner) AS charge_expires,
              EXISTS (SELECT 1 FROM token_upload t WHERE t.use_id = u.id AND t.state <> 'WRITTEN_OFF') AS unfinished
            FROM token_use u WHERE u.keep_until < ? ORDER BY u.keep_until LIMIT ?
            """;

    static final String KEEP_LONGER = "UPDATE token_use SET keep_until = ?, row_hash = ? WHERE id = ?";

    static final String PURGE_UPLOADS = "DELETE FROM token_upload WHERE use_id = ?";

    static final String PURGE_USE = "DELETE FROM token_use WHERE id = ?";
}
