package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenAct.Kind;
import org.farthing.server.ledger.TokenAct.Owner;
import org.farthing.server.ledger.TokenAct.Parts;
import org.jspecify.annotations.Nullable;

/** Hands what a charge gave back out as new tokens, to whoever shows the credential that paid (F-TK-46). */
final class TokenRefunds {

    private TokenRefunds() {}

    static Operation<Optional<Long>> due(String challengeId, String credentialHash) {
        return (session, now) -> {
            Charge charge = paid(session, challengeId, credentialHash, now);
            return Step.discard(charge == null ? Optional.empty() : Optional.of(due(session, charge)));
        };
    }

    /** The charge, if these bytes paid for it with tokens of an issuer whose books these are. */
    private static @Nullable Charge paid(Session session, String challengeId, String credentialHash, long now)
            throws SQLException {
        Charge charge = Rows.charge(session, challengeId, now);
        if (charge == null || charge.issuer() == null || !charge.claimedBy(credentialHash)) {
            return null;
        }
        return TokenFunds.refundable(session, charge) ? charge : null;
    }

    /** An answer that never left gave the very tokens back: nothing is due for it. */
    private static long due(Session session, Charge charge) throws SQLException {
        if (charge.delivery() == Delivery.UNDELIVERED) {
            return 0;
        }
        Long out = session.first(TokenSql.HANDED_OUT, row -> row.getLong(1), charge.challengeId());
        return Math.subtractExact(charge.refunded(), out == null ? 0 : out);
    }

    static Operation<RefundDue> handOut(String challengeId, String credentialHash, List<IssuedMessage> messages) {
        return (session, now) -> {
            // Whoever asks at the same time waits here, and then finds what this one has written.
            session.update(BackingSql.LOCK_CHARGE, challengeId);
            Charge charge = paid(session, challengeId, credentialHash, now);
            String issuer = charge == null ? null : charge.issuer();
            if (charge == null || issuer == null) {
                return Step.discard(new RefundDue.Nothing());
            }
            return isHandedOut(session, challengeId, messages)
                    ? Step.discard(new RefundDue.Repeated())
                    : handOut(session, charge, TokenAct.messages(session, messages, TokenAct.sold(issuer, now)));
        };
    }

    private static boolean isHandedOut(Session session, String challengeId, List<IssuedMessage> messages)
            throws SQLException {
        for (IssuedMessage message : messages) {
            Owner owner = session.first(
                    TokenSql.ISSUED_FOR,
                    row -> new Owner(row.getString("kind"), row.getString("owner")),
                    message.keyId(),
                    message.message());
            if (owner == null || !owner.is(Kind.REFUND, challengeId)) {
                return false;
            }
        }
        return true;
    }

    private static Step<RefundDue> handOut(Session session, Charge charge, Parts parts) throws SQLException {
        long due = due(session, charge);
        if (due == 0) {
            return Step.discard(new RefundDue.Nothing());
        }
        if (!parts.bad().isEmpty()) {
            return Step.discard(new RefundDue.NotForSale(parts.bad()));
        }
        if (parts.value() != due || !charge.terms().currency().equals(parts.currency())) {
            return Step.discard(new RefundDue.NotEqual(due));
        }
        TokenAct act = new TokenAct(session, Kind.REFUND, charge.challengeId());
        Long use = act.begin(List.of(), parts.good());
        if (use == null) {
            throw new SQLException("a refund met another, though any number may be there");
        }
        List<Integer> before = act.sign(use, parts.good());
        return before.isEmpty() ? Step.keep(new RefundDue.Done()) : Step.discard(new RefundDue.AlreadyIssued(before));
    }
}
