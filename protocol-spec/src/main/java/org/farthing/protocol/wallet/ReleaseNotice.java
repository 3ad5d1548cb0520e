package org.farthing.protocol.wallet;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;

/**
 * A payer shows its wallet service that the payee gave a payment back: the body of {@code POST
 * /v1/payments/{challengeId}/release} (spec/wallet-service.md F-WS-9).
 *
 * @param statement the payee's signed word; not verified by being read
 */
public record ReleaseNotice(ReleaseStatement statement) {

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the notice
     * @throws MalformedException if {@code release} is missing or no release statement
     */
    public static ReleaseNotice parse(byte[] body) throws MalformedException {
        return new ReleaseNotice(
                ReleaseStatement.parse(Body.parse(body, Body.SMALL).object("release")));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(Map.of("release", statement.toMembers()));
    }
}
