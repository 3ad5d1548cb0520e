package org.farthing.server.gate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.server.ledger.IdempotencyScope;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * The request field {@code Idempotency-Key} (S45; spec/retry.md, F-RE-30 to F-RE-33). The payer is part of its scope, so
 * nobody reads or blocks the key of another (T77).
 */
final class IdempotencyKey {

    private static final String FIELD = "Idempotency-Key";
    private static final int MAX_LENGTH = 128;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private IdempotencyKey() {}

    /** Tells whether the field, if any, has its form. */
    static boolean isWellFormed(Inquiry inquiry) {
        List<String> lines = inquiry.headers().apply(FIELD);
        if (lines.isEmpty() || SAFE.contains(inquiry.target().method())) {
            return true;
        }
        String key = lines.get(0);
        return lines.size() == 1
                && !key.isEmpty()
                && key.length() <= MAX_LENGTH
                && key.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** What the ledger claims together with the challenge; null if there is no key, or the method is safe. */
    static @Nullable IdempotencyScope scope(Inquiry inquiry, RequestFacts facts, String payer) {
        List<String> lines = inquiry.headers().apply(FIELD);
        RequestTarget target = facts.target();
        if (lines.isEmpty() || SAFE.contains(target.method())) {
            return null;
        }
        String scope = hash(Map.of(
                "payer", payer,
                "origin", target.origin().text(),
                "method", target.method(),
                "path", target.path(),
                "key", lines.get(0)));
        Map<String, String> content = new TreeMap<>();
        ContentDigest digest = facts.digest();
        content.put("digest", digest == null ? "" : digest.format());
        content.put("query", target.query() == null ? "" : "?" + target.query());
        return new IdempotencyScope(scope, hash(content));
    }

    private static String hash(Map<String, String> members) {
        return ContentDigest.of(CanonicalJson.write(members).getBytes(StandardCharsets.UTF_8))
                .base64();
    }
}
