package org.farthing.server.jetty;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a statement is asked for (specification: wallets.md, F-WA-24).
 *
 * @param limit how many transfers, 1 to 1000
 * @param cursor where it starts: {@code next} of the page before; null for the newest
 */
record StatementPage(int limit, @Nullable Long cursor) {

    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final Pattern LIMIT = Pattern.compile("limit=([1-9][0-9]{0,3})");
    private static final Pattern CURSOR = Pattern.compile("cursor=([0-9]{1,18})");

    /** Reads the raw query; parameters nobody defined are ignored, a defined one twice or badly written is 400. */
    static StatementPage of(@Nullable String query) {
        Integer limit = null;
        Long cursor = null;
        for (String parameter : (query == null ? "" : query).split("&", -1)) {
            Matcher limits = LIMIT.matcher(parameter);
            Matcher cursors = CURSOR.matcher(parameter);
            if (limits.matches() && limit == null && Integer.parseInt(limits.group(1)) <= MOST) {
                limit = Integer.valueOf(limits.group(1));
            } else if (cursors.matches() && cursor == null) {
                cursor = Long.valueOf(cursors.group(1));
            } else if (parameter.startsWith("limit=") || parameter.startsWith("cursor=")) {
                throw new Refusal(Problem.of(
                        ProblemType.BAD_REQUEST,
                        "limit is a number from 1 to 1000 and cursor the value of next; each may stand once."));
            }
        }
        return new StatementPage(limit == null ? USUAL : limit, cursor);
    }
}
