package org.farthing.conformance.suite;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer as the report shows them. Whoever makes it has taken the secrets out ({@link Redaction}).
 *
 * @param what what this was for, a few words: {@code the same credential again}
 * @param request what was sent, with its fields
 * @param response what came, with its fields; empty if nothing did
 * @param curl a command that does the same again, mostly curl; null where there is none
 */
public record Exchange(
        String what,
        String request,
        String response,
        @Nullable String curl) {

    /** A command for a shell that does the same again; credentials stand as {@code $CREDENTIAL}. */
    public Optional<String> reproduce() {
        return Optional.ofNullable(curl);
    }
}
