package org.farthing.server.jetty;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.collect.ServiceCalls;
import org.farthing.server.collect.SignedServiceCalls;
import org.farthing.server.method.KeySource;
import org.farthing.server.trust.KeyDocuments;

/**
 * The lines to wallet services: the network, or a test's hands.
 *
 * @param keys where their key documents come from
 * @param calls how they are spoken to
 * @param close what to do when the lines are no longer needed
 */
record ServiceLinks(KeySource keys, ServiceCalls calls, Runnable close) {

    /** Opens lines over the network. */
    static ServiceLinks open(
            Function<Instant, Optional<SigningKey>> signing, InstantSource clock, boolean loopbackProfile) {
        KeyDocuments documents = KeyDocuments.open(clock, loopbackProfile);
        SignedServiceCalls calls = SignedServiceCalls.open(signing, clock);
        return new ServiceLinks(documents::fetch, calls, () -> {
            calls.close();
            documents.close();
        });
    }
}
