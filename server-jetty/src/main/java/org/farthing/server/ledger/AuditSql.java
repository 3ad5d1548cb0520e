package org.farthing.server.ledger;

/**
 * What the check reads. Every statement goes through a table once, in the store: what it compares is joined and added up there,
 * and rows come out one at a time. See {@link Sql} for the rules.
 */
final class AuditSql {

    private AuditSql() {}

    // ---- transfers and charges

    static final String TRANSFERS = """
            SELECT id, kind, wallet, challenge_id, from_account, to_account, currency, amount, method, note, at, row_hash
            FROM transfer ORDER BY seq
            """;

    static final String CHARGES = """
            SELECT c.*, FALSE AS owner_alive, FALSE AS answer_stored,
              COALESCE(m.moved_held, 0) AS moved_held, COALESCE(m.moved_captured, 0) AS moved_captured,
              COALESCE(m.moved_released, 0) AS moved_released, COALESCE(m.moved_refunded, 0) AS moved_refunded,
              COALESCE(m.written_off, 0) AS moved_written_off,
              CASE WHEN c.issuer IS NULL THEN NULL ELSE (SELECT u.value FROM token_use u
                WHERE u.owner = c.challenge_id AND u.kind = 'CHARGE'
                  AND u.kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD')) END AS token_value
            FROM charge c LEFT JOIN (
              SELECT challenge_id,
                SUM(CASE WHEN kind = 'HOLD' THEN amount ELSE 0 END) AS moved_held,
                SUM(CASE WHEN kind = 'CAPTURE' THEN amount ELSE 0 END) AS moved_captured,
                SUM(CASE WHEN kind = 'RELEASE' THEN amount ELSE 0 END) AS moved_released,
                SUM(CASE WHEN kind = 'REFUND' THEN amount ELSE 0 END) AS moved_refunded,
                SUM(CASE WHEN kind = 'WRITE_OFF' THEN amount ELSE 0 END) AS written_off
              FROM transfer WHERE challenge_id IS NOT NULL GROUP BY challenge_id
            ) AS m ON m.challenge_id = c.challenge_id
            """;

    /** Every account that a transfer names; without row of its own, {@code stands} is null. */
    static final String BALANCES = """
            SELECT m.wallet, m.currency, m.moved_available, m.moved_held, a.wallet AS stands, a.available, a.held,
              COALESCE(h.charges_held, 0) AS charges_held
            FROM (
              SELECT wallet, currency,
                SUM(CASE WHEN to_account = 'available:' || wallet THEN amount
                  WHEN from_account = 'available:' || wallet THEN -amount ELSE 0 END) AS moved_available,
                SUM(CASE WHEN to_account = 'held:' || wallet THEN amount
                  WHEN from_account = 'held:' || wallet THEN -amount ELSE 0 END) AS moved_held
              FROM transfer WHERE wallet IS NOT NULL GROUP BY wallet, currency
            ) AS m LEFT JOIN account a ON a.wallet = m.wallet AND a.currency = m.currency LEFT JOIN (
              SELECT wallet, currency, SUM(amount) AS charges_held FROM charge WHERE state = 'HELD' AND service IS NULL AND issuer IS NULL
              GROUP BY wallet, currency
            ) AS h ON h.wallet = m.wallet AND h.currency = m.currency
            """;

    static final String ORPHANS = """
            SELECT 'account', a.wallet || ' ' || a.currency, 'no transfer has ever touched it' FROM account a
            WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.wallet = a.wallet AND t.currency = a.currency)
            UNION ALL
            SELECT 'account', a.wallet || ' ' || a.currency, 'its wallet is not there' FROM account a
            WHERE NOT EXISTS (SELECT 1 FROM wallet w WHERE w.id = a.wallet)
            UNION ALL
            SELECT 'charge', c.challenge_id, 'its wallet is not there' FROM charge c
            WHERE c.service IS NULL AND c.issuer IS NULL AND NOT EXISTS (SELECT 1 FROM wallet w WHERE w.id = c.wallet)
            """;

    // ---- charges that are not there

    /**
     * A purge takes the oldest first. So no charge was purged that expired after one that is kept as long, could have been
     * purged when it was, and is there. Argument: a day.
     */
    static final String CAPTURED_KEPT_SINCE = """
            SELECT COALESCE(MIN(expires), 9223372036854775807) AS expires FROM charge
            WHERE amount > 0 AND state IN ('CAPTURED', 'REFUNDED') AND service IS NULL AND upfront = 0
              AND settled_at - ? <= expires
            """;

    /** As {@link #CAPTURED_KEPT_SINCE}, for those that are kept for a day only. Argument: a day. */
    static final String RELEASED_KEPT_SINCE = """
            SELECT COALESCE(MIN(expires), 9223372036854775807) AS expires FROM charge
            WHERE (state = 'RELEASED' OR amount = 0) AND state <> 'HELD' AND service IS NULL AND upfront = 0
              AND settled_at - ? <= expires
            """;

