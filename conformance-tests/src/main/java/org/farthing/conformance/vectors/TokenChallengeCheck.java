package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.TokenChallenge;

/** Kind {@code token-challenge}: what a token is for. */
final class TokenChallengeCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "format" -> {
                TokenChallenge challenge =
                        new TokenChallenge(input.text("issuer"), input.bytes("context"), input.text("origins"));
                yield Map.of("challenge", challenge.text(), "digest", BlindTokenCheck.base64url(challenge.digest()));
            }
            case "parse" -> {
                TokenChallenge challenge = TokenChallenge.parse(input.text("text"));
                yield Map.of(
                        "issuer", challenge.issuerName(),
                        "contextHex", BlindTokenCheck.hex(challenge.redemptionContext()),
                        "origins", challenge.originInfo());
            }
            default -> throw input.unknownOp();
        };
    }
}
