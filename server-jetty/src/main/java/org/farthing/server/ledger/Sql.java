package org.farthing.server.ledger;

/**
 * The statements about charges, wallets and transfers, by name. {@link BackingSql}, {@link PaymentSql} and {@link LimitSql}
 * have the others. All are written for SQLite and PostgreSQL alike, and right under READ COMMITTED: claims are conditional
 * inserts, transitions are updates that name the state and fence they start from, and rows are locked in the order charge,
 * wallet, account, limit, outbox, exposure. Longer than 300 lines because statements belong beside each other.
 */
final class Sql {

    private Sql() {}

    // ---- charge

    /** Arguments: now, now, challenge id. */
    static final String CHARGE = """
            SELECT c.challenge_id, c.credential_hash, c.payment_id, c.wallet, c.payee, c.route, c.method, c.currency,
              c.amount, c.expires, c.repeatable, c.upfront, c.created_at, c.state, c.fence, c.hold_until, c.captured,
              c.refunded, c.delivery, c.executed, c.release_reason, c.settled_at, c.reruns, c.rerun_until, c.service, c.issuer,
              EXISTS (SELECT 1 FROM node n WHERE n.boot_id = c.owner AND n.lease_until >= ?) AS owner_alive,
              EXISTS (SELECT 1 FROM outcome o WHERE o.challenge_id = c.challenge_id AND o.whole = 1
                AND o.replay_until >= ?) AS answer_stored
            FROM charge c WHERE c.challenge_id = ?
            """;

    /** What an update that ends with it tells of the charge: all that {@link Rows#charge} reads. Argument: 1 if its answer is stored. */
    private static final String TELLING = """
            RETURNING challenge_id, credential_hash, payment_id, wallet, payee, route, method, currency, amount, expires,
              repeatable, upfront, created_at, state, fence, hold_until, captured, refunded, delivery, executed,
              release_reason, settled_at, reruns, rerun_until, service, issuer, TRUE AS owner_alive, (? = 1) AS answer_stored
            """;

    /** Arguments: challenge id, payment id. */
    static final String IS_CLAIMED = "SELECT 1 FROM charge WHERE challenge_id = ? OR payment_id = ?";

    static final String CHALLENGE_OF_PAYMENT = "SELECT challenge_id FROM charge WHERE payment_id = ?";

    /**
     * The claim: both single-use keys are unique, and whoever inserts the row has won. What expired so long ago that its claim
     * may have been purged cannot be claimed.
     */
    static final String CLAIM = """
            INSERT INTO charge (challenge_id, credential_hash, payment_id, wallet, key_thumbprint, payee, route, method,
              currency, amount, expires, repeatable, upfront, created_at, row_hash, state, fence, owner, hold_until,
              captured, refunded, delivery, executed, reruns, service, issuer)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 0, ?, 'UNKNOWN', 0, ?, ?
            FROM purge_mark WHERE id = 1 AND purge_mark.expires < ?
            ON CONFLICT DO NOTHING
            """;

    static final String RENEW = """
            UPDATE charge SET hold_until = ? WHERE challenge_id = ? AND fence = ?
              AND (state = 'HELD' OR (state = 'CAPTURED' AND delivery = 'PENDING'))
            """;

    /** Arguments: amount, now, challenge id, fence, amount. What it makes of a charge is {@link Charge#captured}. */
    static final String CAPTURE = """
            UPDATE charge SET state = 'CAPTURED', captured = ?, executed = 'YES', settled_at = ?
            WHERE challenge_id = ? AND fence = ? AND state = 'HELD' AND amount >= ?
            """;

    /** As {@link #CAPTURE}, by whoever does not know the charge. Last argument: 1 if its answer is stored. */
    static final String CAPTURE_TELLING = CAPTURE + TELLING;

    /** Arguments: reason, executed, now, challenge id, fence, 0. */
    static final String RELEASE = """
            UPDATE charge SET state = 'RELEASED', release_reason = ?, executed = ?, settled_at = ?
            WHERE challenge_id = ? AND fence = ? AND state = 'HELD'
            """ + TELLING;

    static final String DELIVERED = """
            UPDATE charge SET delivery = 'DELIVERED', executed = 'YES'
            WHERE challenge_id = ? AND fence = ? AND state = 'CAPTURED' AND delivery = 'PENDING'
            """ + TELLING;