    /**
     * Transfers younger than all that may have been purged, whose charge is not there. A claim is older than the end of its
     * challenge; of what a service vouched for only the capture is known, which may be later. Arguments: the first instant
     * after which no captured charge was purged; the same for any charge; a day; the first again.
     */
    static final String CHARGES_GONE = """
            SELECT 'charge', t.challenge_id, 'it is not there, and its transfers are too young for a purge' FROM transfer t
            WHERE t.kind = 'HOLD' AND t.at >= ?
              AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = t.challenge_id)
              AND (t.at >= ? OR EXISTS (SELECT 1 FROM transfer p WHERE p.id = 'capture:' || t.challenge_id))
            UNION ALL
            SELECT 'charge', t.challenge_id, 'it is not there, and its transfers are too young for a purge' FROM transfer t
            WHERE t.kind = 'CAPTURE' AND t.challenge_id IS NOT NULL AND t.at - CASE WHEN t.wallet IS NULL THEN ? ELSE 0 END >= ?
              AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = t.challenge_id)
              AND NOT EXISTS (SELECT 1 FROM transfer h WHERE h.id = 'hold:' || t.challenge_id)
            """;

    // ---- what stands beside a charge

    /** Argument: how long answers are replayed. */
    static final String OUTCOMES = """
            SELECT 'outcome', o.challenge_id, 'its charge is not captured and answered, or has another time' FROM outcome o
            WHERE NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = o.challenge_id AND c.state = 'CAPTURED'
              AND c.delivery IN ('NOT_TRACKED', 'DELIVERED') AND o.replay_until - ? = c.expires)
            """;

    /** Arguments: how long keys are kept, the same, up to where claims may have been purged. */
    static final String KEYS = """
            SELECT 'idempotency', i.scope, 'its charge is not there, or has another time' FROM idempotency i
            WHERE NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = i.challenge_id AND i.replay_until - ? = c.expires)
              AND (i.replay_until - ? > ? OR EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = i.challenge_id))
            UNION ALL
            SELECT 'idempotency', i.scope, 'its charge has two keys' FROM idempotency i
            WHERE i.challenge_id IN (SELECT challenge_id FROM idempotency GROUP BY challenge_id HAVING COUNT(*) > 1)
            """;

    // ---- wallets

    static final String WALLETS = """
            SELECT w.id, w.funded, w.holds, COALESCE(c.in_flight, 0) AS in_flight,
              COALESCE(k.key_count, 0) AS key_count, COALESCE(k.last_key, 0) AS last_key,
              CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.wallet = w.id) THEN 1 ELSE 0 END AS topped_up
            FROM wallet w LEFT JOIN (
              SELECT wallet, COUNT(*) AS in_flight FROM charge
              WHERE (state = 'HELD' OR delivery = 'PENDING') AND service IS NULL AND issuer IS NULL GROUP BY wallet
            ) AS c ON c.wallet = w.id LEFT JOIN (
              SELECT wallet, COUNT(*) AS key_count, MAX(ordinal) AS last_key FROM wallet_key GROUP BY wallet
            ) AS k ON k.wallet = w.id
            """;

    static final String WALLET_ORPHANS = """
            SELECT 'wallet_key', k.wallet || ' ' || k.thumbprint, 'its wallet is not there' FROM wallet_key k
            WHERE NOT EXISTS (SELECT 1 FROM wallet w WHERE w.id = k.wallet)
            UNION ALL
            SELECT 'wallet_limit', l.wallet || ' ' || l.code, 'its wallet is not there' FROM wallet_limit l
            WHERE NOT EXISTS (SELECT 1 FROM wallet w WHERE w.id = l.wallet)
            UNION ALL
            SELECT 'wallet_limit', l.wallet || ' ' || l.code, 'nothing is noted of what is spent' FROM wallet_limit l
            WHERE NOT EXISTS (SELECT 1 FROM wallet_spend s WHERE s.wallet = l.wallet AND s.code = l.code)
            UNION ALL
            SELECT 'wallet_spend', s.wallet || ' ' || s.code || ' ' || s.day, 'its limit is not there' FROM wallet_spend s
            WHERE NOT EXISTS (SELECT 1 FROM wallet_limit l WHERE l.wallet = s.wallet AND l.code = s.code)
                UNION ALL
            SELECT 'wallet', w.id, 'limited does not fit its daily limits' FROM wallet w
            WHERE w.limited <> CASE WHEN EXISTS (SELECT 1 FROM wallet_limit l WHERE l.wallet = w.id) THEN 1 ELSE 0 END
            """;

    static final String IDENTITIES = "SELECT id, recovery_thumbprint, recovery_jwk, created_at, row_hash FROM wallet";

