package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenAct.Parts;
import org.farthing.server.ledger.TokenKeys.KeyRow;

/** Exchanges tokens for new ones (F-TK-38, F-TK-39). */
final class Swaps {

    /** How often one exchange is forwarded anew after its issuer refused it for good. */
    private static final int MOST_ATTEMPTS = 5;

    /** Before the name of an exchange: what its issuer called spent. */
    private static final String SPENT = "spent.";

    private Swaps() {}

    static Operation<SwapResult> swap(SwapRequest request) {
        return (session, now) -> exchange(session, request, key -> key.swappable(now), List.of(), now);
    }

    /** As a swap, of tokens of closed keys that came out of these messages (F-TK-176). */
    static Operation<SwapResult> recall(SwapRequest request, List<IssuedMessage> opened) {
        if (opened.size() != request.in().size()) {
            throw new IllegalArgumentException("a message for each token, not " + opened.size());
        }
        return (session, now) -> exchange(session, request, key -> key.recallable(now), opened, now);
    }

    private static Step<SwapResult> exchange(
            Session session, SwapRequest request, Predicate<KeyRow> usable, List<IssuedMessage> opened, long now)
            throws SQLException {
        Predicate<KeyRow> ours =
                key -> key.isOf(request.issuer()) && key.terms().mine();
        TokenAct act = new TokenAct(session, TokenAct.Kind.SWAP, request.owner());
        Parts in = TokenAct.tokens(session, request.in(), ours);
        Parts out = TokenAct.messages(session, request.out(), ours);
        if (in.bad().isEmpty() && out.bad().isEmpty() && act.isDone(in.good(), out.good())) {
            return Step.discard(new SwapResult.Repeated());
        }
        in = TokenAct.tokens(session, request.in(), ours.and(usable));
        if (!in.bad().isEmpty()) {
            return Step.discard(new SwapResult.KeyOver(in.bad()));
        }
        out = TokenAct.messages(session, request.out(), TokenAct.sold(request.issuer(), now));
        if (!out.bad().isEmpty()) {
            return Step.discard(new SwapResult.NotForSale(out.bad()));
        }
        String currency = in.currency();
        if (currency == null || !currency.equals(out.currency()) || in.value() != out.value()) {
            return Step.discard(new SwapResult.NotEqual(in.value(), out.value()));
        }
        List<Integer> never = neverIssued(session, opened);
        return never.isEmpty() ? write(act, in, out, now) : Step.discard(new SwapResult.NeverIssued(never));
    }

    private static List<Integer> neverIssued(Session session, List<IssuedMessage> opened) throws SQLException {
        List<Integer> never = new ArrayList<>();
        for (int i = 0; i < opened.size(); i++) {
            IssuedMessage message = opened.get(i);
            if (!session.exists(TokenSql.ISSUED_FOR, message.keyId(), message.message())) {
                never.add(i);
            }
        }
        return never;
    }

    /** Uses tokens up under the first name of the exchange that was not given up: such a name is never used again. */
    static Operation<ForwardResult> forward(String issuer, String exchange, List<UsedToken> tokens) {
        return (session, now) -> {
            int attempt = 1;
            TokenUse.Stored stored = TokenUse.find(session, name(exchange, attempt), TokenAct.Kind.FORWARD);
            while (stored != null && stored.use().freeFrom() != null && attempt <= MOST_ATTEMPTS) {
                attempt++;
                stored = TokenUse.find(session, name(exchange, attempt), TokenAct.Kind.FORWARD);
            }
            if (attempt > MOST_ATTEMPTS) {
                return Step.discard(new ForwardResult.Refused());
            }
            TokenAct act = new TokenAct(session, TokenAct.Kind.FORWARD, name(exchange, attempt));
            Parts in = TokenAct.tokens(
                    session, tokens, key -> key.isOf(issuer) && !key.terms().mine());
            if (in.bad().isEmpty() && act.isDone(in.good(), List.of())) {
                return Step.discard(new ForwardResult.Claimed(attempt));
            }
            in = TokenAct.tokens(
                    session, tokens, key -> key.isOf(issuer) && !key.terms().mine() && key.swappable(now));
            return in.bad().isEmpty()
                    ? claim(act, in, attempt, now)
                    : Step.discard(new ForwardResult.KeyOver(in.bad()));
        };
    }

    private static Step<ForwardResult> claim(TokenAct act, Parts in, int attempt, long now) throws SQLException {
        Long use = act.begin(in.good(), List.of());
        if (use == null) {
            // The same, by another node just now; else another exchange that says it is this one.
            boolean same = act.isDone(in.good(), List.of());
            return Step.discard(same ? new ForwardResult.Claimed(attempt) : new ForwardResult.Spent(indexes(in)));
        }
        List<Integer> spent = act.claim(use, in.good(), now);
        return spent.isEmpty()
                ? Step.keep(new ForwardResult.Claimed(attempt))
                : Step.discard(new ForwardResult.Spent(spent));
    }

    private static String name(String exchange, int attempt) {
        return attempt == 1 ? exchange : exchange + "~" + attempt;
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

    /** Gives a claim up and keeps what the issuer calls spent, in one step: nobody finds those tokens free in between. */
    static Operation<Boolean> refuse(String issuer, String exchange, int attempt, List<UsedToken> spent) {
        return (session, now) -> {
            String name = name(exchange, attempt);
            TokenUse.Stored stored = TokenUse.find(session, name, TokenAct.Kind.FORWARD);
            if (stored == null || !stored.issuer().equals(issuer) || !TokenUse.free(session, stored, now)) {
                return Step.discard(false);
            }
            if (!spent.isEmpty()) {
                keep(new TokenAct(session, TokenAct.Kind.FORWARD, SPENT + name), session, spent, now);
            }
            return Step.keep(true);
        };
    }

    private static void keep(TokenAct act, Session session, List<UsedToken> spent, long now) throws SQLException {
        Parts parts = TokenAct.tokens(session, spent, key -> true);
        Long use = parts.bad().isEmpty() ? act.begin(parts.good(), List.of()) : null;
        if (use == null || !act.claim(use, parts.good(), now).isEmpty()) {
            throw new IllegalArgumentException("what an issuer calls spent must be tokens of the exchange it refused");
        }
    }
}