    /** Names the refunded sum it saw, so that a refund in between makes it lose. */
    static final String UNDELIVERED = """
            UPDATE charge SET state = 'REFUNDED', refunded = captured, delivery = 'UNDELIVERED', release_reason = ?,
              executed = ?
            WHERE challenge_id = ? AND fence = ? AND state = 'CAPTURED' AND delivery = 'PENDING' AND refunded = ?
            """;

    static final String TAKE_OVER = """
            UPDATE charge SET fence = fence + 1, owner = ?, hold_until = ?
            WHERE challenge_id = ? AND credential_hash = ?
              AND (state = 'HELD' OR (state = 'CAPTURED' AND delivery = 'PENDING'))
              AND NOT EXISTS (SELECT 1 FROM node n WHERE n.boot_id = charge.owner AND n.lease_until >= ?)
            """;

    static final String BEGIN_RERUN = """
            UPDATE charge SET reruns = reruns + 1, rerun_until = ?
            WHERE challenge_id = ? AND credential_hash = ? AND state = 'CAPTURED' AND delivery <> 'PENDING'
              AND repeatable = 1 AND reruns < 3 AND (rerun_until IS NULL OR rerun_until < ?)
              AND EXISTS (SELECT 1 FROM outcome o WHERE o.challenge_id = charge.challenge_id AND o.whole = 0
                AND o.replay_until >= ?)
            """;

    static final String END_RERUN =
            "UPDATE charge SET rerun_until = NULL WHERE challenge_id = ? AND reruns = ? AND rerun_until IS NOT NULL";

    static final String RERUN_UNDER_WAY = "SELECT 1 FROM charge WHERE challenge_id = ? AND rerun_until >= ?";

    /** Refunded in full, the charge is REFUNDED, and an answer that has not left yet counts as undelivered. */
    static final String REFUND = """
            UPDATE charge SET refunded = refunded + ?,
              state = CASE WHEN refunded + ? = captured THEN 'REFUNDED' ELSE state END,
              delivery = CASE WHEN refunded + ? = captured AND delivery = 'PENDING' THEN 'UNDELIVERED'
                ELSE delivery END
            WHERE challenge_id = ? AND state = 'CAPTURED' AND refunded <= captured - ?
            """;

    static final String OVERDUE = """
            SELECT challenge_id, fence, state, wallet FROM charge WHERE (state = 'HELD' OR delivery = 'PENDING') AND hold_until < ?
            ORDER BY hold_until, challenge_id LIMIT ?
            """;

    // ---- outcome and idempotency key

    static final String STORE_OUTCOME = """
            INSERT INTO outcome (challenge_id, status, fields, body, whole, receipt, replay_until)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    static final String OUTCOME = """
            SELECT o.status, o.fields, o.body, o.receipt FROM outcome o
            JOIN charge c ON c.challenge_id = o.challenge_id
            WHERE o.challenge_id = ? AND c.credential_hash = ? AND o.replay_until >= ?
            """;

    static final String REVOKE_OUTCOME = "DELETE FROM outcome WHERE challenge_id = ?";

    static final String CLAIM_KEY = """
            INSERT INTO idempotency (scope, content, challenge_id, replay_until, row_hash) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    static final String KEY = "SELECT content, challenge_id FROM idempotency WHERE scope = ?";

    static final String RECLAIM_KEY = """
            UPDATE idempotency SET content = ?, challenge_id = ?, replay_until = ?, row_hash = ?
            WHERE scope = ? AND challenge_id = ?
            """;

    // ---- wallet

    static final String WALLET = """
            SELECT id, status, frozen, version, recovery_thumbprint, recovery_jwk, created_at FROM wallet WHERE id = ?
            """;

    static final String WALLET_IDS = "SELECT id FROM wallet WHERE id > ? ORDER BY id LIMIT ?";

    static final String WALLET_KEYS =
            "SELECT thumbprint, jwk FROM wallet_key WHERE wallet = ? AND revoked_at IS NULL ORDER BY ordinal";

    static final String INSERT_WALLET = """
            INSERT INTO wallet (id, status, frozen, version, recovery_thumbprint, recovery_jwk, funded, holds,
              release_minute, releases, created_at, limited, row_hash)
            VALUES (?, 'ACTIVE', 0, 1, ?, ?, 0, 0, 0, 0, ?, 0, ?) ON CONFLICT DO NOTHING
            """;

    static final String FIRST_KEY = "SELECT thumbprint FROM wallet_key WHERE wallet = ? AND ordinal = 1";

    static final String INSERT_KEY = """
            INSERT INTO wallet_key (wallet, thumbprint, jwk, ordinal, added_at, row_hash) VALUES (?, ?, ?, ?, ?, ?)
            """;

