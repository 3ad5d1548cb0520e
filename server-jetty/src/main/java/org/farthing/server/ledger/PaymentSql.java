package org.farthing.server.ledger;

/** The statements about vouched payments and about payees. See {@link Sql} for the rules. */
final class PaymentSql {

    private PaymentSql() {}

    // ---- payment

    static final String INSERT = """
            INSERT INTO service_payment (charge_id, recipient, challenge_id, token_id, order_hash, token, expires, rb,
              row_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String PAYMENT = """
            SELECT p.seq, p.charge_id, p.recipient, p.challenge_id, p.token_id, p.order_hash, p.token,
              p.expires AS token_expires, p.rb, c.wallet, c.currency, c.amount, c.state, c.captured, c.refunded,
              c.release_reason, c.fence, c.created_at, c.expires AS hold_expires
            FROM service_payment p JOIN charge c ON c.challenge_id = p.charge_id
            """;

    static final String BY_CHARGE = PAYMENT + "WHERE p.charge_id = ?";

    static final String BY_TOKEN = PAYMENT + "WHERE p.token_id = ? AND p.recipient = ?";

    static final String BY_WALLET = PAYMENT + "WHERE p.challenge_id = ? AND c.wallet = ? ORDER BY p.recipient";

    static final String BY_RECIPIENT = PAYMENT + "WHERE p.recipient = ? AND p.seq > ? ORDER BY p.seq LIMIT ?";

    static final String PURGE = "DELETE FROM service_payment WHERE charge_id = ?";

    // ---- payee

    private static final String PAYEE_COLUMNS =
            "SELECT origin, status, deferred, key_document, fetched_at, added_at FROM payee ";

    static final String PAYEE = PAYEE_COLUMNS + "WHERE origin = ?";

    static final String PAYEES = PAYEE_COLUMNS + "WHERE origin > ? ORDER BY origin LIMIT ?";

    static final String INSERT_PAYEE = """
            INSERT INTO payee (origin, status, deferred, key_document, fetched_at, added_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """;

    static final String SET_PAYEE = "UPDATE payee SET status = ?, deferred = ? WHERE origin = ?";

    static final String SET_KEYS = "UPDATE payee SET key_document = ?, fetched_at = ? WHERE origin = ?";
}
