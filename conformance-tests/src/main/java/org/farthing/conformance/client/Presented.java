package org.farthing.conformance.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A credential that arrived, read as leniently as can be, so that a case can say what is wrong with it.
 *
 * @param request where it stood
 * @param field the name of its field
 * @param token what follows the scheme, as sent
 * @param json its JSON, or null if none could be read
 * @param fault why not, in words; null if it could
 * @param issued the challenge it answers, or null if it is none of this visit
 */
record Presented(
        Received request,
        String field,
        String token,
        @Nullable Map<String, @Nullable Object> json,
        @Nullable String fault,
        @Nullable Issued issued) {

    private static final StrictJson.Limits ROOMY = new StrictJson.Limits(1 << 20, 32, 1000, 1000);

    /** Reads one; {@code find} looks for the challenge with an id. */
    static Presented read(Received request, Field line, java.util.function.Function<String, Optional<Issued>> find) {
        String token = line.value().substring("payment".length()).strip();
        try {
            Map<String, @Nullable Object> json = StrictJson.parseObject(decoded(token), "credential", ROOMY);
            Issued issued = json.get("challenge") instanceof Map<?, ?> echo && echo.get("id") instanceof String id
                    ? find.apply(id).orElse(null)
                    : null;
            return new Presented(request, line.name(), token, json, null, issued);
        } catch (MalformedException e) {
            return new Presented(request, line.name(), token, null, "its JSON cannot be read: " + e.fault(), null);
        } catch (IllegalArgumentException e) {
            return new Presented(request, line.name(), token, null, "it is not base64url", null);
        }
    }

    /** Either alphabet, with padding or not. */
    private static String decoded(String token) {
        byte[] bytes = Base64.getUrlDecoder()
                .decode(token.replace('+', '-').replace('/', '_').replace("=", ""));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its JSON; a credential without any is a failure of its own. */
    Map<String, @Nullable Object> readable() {
        if (json == null) {
            throw new NotAsExpected(
                    "a credential of base64url and JSON", fault + " (" + token.length() + " characters)");
        }
        return json;
    }

    /** The echoed challenge. */
    Map<?, ?> echo() {
        if (readable().get("challenge") instanceof Map<?, ?> echo) {
            return echo;
        }
        throw new NotAsExpected(
                "a credential with the object challenge",
                "its members are " + readable().keySet());
    }

    /** The challenge it answers; a credential for none of those that were sent is a failure of its own. */
    Issued answered() {
        if (issued == null) {
            throw new NotAsExpected(
                    "a credential for a challenge that was sent", "challenge.id is " + echo().get("id"));
        }
        return issued;
    }

    /** The proof. */
    Map<?, ?> payload() {
        if (readable().get("payload") instanceof Map<?, ?> payload) {
            return payload;
        }
        throw new NotAsExpected(
                "a credential with the object payload",
                "its members are " + readable().keySet());
    }

    /** Where it came to; the token is a secret. */
    @Override
    public String toString() {
        return "Presented[" + request + ", " + field + "]";
    }
}
