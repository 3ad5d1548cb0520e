package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.RedeemResult.Redemption;
import org.farthing.server.ledger.TokenAct.Kind;
import org.farthing.server.ledger.TokenAct.Owner;
import org.farthing.server.ledger.TokenAct.Part;
import org.farthing.server.ledger.TokenAct.Parts;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.jspecify.annotations.Nullable;

/** Pays payees for tokens they accepted elsewhere (F-TK-44). */
final class Redemptions {

    private Redemptions() {}

    static Operation<RedeemResult> redeem(String issuer, String origin, List<UsedToken> tokens) {
        return (session, now) -> {
            Redemption[] results = new Redemption[tokens.size()];
            Arrays.fill(results, Redemption.INVALID);
            Parts parts = TokenAct.tokens(session, tokens, key -> key.terms().mine() && key.isOf(issuer));
            List<Part> fresh = new ArrayList<>();
            String currency = null;
            for (Part part : parts.good()) {
                currency = currency == null ? part.key().terms().currency() : currency;
                Redemption result = before(session, part, origin, currency, now);
                if (result == null) {
                    fresh.add(part);
                } else {
                    results[part.index()] = result;
                }
            }
            long amount = currency == null || fresh.isEmpty()
                    ? 0
                    : pay(session, issuer, origin, currency, fresh, results, now);
            return new Step<>(new RedeemResult(List.of(results), amount), amount > 0);
        };
    }

    /** What this payee was paid for; of a key that was closed, nobody can verify a token any more. */
    static Operation<RedeemResult> before(String issuer, String origin, List<UsedToken> tokens) {
        return (session, now) -> {
            Redemption[] results = new Redemption[tokens.size()];
            Arrays.fill(results, Redemption.INVALID);
            long amount = 0;
            for (Part part : TokenAct.tokens(session, tokens, key -> key.terms().mine() && key.isOf(issuer))
                    .good()) {
                Owner owner = owner(session, part);
                if (owner != null && owner.is(Kind.REDEMPTION, origin)) {
                    results[part.index()] = Redemption.REPEATED;
                    amount = Math.addExact(amount, part.key().terms().value());
                }
            }
            return Step.discard(new RedeemResult(List.of(results), amount));
        };
    }

    /** What is known of a token before it is claimed; null if it may be. */
    private static @Nullable Redemption before(Session session, Part part, String origin, String currency, long now)
            throws SQLException {
        Owner owner = owner(session, part);
        if (owner != null && owner.is(Kind.REDEMPTION, origin)) {
            return Redemption.REPEATED;
        }
        KeyRow key = part.key();
        if (key.closed() != null || !key.terms().currency().equals(currency)) {
            return Redemption.INVALID;
        }
        return key.redeemable(now) ? null : Redemption.EXPIRED;
    }

    private static @Nullable Owner owner(Session session, Part part) throws SQLException {
        return session.first(
                TokenSql.USED_BY,
                row -> new Owner(row.getString("kind"), row.getString("owner")),
                part.key().epoch(),
                part.bytes());
    }

    private static long pay(
            Session session,
            String issuer,
            String origin,
            String currency,
            List<Part> fresh,
            Redemption[] results,
            long now)
            throws SQLException {
        TokenAct act = new TokenAct(session, Kind.REDEMPTION, origin);
        Long use = act.begin(fresh, List.of());
        if (use == null) {
            throw new SQLException("a redemption met another, though any number may be there");
        }
        List<Part> accepted = new ArrayList<>();
        for (Part part : fresh) {
            boolean won = act.claim(use, part, now);
            if (won) {
                accepted.add(part);
            }
            results[part.index()] = won ? Redemption.ACCEPTED : lost(session, part, origin);
        }
        if (accepted.isEmpty()) {
            return 0;
        }
        act.complete(use, accepted);
        long amount = new Parts(accepted, List.of()).value();
        Posting.redemption(use, issuer, origin, currency, amount, now).insertOnce(session);
        return amount;
    }

    /** Another node may have redeemed it for the same payee just now. */
    private static Redemption lost(Session session, Part part, String origin) throws SQLException {
        Owner owner = owner(session, part);
        return owner != null && owner.is(Kind.REDEMPTION, origin) ? Redemption.REPEATED : Redemption.SPENT;
    }
}
