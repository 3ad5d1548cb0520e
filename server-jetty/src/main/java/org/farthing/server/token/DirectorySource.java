package org.farthing.server.token;

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
     * Fetches the directory of an issuer now, past every cache. Does not block.
     *
     * @param issuer the issuer; always one that was configured
     * @return the directory, with the hash of the very bytes that came; the stage fails if there is none to be had
     */
    CompletionStage<IssuerDirectory> fetch(Origin issuer);
}
