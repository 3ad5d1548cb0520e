package org.farthing.conformance.suite;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer as the report shows them. Whoever makes it has taken the secrets out ({@link Redaction}).
 *
 * @param what what this was for, a few words: {@code the same credential again}
 * @param request what was sent, with its fields
 * @param response what came, with its fields; empty if nothing did
 * @param curl a command that sends the same, or null where curl cannot
 */
public record Exchange(
        String what,
        String request,
        String response,
        @Nullable String curl) {

    /** A command for a shell that sends the same; credentials stand as {@code $CREDENTIAL}. */
    public Optional<String> reproduce() {
        return Optional.ofNullable(curl);
    }
}
