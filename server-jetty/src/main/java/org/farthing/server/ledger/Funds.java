package org.farthing.server.ledger;

import java.sql.SQLException;

/**
 * Where the money of a charge lies, and what moves when the charge takes a step. The caller's own conditional update of the
 * charge has let it through, so each of these happens once.
 */
interface Funds {

    /** The funds of a charge: a wallet of this ledger, a wallet service, or tokens. */
    static Funds of(Charge charge) {
        if (charge.issuer() != null) {
            return TokenFunds.INSTANCE;
        }
        return charge.service() == null ? WalletFunds.INSTANCE : BackedFunds.INSTANCE;
    }

    /** As {@link #of(Charge)}, with what the one who ends the charge knows of it. */
    static Funds of(HoldRef ref, Charge charge) {
        HoldRef.Known known = ref.known();
        return known == null || known.tokens() == null ? of(charge) : new TokenFunds(known.tokens());
    }

    /** Part of a hold goes to the payee, the rest back. */
    void captured(Session session, Charge charge, long amount, long now) throws SQLException;

    /** All of a hold goes back. */
    void released(Session session, Charge charge, long now) throws SQLException;

    /** The answer of an upfront charge left. */
    void delivered(Session session, Charge charge, long now) throws SQLException;

    /** What is left of an upfront charge goes back, because its answer will not leave. */
    void undelivered(Session session, Charge before, long now) throws SQLException;

    /**
     * Captured money goes back; its transfer is written.
     *
     * @return false if it must not: then all of the step is undone
     */
    boolean refunded(Session session, Charge before, Charge after, RefundRequest request, long now) throws SQLException;
}