    static final String SIGNERS =
            "SELECT wallet, thumbprint, jwk, ordinal, added_at, revoked_at, row_hash FROM wallet_key";

    static final String LIMITS = "SELECT wallet, code, per_day, row_hash FROM wallet_limit";

    static final String NOTED = "SELECT wallet, code, day, spent, row_hash FROM wallet_spend";

    static final String KEY_USES = "SELECT scope, content, challenge_id, replay_until, row_hash FROM idempotency";

    /** What charges of wallets count as spent, by wallet, currency and day. */
    private static final String SPENT_BY_DAY = """
            SELECT wallet, currency, created_at / 86400000 AS day,
              SUM(CASE WHEN state = 'HELD' THEN amount ELSE captured END) AS amount
            FROM charge
            WHERE service IS NULL AND issuer IS NULL AND amount > 0 AND created_at >= ? AND state <> 'RELEASED' AND delivery <> 'UNDELIVERED'
            GROUP BY wallet, currency, created_at / 86400000
            """;

    /** One row a noted day and currency that was spent on it. Arguments: the first day, in milliseconds and by number. */
    static final String SPENDING = """
            SELECT s.wallet, s.code, s.day, s.spent, c.currency, c.amount FROM wallet_spend s
            LEFT JOIN (""" + SPENT_BY_DAY + """
            ) AS c ON c.wallet = s.wallet AND c.day = s.day
            WHERE s.day >= ? ORDER BY s.wallet, s.code, s.day
            """;

    /** Days on which charges count and nothing is noted, though a day before is. Argument: the first day in milliseconds. */
    static final String SPENDING_NOT_NOTED = """
            SELECT l.wallet, l.code, c.day, c.currency, c.amount FROM wallet_limit l
            JOIN (""" + SPENT_BY_DAY + """
            ) AS c ON c.wallet = l.wallet
            WHERE c.day > (SELECT MIN(s.day) FROM wallet_spend s WHERE s.wallet = l.wallet AND s.code = l.code)
              AND c.amount > 0
              AND NOT EXISTS (SELECT 1 FROM wallet_spend s WHERE s.wallet = l.wallet AND s.code = l.code AND s.day = c.day)
            """;

    // ---- wallet services

    /** Every charge with a service, with what its outbox says. */
    static final String BACKED = """
            SELECT c.challenge_id, c.service AS of_service, c.currency, c.amount, c.state, c.captured, c.refunded,
              c.delivery, b.service, b.token_id, b.hold_expires, b.rb, b.row_hash, b.written_off,
              COALESCE(i.captures, 0) AS captures, COALESCE(i.releases, 0) AS releases,
              COALESCE(i.told_captured, 0) AS told_captured, COALESCE(i.told_released, 0) AS told_released,
              COALESCE(i.told_refunded, 0) AS told_refunded, COALESCE(i.given_up, 0) AS given_up,
              COALESCE(i.unacknowledged, 0) AS unacknowledged,
              (SELECT COALESCE(SUM(t.amount), 0) FROM transfer t WHERE t.id = 'writeoff:' || c.challenge_id) AS moved_off
            FROM charge c LEFT JOIN backing b ON b.challenge_id = c.challenge_id
            LEFT JOIN (
              SELECT challenge_id,
                SUM(CASE WHEN kind = 'CAPTURE' THEN 1 ELSE 0 END) AS captures,
                SUM(CASE WHEN kind = 'RELEASE' THEN 1 ELSE 0 END) AS releases,
                SUM(CASE WHEN kind = 'CAPTURE' THEN amount ELSE 0 END) AS told_captured,
                SUM(CASE WHEN kind = 'RELEASE' THEN amount ELSE 0 END) AS told_released,
                SUM(CASE WHEN kind = 'REFUND' THEN amount ELSE 0 END) AS told_refunded,
                SUM(CASE WHEN kind = 'CAPTURE' AND state = 'WRITTEN_OFF' THEN 1 ELSE 0 END) AS given_up,
                SUM(CASE WHEN kind = 'CAPTURE' AND state IN ('WAITING', 'FAILED') THEN amount ELSE 0 END) AS unacknowledged
              FROM outbox GROUP BY challenge_id
            ) AS i ON i.challenge_id = c.challenge_id
            WHERE c.service IS NOT NULL OR b.challenge_id IS NOT NULL
            """;

    static final String ITEMS =
            "SELECT seq, challenge_id, kind, amount, idempotency_key, reason, created_at, row_hash, state, state_copy FROM outbox";

    static final String EXPOSURE = "SELECT service, currency, open FROM exposure";

    static final String BACKING_ORPHANS = """
            SELECT 'backing', b.challenge_id, 'its charge is not there' FROM backing b
            WHERE NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = b.challenge_id)
            UNION ALL
            SELECT 'outbox', CAST(o.seq AS TEXT), 'its backing is not there' FROM outbox o
            WHERE NOT EXISTS (SELECT 1 FROM backing b WHERE b.challenge_id = o.challenge_id)
            """;

