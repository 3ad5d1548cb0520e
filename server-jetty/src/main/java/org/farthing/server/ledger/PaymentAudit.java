package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.Money;

/** Compares what is written twice about a wallet service's payments and its wallets' spending. */
final class PaymentAudit {

    /** What is noted for one day of one limit. */
    private record Spent(String wallet, String code, long day, String number) {}

    private final Session session;
    private final Audit.Findings findings;
    private final long now;

    PaymentAudit(Session session, Audit.Findings findings, long now) {
        this.session = session;
        this.findings = findings;
        this.now = now;
    }

    void run() throws SQLException {
        session.each(PaymentSql.ALL, this::payment);
        session.each(PaymentSql.ORPHANS, findings::found);
        spending();
    }

    private void payment(ResultSet row) throws SQLException {
        String id = row.getString("charge_id");
        String recipient = row.getString("recipient");
        String challengeId = row.getString("challenge_id");
        String tokenId = row.getString("token_id");
        String orderHash = row.getString("order_hash");
        String hash = PaymentRow.rowHash(
                id,
                recipient,
                challengeId,
                tokenId,
                orderHash,
                row.getString("token"),
                row.getLong("expires"),
                row.getString("rb"));
        if (!hash.equals(row.getString("row_hash"))) {
            findings.found("service_payment", id, "the row was altered: its hash does not fit");
        }
        boolean fits = id.equals(PaymentIds.of(recipient, challengeId))
                && recipient.equals(row.getString("payee"))
                && tokenId.equals(row.getString("payment_id"))
                && orderHash.equals(row.getString("credential_hash"))
                && row.getLong("expires") <= row.getLong("hold_expires");
        if (!fits) {
            findings.found("service_payment", id, "it does not fit its charge");
        }
    }

    /** Charges of earlier days may have been purged, so only today's spending can be added up again. */
    private void spending() throws SQLException {
        List<Spent> noted = new ArrayList<>();
        session.each(
                LimitSql.ALL_SPENT,
                row -> noted.add(new Spent(
                        row.getString("wallet"), row.getString("code"), row.getLong("day"), row.getString("spent"))),
                DailyLimits.day(now));
        for (Spent day : noted) {
            Money charges = DailyLimits.spent(session, day.wallet(), day.code(), day.day());
            if (!charges.equals(DailyLimits.stored(day.number(), day.code()))) {
                findings.found(
                        "wallet_spend",
                        day.wallet() + " " + day.code(),
                        "spent is " + day.number() + ", its charges add up to " + charges.format());
            }
        }
    }
}
