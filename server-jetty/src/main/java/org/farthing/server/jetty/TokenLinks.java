package org.farthing.server.jetty;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.collect.SignedTokenCalls;
import org.farthing.server.collect.TokenCalls;
import org.farthing.server.token.DirectorySource;
import org.farthing.server.trust.IssuerDocuments;

/**
 * The lines to an issuer of tokens: the network, or a test's hands.
 *
 * @param directories where its directory comes from
 * @param calls how it is spoken to, once it is known where
 * @param close what to do when the lines are no longer needed
 */
record TokenLinks(DirectorySource directories, Function<SignedTokenCalls.Routes, TokenCalls> calls, Runnable close) {

    /** Opens lines over the network. */
    static TokenLinks open(
            Function<Instant, Optional<SigningKey>> signing, InstantSource clock, boolean loopbackProfile) {
        IssuerDocuments documents = IssuerDocuments.open(clock, loopbackProfile);
        Closing opened = new Closing();
        return new TokenLinks(
                issuer -> documents.fetch(issuer).thenApply(TokenLinks::fetched),
                routes -> opened.keep(SignedTokenCalls.open(signing, clock, routes)),
                () -> {
                    opened.close();
                    documents.close();
                });
    }

    private static DirectorySource.Fetched fetched(IssuerDocuments.Fetched fetched) {
        return new DirectorySource.Fetched(
                fetched.directory(),
                fetched.freshness().age(),
                fetched.freshness().left());
    }

    /** What was opened and is to be closed. */
    private static final class Closing {

        private Optional<SignedTokenCalls> calls = Optional.empty();

        synchronized SignedTokenCalls keep(SignedTokenCalls opened) {
            calls = Optional.of(opened);
            return opened;
        }

        synchronized void close() {
            calls.ifPresent(SignedTokenCalls::close);
        }
    }
}
