package org.farthing.server.ledger;

import static org.farthing.server.ledger.Findings.number;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Compares what is written twice about a wallet service's payments. */
final class PaymentAudit {

    private final Session session;
    private final Findings findings;

    PaymentAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    void run() throws SQLException {
        session.each(AuditSql.PAYMENTS, findings.readable("service_payment", "charge_id", this::payment));
        session.each(AuditSql.PAYMENT_ORPHANS, findings::found);
    }

    private void payment(ResultSet row) throws SQLException {
        String id = row.getString("charge_id");
        String recipient = row.getString("recipient");
        String challengeId = row.getString("challenge_id");
        String tokenId = row.getString("token_id");
        String orderHash = row.getString("order_hash");
        long expires = number(row, "expires");
        String hash = PaymentRow.rowHash(
                id, recipient, challengeId, tokenId, orderHash, row.getString("token"), expires, row.getString("rb"));
        if (!hash.equals(row.getString("row_hash"))) {
            findings.found("service_payment", id, "the row was altered: its hash does not fit");
        }
        boolean fits = id.equals(PaymentIds.of(recipient, challengeId))
                && recipient.equals(row.getString("payee"))
                && tokenId.equals(row.getString("payment_id"))
                && orderHash.equals(row.getString("credential_hash"))
                && expires <= row.getLong("hold_expires");
        if (!fits) {
            findings.found("service_payment", id, "it does not fit its charge");
        }
    }
}
