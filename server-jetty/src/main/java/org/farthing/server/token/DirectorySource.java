package org.farthing.server.token;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;

/**
 * Where the directories of remote issuers come from: the network, or a test's hands. What is fetched is worth what its transport
 * is worth, so an implementation keeps to the rules of spec/keys.md, F-KY-50 and F-KY-51.
 */
@FunctionalInterface
public interface DirectorySource {

    /**
     * Fetches the directory of an issuer now, past caches as far as they let it. Does not block.
     *
     * @param issuer the issuer; always one that was configured
     * @return the directory; the stage fails if there is none to be had
     */
    CompletionStage<Fetched> fetch(Origin issuer);

    /**
     * A directory as it came.
     *
     * @param directory the directory, with the hash of the very bytes that came
     * @param age how old it was, as far as caches said so
     * @param left for how much longer its issuer expects no change; empty if it does not say
     */
    record Fetched(IssuerDirectory directory, Duration age, Optional<Duration> left) {}
}