    // ---- tokens

    /** Every act, each followed by its tokens and then its messages, in the order their hash has them. */
    static final String TOKEN_PARTS = """
            SELECT use_id, part, epoch, bytes, kind, owner, value, first_over, keep_until, parts, free_from, row_hash FROM (
              SELECT id AS use_id, 0 AS part, epoch, CAST(NULL AS BYTEA) AS bytes, kind, owner, value, first_over, keep_until,
                parts, free_from, row_hash FROM token_use
              UNION ALL
              SELECT use_id, 1, epoch, serial, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM token_serial
              UNION ALL
              SELECT use_id, 2, epoch, message, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM token_issued
            ) AS p ORDER BY use_id, part, epoch, bytes
            """;

    /** Every act with what moved for it. */
    static final String TOKEN_MOVES = """
            SELECT u.id, u.kind, u.owner, u.value, u.free_from, k.issuer, k.currency, k.mine, c.challenge_id, c.state, c.delivery,
              c.captured, c.expires, c.issuer AS of_issuer, t.from_account, t.to_account, t.currency AS moved_currency,
              t.amount AS moved
            FROM token_use u LEFT JOIN token_key k ON k.epoch = u.epoch
            LEFT JOIN charge c ON c.challenge_id = u.owner AND u.kind = 'CHARGE'
            LEFT JOIN transfer t ON t.id = CASE WHEN u.kind IN ('PURCHASE', 'CHARGE') THEN 'capture:' || u.owner
              WHEN u.kind = 'REDEMPTION' THEN 'redeem:' || u.id END
            """;

    static final String TOKEN_ORPHANS = """
            SELECT 'charge', c.challenge_id, 'its tokens are not there' FROM charge c
            WHERE c.issuer IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM token_use u WHERE u.owner = c.challenge_id AND u.kind = 'CHARGE'
                AND u.kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD'))
            UNION ALL
            SELECT 'charge', u.owner, 'more is handed out as tokens than it gave back' FROM (
              SELECT owner, SUM(value) AS handed_out FROM token_use WHERE kind = 'REFUND' GROUP BY owner
            ) AS u JOIN charge c ON c.challenge_id = u.owner WHERE u.handed_out > c.refunded OR c.issuer IS NULL
            UNION ALL
            SELECT 'transfer', t.id, 'what it wrote off is not there' FROM transfer t
            JOIN token_use u ON u.owner = t.challenge_id AND u.kind IN ('CHARGE', 'PURCHASE', 'SWAP', 'FORWARD')
            WHERE t.kind = 'WRITE_OFF' AND u.kind = 'CHARGE' AND NOT EXISTS (SELECT 1 FROM token_upload o
              WHERE o.use_id = u.id AND o.state = 'WRITTEN_OFF' AND 'writeoff:token:' || o.seq = t.id)
            """;

    static final String TOKEN_UPLOADS = """
            SELECT t.seq, t.use_id, t.payee, t.epoch, t.serial, t.token, t.row_hash, t.state, t.state_copy, k.issuer, k.currency,
              k.value, u.owner, c.state AS charge_state, c.delivery, w.amount AS written_off
            FROM token_upload t LEFT JOIN token_key k ON k.epoch = t.epoch LEFT JOIN token_use u ON u.id = t.use_id
            LEFT JOIN charge c ON c.challenge_id = u.owner
            LEFT JOIN transfer w ON w.id = 'writeoff:token:' || t.seq
            """;

    static final String TOKEN_COUNTS = "SELECT epoch, issued, used FROM token_count ORDER BY epoch, writer";

    static final String TOKEN_DEBTS = "SELECT issuer, currency, open FROM token_debt";

    // ---- a wallet service's payments

    static final String PAYMENTS = """
            SELECT p.charge_id, p.recipient, p.challenge_id, p.token_id, p.order_hash, p.token, p.expires, p.rb, p.row_hash,
              c.payee, c.payment_id, c.credential_hash, c.expires AS hold_expires
            FROM service_payment p JOIN charge c ON c.challenge_id = p.charge_id
            """;

    static final String PAYMENT_ORPHANS = """
            SELECT 'service_payment', p.charge_id, 'its charge is not there' FROM service_payment p
            WHERE NOT EXISTS (SELECT 1 FROM charge c WHERE c.challenge_id = p.charge_id)
            UNION ALL
            SELECT 'charge', c.challenge_id, 'its payment is not there' FROM charge c
            WHERE c.challenge_id LIKE 'pay.%'
              AND NOT EXISTS (SELECT 1 FROM service_payment p WHERE p.charge_id = c.challenge_id)
            """;
}
