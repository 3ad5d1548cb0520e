package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenAct.Parts;

/** Exchanges tokens for new ones (F-TK-38, F-TK-39). */
final class Swaps {

    private Swaps() {}

    static Operation<SwapResult> swap(SwapRequest request) {
        return (session, now) -> {
            String issuer = request.issuer();
            TokenAct act = new TokenAct(session, TokenAct.Kind.SWAP, request.owner());
            Parts in = TokenAct.tokens(
                    session,
                    request.in(),
                    key -> key.isOf(issuer) && key.terms().mine());
            Parts out = TokenAct.messages(
                    session,
                    request.out(),
                    key -> key.isOf(issuer) && key.terms().mine());
            if (in.bad().isEmpty() && out.bad().isEmpty() && act.isDone(in.good(), out.good())) {
                return Step.discard(new SwapResult.Repeated());
            }
            in = TokenAct.tokens(
                    session,
                    request.in(),
                    key -> key.isOf(issuer) && key.terms().mine() && key.swappable(now));
            if (!in.bad().isEmpty()) {
                return Step.discard(new SwapResult.KeyOver(in.bad()));
            }
            out = TokenAct.messages(session, request.out(), TokenAct.sold(issuer, now));
            if (!out.bad().isEmpty()) {
                return Step.discard(new SwapResult.NotForSale(out.bad()));
            }
            String currency = in.currency();
            if (currency == null || !currency.equals(out.currency()) || in.value() != out.value()) {
                return Step.discard(new SwapResult.NotEqual(in.value(), out.value()));
            }
            return write(act, in, out, now);
        };
    }

    static Operation<SwapResult> forward(String issuer, String owner, List<UsedToken> tokens) {
        return (session, now) -> {
            TokenAct act = new TokenAct(session, TokenAct.Kind.FORWARD, owner);
            Parts in = TokenAct.tokens(
                    session, tokens, key -> key.isOf(issuer) && !key.terms().mine());
            Parts none = new Parts(List.of(), List.of());
            if (in.bad().isEmpty() && act.isDone(in.good(), none.good())) {
                return Step.discard(new SwapResult.Repeated());
            }
            in = TokenAct.tokens(
                    session, tokens, key -> key.isOf(issuer) && !key.terms().mine() && key.swappable(now));
            return in.bad().isEmpty() ? write(act, in, none, now) : Step.discard(new SwapResult.KeyOver(in.bad()));
        };
    }

    private static Step<SwapResult> write(TokenAct act, Parts in, Parts out, long now) throws SQLException {
        Long use = act.begin(in.good(), out.good());
        if (use == null) {
            // The same, by another node just now; else one that was given up, and must never be made.
            boolean same = act.isDone(in.good(), out.good());
            return Step.discard(same ? new SwapResult.Repeated() : new SwapResult.Spent(indexes(in)));
        }
        List<Integer> spent = act.claim(use, in.good(), now);
        if (!spent.isEmpty()) {
            return Step.discard(new SwapResult.Spent(spent));
        }
        List<Integer> before = act.sign(use, out.good());
        return before.isEmpty() ? Step.keep(new SwapResult.Done()) : Step.discard(new SwapResult.AlreadyIssued(before));
    }

    private static List<Integer> indexes(Parts parts) {
        return parts.good().stream().map(TokenAct.Part::index).sorted().toList();
    }

    static Operation<Boolean> giveUp(String issuer, String owner) {
        return (session, now) -> {
            TokenUse.Stored stored = TokenUse.find(session, owner, TokenAct.Kind.FORWARD);
            if (stored == null || !stored.issuer().equals(issuer)) {
                return Step.discard(false);
            }
            return new Step<>(true, TokenUse.free(session, stored, now));
        };
    }
}
