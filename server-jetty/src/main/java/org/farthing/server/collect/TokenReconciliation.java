package org.farthing.server.collect;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.TokenSerial;
import org.farthing.server.collect.ReconciliationReport.Difference;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.ledger.TokenReports;
import org.farthing.server.ledger.TokenUsage;
import org.farthing.server.ledger.UsedSlice;
import org.farthing.server.ledger.UsedToken;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a payee took of an issuer's tokens with what the issuer credited for them, token by token (specification:
 * token-remote.md, F-TK-152 to F-TK-154). It only reads.
 *
 * <p>Both sides are read beside each other, in the same order, a page of each at a time. Blocks its thread for as long as it
 * takes: for command lines and tests.
 */
public final class TokenReconciliation {

    private static final int SLICE = 1000;
    private static final Comparator<Listed> ORDER = Comparator.comparing(Listed::key, Arrays::compareUnsigned)
            .thenComparing(Listed::serial, Arrays::compareUnsigned);

    private final Origin payee;
    private final Here here;
    private final There there;
    private final Map<String, TokenKeyTerms> keys = new HashMap<>();
    private final Instant now;
    private final ReconciliationReport.Collector report = new ReconciliationReport.Collector();

    /** A token of one side, in the order of both. */
    @SuppressWarnings("ArrayRecordComponent") // compared by ORDER only
    private record Listed(byte[] key, byte[] serial, UsedToken token, long value, String currency) {

        static Listed of(UsedToken token, long value, String currency) {
            return new Listed(bytes(token.keyId()), bytes(token.serial()), token, value, currency);
        }
    }

    private TokenReconciliation(Here here, There there, Origin payee, Instant now) {
        this.here = here;
        this.there = there;
        this.payee = payee;
        this.now = now;
    }

    /**
     * Compares.
     *
     * @param tokens the payee's books; nobody writes them meanwhile
     * @param calls how the issuer is asked
     * @param issuer the issuer of the tokens
     * @param payee the payee
     * @param now the time: tokens of keys whose {@code swap-until} has passed are not compared, because neither side keeps them
     * @return what agrees, what is pending and what differs, by token
     * @throws ServiceCallException if the issuer does not answer, or with something that is no list in its order, or if these
     *     are its own books
     */
    public static ReconciliationReport compare(
            TokenReports tokens, TokenCalls calls, Origin issuer, Origin payee, Instant now)
            throws ServiceCallException {
        TokenReconciliation work =
                new TokenReconciliation(new Here(tokens, issuer), new There(calls, issuer, payee), payee, now);
        for (TokenKeyState key : await(tokens.keys())) {
            if (key.terms().issuer().equals(issuer.text()) && key.terms().mine()) {
                throw ServiceCallException.unreachable(
                        "These are the books of " + issuer + " itself, so there are no others to compare them with");
            }
            work.keys.put(key.terms().keyId(), key.terms());
        }
        work.compare();
        return work.report.report();
    }

    private void compare() throws ServiceCallException {
        TokenUsage mine = here.next();
        Listed theirs = there.next();
        while (mine != null || theirs != null) {
            Listed own = mine == null ? null : Listed.of(mine.token(), mine.value(), mine.currency());
            int order = own == null ? 1 : theirs == null ? -1 : ORDER.compare(own, theirs);
            if (order < 0 && mine != null) {
                onlyHere(mine);
                mine = here.next();
            } else if (order > 0 && theirs != null) {
                onlyThere(theirs);
                theirs = there.next();
            } else if (mine != null && theirs != null) {
                both(mine, theirs);
                mine = here.next();
                theirs = there.next();
            }
        }
    }

    // ---- one token -----------------------------------------------------------------------------------------------

    private void onlyHere(TokenUsage mine) {
        if (isOver(mine.token()) || isOfAnother(mine)) {
            return;
        }
        switch (mine.how()) {
            case HELD, WAITING -> report.pending(mine.currency(), mine.value());
            case FAILED -> differs(mine, mine.value(), 0, "refused there, and not written off here");
            case PAID -> {
                if (mine.payee() == null) {
                    // The charge is no longer kept, so it may have been another payee's of these books.
                    report.tooOld();
                } else {
                    differs(mine, mine.value(), 0, "redeemed here, unknown there");
                }
            }
            case WRITTEN_OFF, FREE, SWAPPED, REDEEMED -> {
                // Nothing was earned with it, here or there.
            }
        }
    }

