package org.farthing.conformance.server;

import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotAsExpected;

/** What caches between a server and its clients are told. */
final class CacheRules {

    private static final String FIELD = "Cache-Control";

    private CacheRules() {}

    /** No shared cache may keep the answer. */
    static void unshared(RawAnswer answer) {
        boolean says = answer.hasWord(FIELD, "private") || answer.hasWord(FIELD, "no-store");
        boolean contradicts = answer.hasWord(FIELD, "public") || answer.hasWord(FIELD, "s-maxage");
        NotAsExpected.unless(
                says && !contradicts,
                "Cache-Control: private or no-store, and not public",
                answer.brief().strip() + ", " + seen(answer));
    }

    /** No cache at all may keep the answer. */
    static void unstored(RawAnswer answer) {
        NotAsExpected.unless(answer.hasWord(FIELD, "no-store"), "Cache-Control: no-store", seen(answer));
    }

    private static String seen(RawAnswer answer) {
        String values = String.join(", ", answer.all(FIELD));
        return values.isEmpty() ? "no Cache-Control" : "Cache-Control: " + values;
    }
}