    static final String LAST_KEY = "SELECT COALESCE(MAX(ordinal), 0) FROM wallet_key WHERE wallet = ?";

    static final String KEY_KNOWN = "SELECT 1 FROM wallet_key WHERE wallet = ? AND thumbprint = ?";

    static final String KEY_TO_REVOKE =
            "SELECT jwk, ordinal, added_at FROM wallet_key WHERE wallet = ? AND thumbprint = ?";

    static final String REVOKE_KEY = """
            UPDATE wallet_key SET revoked_at = ?, row_hash = ? WHERE wallet = ? AND thumbprint = ? AND revoked_at IS NULL
            """;

    static final String NEXT_VERSION = "UPDATE wallet SET version = version + 1 WHERE id = ?";

    static final String SET_STATUS = "UPDATE wallet SET status = ?, version = version + 1 WHERE id = ? AND status <> ?";

    static final String SET_FROZEN = "UPDATE wallet SET frozen = ?, version = version + 1 WHERE id = ? AND frozen <> ?";

    static final String SET_FUNDED = "UPDATE wallet SET funded = 1 WHERE id = ? AND funded = 0";

    /** Arguments: wallet, version, most holds, this minute, most releases a minute. Tells whether the wallet has a daily limit. */
    static final String BEGIN_HOLD = """
            UPDATE wallet SET holds = holds + 1
            WHERE id = ? AND status = 'ACTIVE' AND frozen = 0 AND version = ? AND holds < ?
              AND NOT (release_minute = ? AND releases >= ?)
            RETURNING limited
            """;

    static final String HOLD_LIMITS = "SELECT status, frozen, version, holds FROM wallet WHERE id = ?";

    static final String END_HOLD = "UPDATE wallet SET holds = holds - 1 WHERE id = ?";

    static final String END_HOLD_UNCHARGED = """
            UPDATE wallet SET holds = holds - 1,
              releases = CASE WHEN release_minute = ? THEN releases + 1 ELSE 1 END, release_minute = ?
            WHERE id = ?
            """;

    // ---- account and transfer

    static final String ACCOUNT = "SELECT currency, available, held FROM account WHERE wallet = ? AND currency = ?";

    static final String ACCOUNTS = "SELECT currency, available, held FROM account WHERE wallet = ? ORDER BY currency";

    static final String OPEN_ACCOUNT =
            "INSERT INTO account (wallet, currency, available, held) VALUES (?, ?, 0, 0) ON CONFLICT DO NOTHING";

    /** Never overflows: {@code limit - amount} is computed before and {@code held} is not negative. */
    static final String CREDIT = """
            UPDATE account SET available = available + ? WHERE wallet = ? AND currency = ? AND available <= ? - held
            """;

    static final String SET_ASIDE = """
            UPDATE account SET available = available - ?, held = held + ?
            WHERE wallet = ? AND currency = ? AND available >= ?
            """;

    static final String TAKE =
            "UPDATE account SET available = available - ? WHERE wallet = ? AND currency = ? AND available >= ?";

    /** Arguments: what leaves held, what of it comes back to available, wallet, currency, what leaves held. */
    static final String SETTLE = """
            UPDATE account SET held = held - ?, available = available + ?
            WHERE wallet = ? AND currency = ? AND held >= ?
            """;

