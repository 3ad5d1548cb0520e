package org.farthing.conformance.client;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.VerificationKey;

/** The keys a payer saw at each origin, from errand to errand. */
final class TinyPins {

    private final Set<Flaw> flaws;
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();

    TinyPins(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    /** Whether an origin still is who it was; whoever was never seen is. */
    boolean hold(String origin, KeyDirectory now) {
        Set<String> listed =
                now.keys().stream().map(VerificationKey::thumbprint).collect(Collectors.toSet());
        Set<String> pinned = seen.computeIfAbsent(origin, unknown -> listed);
        boolean same = flaws.contains(Flaw.RIGID_PINS)
                ? pinned.equals(listed)
                : pinned.stream().anyMatch(listed::contains);
        return same || flaws.contains(Flaw.NO_PINS);
    }
}
