package org.farthing.server.trust;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Key documents as tests fetch them from servers of their own. In the world a fetch ends after three seconds; a test machine that
 * is busy with other things may take longer, and then a payee would be unknown for no reason the test is about.
 */
public final class PatientDocuments {

    /** A guard against hanging, nothing else. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private PatientDocuments() {}

    /** As {@link KeyDocuments#open}, with more time for a fetch. */
    public static KeyDocuments open(InstantSource clock, boolean loopbackProfile) {
        KeyRequests.Surroundings world = KeyRequests.Surroundings.world();
        return KeyDocuments.open(
                clock,
                loopbackProfile,
                new KeyRequests.Surroundings(world.names(), world.allowed(), world.tls(), TIMEOUT));
    }
}
