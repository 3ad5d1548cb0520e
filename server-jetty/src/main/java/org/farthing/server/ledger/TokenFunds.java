package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.TokenAct.Part;
import org.farthing.server.ledger.TokenAct.Parts;
import org.farthing.server.ledger.TokenUse.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Money in tokens that were presented (F-TK-31 to F-TK-36). They are worth what they are worth: a charge takes all of their value
 * or nothing, and what a payer gives too much is the payee's.
 */
final class TokenFunds implements Funds {

    /** For charges of whose tokens nothing is known. */
    static final TokenFunds INSTANCE = new TokenFunds(null);

    private final @Nullable Stored known;

    /** For a charge whose tokens are known. */
    TokenFunds(@Nullable Stored known) {
        this.known = known;
    }

    /** Why a charge cannot be paid with these tokens as the books are now; null if it can. Writes nothing. */
    static @Nullable Reserved refusal(Session session, ChargeTerms terms, TokenPayment payment, long now)
            throws SQLException {
        Parts parts = parts(session, terms, payment, now);
        if (!parts.bad().isEmpty()) {
            return new Reserved.TokensExpired(parts.bad());
        }
        List<Integer> taken = new ArrayList<>();
        for (Part part : parts.good()) {
            if (session.exists(TokenSql.TAKEN, part.key().epoch(), part.bytes(), now)) {
                taken.add(part.index());
            }
        }
        taken.sort(null);
        return taken.isEmpty() ? null : new Reserved.TokensSpent(taken);
    }

    private static Parts parts(Session session, ChargeTerms terms, TokenPayment payment, long now) throws SQLException {
        return TokenAct.tokens(
                session,
                payment.tokens(),
                key -> key.isOf(payment.issuer())
                        && key.spendable(now)
                        && key.terms().currency().equals(terms.currency())
                        && key.terms().mine() != payment.remote());
    }

    /** Uses the tokens of a claimed charge up; if they are, it is held. */
    static Reserved begin(Session session, Charge charge, TokenPayment payment, long now) throws SQLException {
        ChargeTerms terms = charge.terms();
        Parts parts = parts(session, terms, payment, now);
        if (!parts.bad().isEmpty()) {
            return new Reserved.TokensExpired(parts.bad());
        }
        if (parts.value() != payment.value() || payment.value() < terms.amount() || terms.amount() == 0) {
            throw new IllegalArgumentException("tokens worth " + parts.value() + " were said to be worth "
                    + payment.value() + ", for a charge of " + terms.amount());
        }
        TokenAct act = new TokenAct(session, TokenAct.Kind.CHARGE, terms.challengeId());
        TokenUse use = act.use(parts.good(), List.of());
        Long id = TokenAct.insert(session, use);
        if (id == null) {
            // A charge that is named after its token (F-TK-66) was purged, and the same bytes come again.
            return new Reserved.TokensSpent(
                    parts.good().stream().map(Part::index).sorted().toList());
        }
        List<Integer> spent = act.claim(id, parts.good(), now);
        if (!spent.isEmpty()) {
            return new Reserved.TokensSpent(spent);
        }
        if (charge.state() == ChargeState.CAPTURED) {
            Posting.captureTokens(charge, payment.value(), now).insertOnce(session);
        }
        Reserved refused =
                payment.exposureLimit() == null ? null : owe(session, charge, payment, id, parts.good(), now);
        Stored stored = new Stored(id, use, payment.issuer(), !payment.remote());
        return refused == null ? new Reserved.Held(HoldRef.of(charge, stored), charge) : refused;
    }

    private static @Nullable Reserved owe(
            Session session, Charge charge, TokenPayment payment, long use, List<Part> parts, long now)
            throws SQLException {
        List<byte[]> upload = payment.upload();
        Long limit = payment.exposureLimit();
        if (upload == null || limit == null) {
            throw new IllegalArgumentException("tokens of a remote issuer come with their bytes and a limit");
        }
        ChargeTerms terms = charge.terms();
        for (Part part : parts) {
            UploadSteps.keep(session, use, terms.payee(), part, upload.get(part.index()), now);
        }
        session.update(TokenSql.OPEN_DEBT, payment.issuer(), terms.currency());
        long room = limit - payment.value();
        if (session.update(TokenSql.RAISE_DEBT, payment.value(), payment.issuer(), terms.currency(), room) == 1) {
            return null;
        }
        Long open = session.first(TokenSql.DEBT, row -> row.getLong(1), payment.issuer(), terms.currency());
        return new Reserved.ExposureExceeded(open == null ? 0 : open, limit);
    }

    @Override
    public void captured(Session session, Charge charge, long amount, long now) throws SQLException {
        if (amount == 0) {
            giveFree(session, charge);
            return;
        }
        if (amount != charge.terms().amount()) {
            throw new LedgerUnavailableException(
                    Effect.NONE,
                    "A charge that is paid with tokens is captured as a whole or not at all: " + charge.challengeId()
                            + ".",
                    null);
        }
        Stored use = use(session, charge);
        Posting.captureTokens(charge, use.use().value(), now).insertOnce(session);
        collect(session, use, now);
    }

    private static void collect(Session session, Stored use, long now) throws SQLException {
        if (!use.mine()) {
            session.update(TokenSql.UPLOADS_DUE_NOW, now, use.id());
        }
    }

    @Override
    public void released(Session session, Charge charge, long now) throws SQLException {
        giveFree(session, charge);
    }

    /** The tokens stay the challenge's own for as long as its bytes are answered from the books. */
    private void giveFree(Session session, Charge charge) throws SQLException {
        Stored use = use(session, charge);
        if (!TokenUse.free(session, use, freeFrom(charge))) {
            throw new SQLException(
                    "the ledger contradicts itself: tokens of " + charge.challengeId() + " were free before");
        }
        if (!use.mine()) {
            session.update(TokenSql.FORGET_HELD, use.id());
            lower(session, use.issuer(), charge.terms().currency(), use.use().value());
        }
    }

    static long freeFrom(Charge charge) {
        return charge.terms().expires().toEpochMilli() + Claims.REPLAY;
    }

    @Override
    public void delivered(Session session, Charge charge, long now) throws SQLException {
        collect(session, use(session, charge), now);
    }

    @Override
    public void undelivered(Session session, Charge before, long now) throws SQLException {
        Stored use = use(session, before);
        Posting.undeliveredTokens(before, use.use().value(), now).insertOnce(session);
        giveFree(session, before);
    }

    /** What comes back becomes new tokens, so there must be an issuer here to sign them, and an answer that has left. */
    @Override
    public boolean refunded(Session session, Charge before, Charge after, RefundRequest request, long now) {
        return before.delivery() != Delivery.PENDING;
    }

    /** Whether what was paid can become new tokens. */
    static boolean refundable(Session session, Charge charge) throws SQLException {
        return INSTANCE.use(session, charge).mine();
    }

    private Stored use(Session session, Charge charge) throws SQLException {
        if (known != null) {
            return known;
        }
        Stored use = TokenUse.find(session, charge.challengeId(), TokenAct.Kind.CHARGE);
        if (use == null) {
            throw new SQLException("the ledger contradicts itself: no tokens of charge " + charge.challengeId());
        }
        return use;
    }

    static void lower(Session session, String issuer, String currency, long amount) throws SQLException {
        session.updateOne(TokenSql.LOWER_DEBT, amount, issuer, currency, amount);
    }
}
