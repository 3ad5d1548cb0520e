package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.token.BlindToken;

/** Tokens the suite bought and did not show to anybody yet: a bundle lasts for several cases. Safe for several threads. */
final class TokenPouch {

    private final Map<String, List<BlindToken>> tokens = new HashMap<>();

    private static String name(String challenge, long value) {
        return value + " " + challenge;
    }

    /** Puts a token in. */
    synchronized void put(String challenge, long value, BlindToken token) {
        tokens.computeIfAbsent(name(challenge, value), none -> new ArrayList<>())
                .add(token);
    }

    /** Takes a token out. */
    synchronized Optional<BlindToken> take(String challenge, long value) {
        List<BlindToken> held = tokens.getOrDefault(name(challenge, value), List.of());
        return held.isEmpty() ? Optional.empty() : Optional.of(held.remove(held.size() - 1));
    }

    /** No token is shown. */
    @Override
    public String toString() {
        return "TokenPouch";
    }
}