    static final String INSERT_TRANSFER = """
            INSERT INTO transfer (id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method,
              note, at, row_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    static final String TRANSFER = "SELECT currency, amount FROM transfer WHERE id = ?";

    static final String STATEMENT = """
            SELECT seq, id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method, note, at
            FROM transfer WHERE wallet = ? AND seq < ? ORDER BY seq DESC LIMIT ?
            """;

    // ---- retention

    static final String PURGED_UP_TO = "SELECT expires FROM purge_mark WHERE id = 1";

    static final String MOVE_PURGE_MARK = "UPDATE purge_mark SET expires = ? WHERE id = 1 AND expires < ?";

    static final String PURGE_OUTCOMES = """
            DELETE FROM outcome WHERE challenge_id IN
              (SELECT challenge_id FROM outcome WHERE replay_until < ? ORDER BY replay_until LIMIT ?)
            """;

    static final String PURGE_KEYS = """
            DELETE FROM idempotency WHERE scope IN
              (SELECT scope FROM idempotency WHERE replay_until < ? ORDER BY replay_until LIMIT ?)
            """;

    static final String SHORT_KEPT = """
            SELECT challenge_id, expires, service FROM charge WHERE (state = 'RELEASED' OR amount = 0) AND state <> 'HELD'
              AND delivery <> 'PENDING' AND expires < ?
              AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.challenge_id = charge.challenge_id
                AND o.state IN ('WAITING', 'FAILED'))
            ORDER BY expires LIMIT ?
            """;

    static final String LONG_KEPT = """
            SELECT challenge_id, expires, service FROM charge WHERE amount > 0 AND state IN ('CAPTURED', 'REFUNDED')
              AND delivery <> 'PENDING' AND expires < ?
              AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.challenge_id = charge.challenge_id
                AND o.state IN ('WAITING', 'FAILED'))
            ORDER BY expires LIMIT ?
            """;

    static final String PURGE_CHARGE = "DELETE FROM charge WHERE challenge_id = ?";

    static final String NEVER_FUNDED = """
            SELECT w.id FROM wallet w WHERE w.funded = 0 AND w.created_at < ?
              AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.wallet = w.id AND c.amount = 0)
            ORDER BY w.created_at LIMIT ?
            """;

    static final String PURGE_WALLET_KEYS = "DELETE FROM wallet_key WHERE wallet = ?";

    static final String PURGE_WALLET = "DELETE FROM wallet WHERE id = ? AND funded = 0";

    // ---- sums

    static final String SUM_ACCOUNTS =
            "SELECT currency, SUM(available) AS available, SUM(held) AS held FROM account GROUP BY currency";

    static final String SUM_TRANSFERS = """
            SELECT currency,
              SUM(CASE WHEN kind = 'TOP_UP' THEN amount ELSE 0 END) AS came,
              SUM(CASE WHEN substr(to_account, 1, 6) = 'payee:' THEN amount
                WHEN substr(from_account, 1, 6) = 'payee:' THEN -amount ELSE 0 END) AS earned,
              SUM(CASE WHEN substr(from_account, 1, 8) = 'service:' THEN amount
                WHEN substr(to_account, 1, 8) = 'service:' THEN -amount ELSE 0 END) AS receivable
            FROM transfer GROUP BY currency
            """;

    /** What each account of tokens has: it is less than nothing where a remote issuer owes it. */
    static final String SUM_TOKENS = """
            SELECT currency, account, SUM(amount) AS amount FROM (
              SELECT currency, to_account AS account, amount FROM transfer WHERE substr(to_account, 1, 7) = 'tokens:'
              UNION ALL
              SELECT currency, from_account, -amount FROM transfer WHERE substr(from_account, 1, 7) = 'tokens:'
            ) AS moved GROUP BY currency, account
            """;

    static final String INCOME = """
            SELECT payee, currency, method, SUM(captured) AS captured, SUM(refunded) AS refunded,
              SUM(captures) AS captures
            FROM (
              SELECT to_account AS payee, currency, method, amount AS captured, 0 AS refunded, 1 AS captures, at
              FROM transfer WHERE kind = 'CAPTURE' AND substr(to_account, 1, 6) = 'payee:'
              UNION ALL
              SELECT from_account AS payee, currency, method, 0 AS captured, amount AS refunded, 0 AS captures, at
              FROM transfer WHERE kind IN ('REFUND', 'WRITE_OFF')) AS earned
            WHERE at >= ? AND at < ? GROUP BY payee, currency, method ORDER BY payee, currency, method
            """;

    /** By day (UTC). In one reading, because the transfers of years are long to read. */
    static final String INCOME_BY_DAY = """
            SELECT at / 86400000 AS day, CASE WHEN kind = 'CAPTURE' THEN to_account ELSE from_account END AS payee,
              currency, method,
              SUM(CASE WHEN kind = 'CAPTURE' THEN amount ELSE 0 END) AS captured,
              SUM(CASE WHEN kind = 'CAPTURE' THEN 0 ELSE amount END) AS refunded,
              SUM(CASE WHEN kind = 'CAPTURE' THEN 1 ELSE 0 END) AS captures
            FROM transfer WHERE kind IN ('CAPTURE', 'REFUND', 'WRITE_OFF') AND at >= ? AND at < ?
              AND (kind <> 'CAPTURE' OR substr(to_account, 1, 6) = 'payee:')
            GROUP BY 1, 2, 3, 4 ORDER BY 1
            """;

    static final String TRANSFERS = """
            SELECT seq, id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method, note, at
            FROM transfer WHERE at >= ? AND at < ? ORDER BY seq
            """;

    static final String LAST_SEQUENCE = "SELECT COALESCE(MAX(seq), 0) FROM transfer";
}
