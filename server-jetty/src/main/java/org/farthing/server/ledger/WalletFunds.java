package org.farthing.server.ledger;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Money in a wallet of this ledger. */
final class WalletFunds implements Funds {

    static final WalletFunds INSTANCE = new WalletFunds();

    private WalletFunds() {}

    @Override
    public void captured(Session session, Charge charge, long amount, long now) throws SQLException {
        session.updateOne(Sql.END_HOLD, charge.terms().wallet());
        payOut(session, charge, amount, null, now);
    }

    /** As {@link #captured}; the money goes to the account of an issuer's tokens. */
    static void sold(Session session, Charge charge, long amount, String issuer, long now) throws SQLException {
        session.updateOne(Sql.END_HOLD, charge.terms().wallet());
        payOut(session, charge, amount, issuer, now);
    }

    @Override
    public void released(Session session, Charge charge, long now) throws SQLException {
        endUncharged(session, charge.terms(), now);
        payOut(session, charge, 0, null, now);
    }

    private static void payOut(Session session, Charge charge, long amount, @Nullable String issuer, long now)
            throws SQLException {
        ChargeTerms terms = charge.terms();
        long held = terms.amount();
        long rest = Math.subtractExact(held, amount);
        if (held > 0) {
            session.updateOne(Sql.SETTLE, held, rest, terms.wallet(), terms.currency(), held);
        }
        if (amount > 0) {
            Posting posting =
                    issuer == null ? Posting.capture(terms, amount, now) : Posting.purchase(terms, issuer, amount, now);
            posting.insertOnce(session);
        }
        if (rest > 0) {
            Posting.release(terms, rest, now).insertOnce(session);
        }
        DailyLimits.giveBack(session, charge, rest);
    }

    @Override
    public void delivered(Session session, Charge charge, long now) throws SQLException {
        session.updateOne(Sql.END_HOLD, charge.terms().wallet());
    }

    @Override
    public void undelivered(Session session, Charge before, long now) throws SQLException {
        ChargeTerms terms = before.terms();
        endUncharged(session, terms, now);
        long back = Math.subtractExact(before.captured(), before.refunded());
        if (back > 0) {
            Credits.credit(session, terms, back);
            Posting.undelivered(terms, back, now).insertOnce(session);
        }
        DailyLimits.giveBack(session, before, before.captured());
    }

    @Override
    public boolean refunded(Session session, Charge before, Charge after, RefundRequest request, long now)
            throws SQLException {
        boolean ended = before.delivery() == Delivery.PENDING && after.delivery() == Delivery.UNDELIVERED;
        if (ended) {
            endUncharged(session, before.terms(), now);
        }
        Credits.credit(session, before.terms(), request.amount());
        if (ended) {
            DailyLimits.giveBack(session, before, before.captured());
        }
        return true;
    }

    private static void endUncharged(Session session, ChargeTerms terms, long now) throws SQLException {
        long minute = Claims.minute(now);
        session.updateOne(Sql.END_HOLD_UNCHARGED, minute, minute, terms.wallet());
    }
}
