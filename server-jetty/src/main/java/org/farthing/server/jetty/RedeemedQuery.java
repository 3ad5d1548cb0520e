package org.farthing.server.jetty;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.TokenSerial;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.ledger.TokenUsage;
import org.farthing.server.ledger.UsedSlice;
import org.jspecify.annotations.Nullable;

/** {@code GET /token-redemptions} as it is asked and answered (specification: token-mint.md, F-TK-151). */
final class RedeemedQuery {

    private static final Pattern CURSOR = Pattern.compile("cursor=([A-Za-z0-9_-]{43})(?:\\.([A-Za-z0-9_-]{22}))?");

    private RedeemedQuery() {}

    /** Reads the raw query; parameters nobody defined are ignored, a cursor twice or badly written is 400. */
    static @Nullable TokenPlace of(@Nullable String query) {
        TokenPlace place = null;
        for (String parameter : (query == null ? "" : query).split("&", -1)) {
            if (parameter.startsWith("cursor=")) {
                place = place == null ? place(parameter) : refuse();
            }
        }
        return place;
    }

    private static TokenPlace place(String parameter) {
        Matcher cursor = CURSOR.matcher(parameter);
        if (!cursor.matches()) {
            return refuse();
        }
        try {
            return new TokenPlace(cursor.group(1), cursor.group(2));
        } catch (IllegalArgumentException e) {
            return refuse();
        }
    }

    private static TokenPlace refuse() {
        throw new Refusal(Problem.of(
                ProblemType.BAD_REQUEST, "cursor is the value of next of the page before, and stands once."));
    }

    /** The page of a payee. */
    static RedeemedPage page(UsedSlice slice) {
        TokenPlace next = slice.next();
        String cursor = next == null ? null : next.keyId() + (next.serial() == null ? "" : "." + next.serial());
        return new RedeemedPage(slice.tokens().isEmpty() ? List.of() : List.of(ofKey(slice.tokens())), cursor);
    }

    private static RedeemedPage.OfKey ofKey(List<TokenUsage> tokens) {
        TokenUsage first = tokens.get(0);
        return new RedeemedPage.OfKey(
                first.token().keyId(),
                Amount.of(first.value()),
                new CurrencyId(first.currency()),
                tokens.stream()
                        .map(usage -> new TokenSerial(usage.token().serial()))
                        .toList());
    }
}
