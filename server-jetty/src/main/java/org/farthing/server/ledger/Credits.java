package org.farthing.server.ledger;

import java.sql.SQLException;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Puts money into wallets: top-ups from outside, and refunds to the wallet that paid and to no other. */
final class Credits {

    /** An earlier transfer of the same identity. */
    private record Earlier(String currency, long amount) {}

    private Credits() {}

    static Operation<RefundResult> refund(RefundRequest request) {
        return (session, now) -> {
            RefundResult result = refund(session, request, now);
            return new Step<>(result, result instanceof RefundResult.Refunded);
        };
    }

    /** What it wrote is to stay only if it refunded. */
    static RefundResult refund(Session session, RefundRequest request, long now) throws SQLException {
        Charge before = Rows.charge(session, request.challengeId(), now);
        if (before == null) {
            return new RefundResult.Unknown();
        }
        if (isFinal(session, before)) {
            return new RefundResult.Final(before);
        }
        if (!Posting.refund(before, request, now).insert(session)) {
            return repeated(session, request, before);
        }
        long amount = request.amount();
        if (session.update(Sql.REFUND, amount, amount, amount, request.challengeId(), amount) == 0) {
            return new RefundResult.TooMuch(before);
        }
        Charge after = Rows.requireCharge(session, request.challengeId(), now);
        if (!Funds.of(before).refunded(session, before, after, request, now)) {
            return new RefundResult.TooMuch(before);
        }
        if (after.state() == ChargeState.REFUNDED) {
            session.update(Sql.REVOKE_OUTCOME, request.challengeId());
            after = Rows.requireCharge(session, request.challengeId(), now);
        }
        return new RefundResult.Refunded(after);
    }

    /** Tokens that were bought may be anybody's by now, and only an issuer here can make new ones. */
    private static boolean isFinal(Session session, Charge charge) throws SQLException {
        if (charge.issuer() != null) {
            return !TokenFunds.refundable(session, charge);
        }
        return charge.service() == null && session.exists(TokenSql.IS_PURCHASE, charge.challengeId());
    }

    private static RefundResult repeated(Session session, RefundRequest request, Charge charge) throws SQLException {
        Earlier earlier = earlier(session, Posting.refundId(request));
        return earlier != null && earlier.amount() == request.amount()
                ? new RefundResult.Repeated(charge)
                : new RefundResult.KeyConflict(charge);
    }

    static Operation<TopUpResult> topUp(TopUp topUp) {
        return (session, now) -> {
            if (!session.exists(Sql.WALLET, topUp.wallet())) {
                return Step.discard(new TopUpResult.UnknownWallet());
            }
            session.update(Sql.OPEN_ACCOUNT, topUp.wallet(), topUp.currency());
            Posting posting = Posting.topUp(topUp, now);
            if (!posting.insert(session)) {
                Earlier earlier = earlier(session, posting.id());
                boolean same = earlier != null
                        && earlier.amount() == topUp.amount()
                        && earlier.currency().equals(topUp.currency());
                return Step.discard(
                        same ? new TopUpResult.Repeated(account(session, topUp)) : new TopUpResult.KeyConflict());
            }
            long room = Math.subtractExact(Arguments.MAX_AMOUNT, topUp.amount());
            if (session.update(Sql.CREDIT, topUp.amount(), topUp.wallet(), topUp.currency(), room) == 0) {
                return Step.discard(new TopUpResult.TooMuch(account(session, topUp)));
            }
            session.update(Sql.SET_FUNDED, topUp.wallet());
            return Step.keep(new TopUpResult.Credited(account(session, topUp)));
        };
    }

    /**
     * Money that comes back may lift a wallet above what it may be topped up to, because it may have been topped up since; it
     * is refused only where 64 bits end.
     */
    static void credit(Session session, ChargeTerms terms, long amount) throws SQLException {
        session.updateOne(
                Sql.CREDIT, amount, terms.wallet(), terms.currency(), Math.subtractExact(Long.MAX_VALUE, amount));
    }

    private static @Nullable Earlier earlier(Session session, String id) throws SQLException {
        return session.first(Sql.TRANSFER, row -> new Earlier(row.getString("currency"), row.getLong("amount")), id);
    }

    private static Account account(Session session, TopUp topUp) throws SQLException {
        Account account = session.first(Sql.ACCOUNT, Rows::account, topUp.wallet(), topUp.currency());
        return account == null ? new Account(topUp.currency(), 0, 0) : account;
    }
}
