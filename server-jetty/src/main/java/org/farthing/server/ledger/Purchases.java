package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.List;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.TokenAct.Parts;

/** Sells tokens: writes down what is signed for the money of a wallet's charge (F-TK-37). */
final class Purchases {

    private Purchases() {}

    /** To be called within the capture of the charge. What cannot be sold fails the step, and nothing of it stays. */
    static void issue(Session session, Charge charge, long amount, Issuance issuance, long now) throws SQLException {
        ChargeTerms terms = charge.terms();
        if (charge.service() != null || charge.issuer() != null) {
            throw refused(charge, "tokens are sold for money in a wallet of this ledger only");
        }
        Parts parts = TokenAct.messages(session, issuance.messages(), TokenAct.sold(issuance.issuer(), now));
        if (!parts.bad().isEmpty()) {
            throw refused(charge, "a key cannot be sold any more");
        }
        if (parts.value() != amount || !terms.currency().equals(parts.currency())) {
            throw refused(
                    charge, "tokens worth " + parts.value() + " are not worth the " + amount + " that is captured");
        }
        WalletFunds.sold(session, charge, amount, issuance.issuer(), now);
        TokenAct act = new TokenAct(session, TokenAct.Kind.PURCHASE, charge.challengeId());
        Long use = act.begin(List.of(), parts.good());
        if (use == null) {
            throw new SQLException("the ledger contradicts itself: " + charge.challengeId() + " has bought before");
        }
        if (!act.sign(use, parts.good()).isEmpty()) {
            throw refused(charge, "a message was signed before");
        }
    }

    private static LedgerUnavailableException refused(Charge charge, String why) {
        return new LedgerUnavailableException(
                Effect.NONE, "The purchase " + charge.challengeId() + " cannot be made: " + why + ".", null);
    }
}
