package org.farthing.server.method;

import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;

/**
 * Where key documents come from: the network, or a test's hands. What is fetched is worth what its transport is worth, so an
 * implementation keeps to the rules of spec/keys.md, F-KY-50 and F-KY-51.
 */
@FunctionalInterface
public interface KeySource {

    /**
     * Fetches the key document of an origin now, past every cache. Does not block.
     *
     * @param origin the origin; always one that was configured
     * @return the document; the stage fails if there is none to be had
     */
    CompletionStage<KeyDirectory> fetch(Origin origin);
}
