package org.farthing.conformance.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.conformance.suite.Profile;

/**
 * What a run is about.
 *
 * @param suite which suite: {@code server}, {@code client}, {@code wallet}
 * @param subject what is checked, as the report names it: the URL, the command
 * @param profile whose rules; cases of larger profiles are left out
 * @param facts what a reader should know about the run, such as the config file, in order; the kit's version is added
 */
public record About(String suite, String subject, Profile profile, Map<String, String> facts) {

    /** Copies the facts; they keep their order. */
    public About {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * A run without more to say about it.
     *
     * @param suite which suite
     * @param subject what is checked
     * @param profile whose rules
     */
    public About(String suite, String subject, Profile profile) {
        this(suite, subject, profile, Map.of());
    }
}
