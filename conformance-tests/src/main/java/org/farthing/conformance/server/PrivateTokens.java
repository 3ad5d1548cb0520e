package org.farthing.conformance.server;

import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PrivateTokenScheme;

/** The scheme {@code PrivateToken} (RFC 9577) on the wire. */
final class PrivateTokens {

    private PrivateTokens() {}

    /** The challenge of the scheme in an answer. */
    static PrivateTokenChallenge challenge(RawAnswer answer) {
        List<PrivateTokenChallenge> found = PrivateTokenScheme.parseChallenges(answer.all("WWW-Authenticate"));
        NotAsExpected.unless(
                !found.isEmpty(), "WWW-Authenticate: PrivateToken with a challenge and a token-key", answer.brief());
        return found.get(0);
    }

    /** Shows a token. */
    static RawAnswer present(Visit visit, String what, Page page, BlindToken token) {
        return visit.send(
                what,
                page,
                page.request().without("Authorization").with("Authorization", PrivateTokenScheme.format(token)));
    }
}