    private void onlyThere(Listed theirs) {
        if (isOver(theirs.token())) {
            report.tooOld();
            return;
        }
        report.differs(new Difference(
                theirs.token().serial(), "", theirs.currency(), 0, theirs.value(), "unknown here, redeemed there"));
    }

    private void both(TokenUsage mine, Listed theirs) {
        if (isOver(mine.token())) {
            report.tooOld();
            return;
        }
        if (mine.value() != theirs.value() || !mine.currency().equals(theirs.currency())) {
            differs(mine, mine.value(), theirs.value(), "of another value or currency there");
            return;
        }
        if (isOfAnother(mine)) {
            differs(mine, 0, theirs.value(), "paid to " + mine.payee() + " here");
            return;
        }
        switch (mine.how()) {
            case PAID -> report.agreed(mine.currency(), mine.value());
            case WAITING -> report.pending(mine.currency(), mine.value());
            case FAILED -> differs(mine, mine.value(), theirs.value(), "refused before, redeemed there by now");
            case HELD -> differs(mine, 0, theirs.value(), "in a charge that is not over here, redeemed there");
            case WRITTEN_OFF -> differs(mine, 0, theirs.value(), "written off here, redeemed there");
            case FREE -> differs(mine, 0, theirs.value(), "given back here, redeemed there");
            case SWAPPED, REDEEMED -> differs(mine, 0, theirs.value(), "exchanged here, redeemed there");
        }
    }

    private boolean isOver(UsedToken token) {
        TokenKeyTerms key = keys.get(token.keyId());
        return key != null && now.isAfter(key.swapUntil());
    }

    private boolean isOfAnother(TokenUsage mine) {
        return mine.payee() != null && !mine.payee().equals(payee.text());
    }

    private void differs(TokenUsage mine, long here, long there, String what) {
        report.differs(new Difference(mine.token().serial(), mine.owner(), mine.currency(), here, there, what));
    }

    // ---- both sides, token by token ------------------------------------------------------------------------------

    /** The payee's books. */
    private static final class Here {

        private final TokenReports tokens;
        private final Origin issuer;
        private final Deque<TokenUsage> read = new ArrayDeque<>();
        private @Nullable TokenPlace after;
        private boolean ended;

        Here(TokenReports tokens, Origin issuer) {
            this.tokens = tokens;
            this.issuer = issuer;
        }

        @Nullable
        TokenUsage next() {
            while (read.isEmpty() && !ended) {
                UsedSlice slice = await(tokens.used(issuer.text(), after, SLICE));
                read.addAll(slice.tokens());
                after = slice.next();
                ended = after == null;
            }
            return read.poll();
        }
    }

    /** The issuer's, which must keep the order: else what it leaves out or says twice would not be seen. */
    private static final class There {

        private final TokenCalls calls;
        private final Origin issuer;
        private final Origin payee;
        private final Deque<Listed> read = new ArrayDeque<>();
        private @Nullable Listed last;
        private @Nullable String cursor;
        private boolean ended;

        There(TokenCalls calls, Origin issuer, Origin payee) {
            this.calls = calls;
            this.issuer = issuer;
            this.payee = payee;
        }

        @Nullable
        Listed next() throws ServiceCallException {
            while (read.isEmpty() && !ended) {
                RedeemedPage page = page();
                for (RedeemedPage.OfKey key : page.redeemed()) {
                    for (TokenSerial serial : key.serials()) {
                        take(Listed.of(
                                new UsedToken(key.keyId(), serial.text()),
                                key.value().baseUnits(),
                                key.currency().text()));
                    }
                }
                String next = page.next();
                if (next != null && next.equals(cursor)) {
                    throw ServiceCallException.unreachable(issuer + " gives the same page again and again");
                }
                cursor = next;
                ended = next == null;
            }
            return read.poll();
        }

        private void take(Listed token) throws ServiceCallException {
            if (last != null && ORDER.compare(last, token) >= 0) {
                throw ServiceCallException.unreachable(issuer + " lists tokens twice or not in their order");
            }
            last = token;
            read.add(token);
        }

        private RedeemedPage page() throws ServiceCallException {
            try {
                return await(calls.redeemed(issuer, payee, cursor));
            } catch (CompletionException e) {
                if (Causes.of(e) instanceof ServiceCallException away) {
                    throw away;
                }
                throw e;
            }
        }
    }

    private static byte[] bytes(String base64url) {
        try {
            return Base64Url.decode(base64url, "token");
        } catch (MalformedException e) {
            throw new IllegalStateException("checked when it was read", e);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
