package org.farthing.conformance.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a payer answers to a challenge: the credential's payload.
 *
 * @param payload as the method defines it
 * @param source who pays, or null
 */
public record Proof(Map<String, ?> payload, @Nullable String source) {

    /** Without what it proves. */
    @Override
    public String toString() {
        return "a proof of payment";
    }
}
