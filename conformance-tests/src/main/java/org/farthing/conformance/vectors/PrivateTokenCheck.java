package org.farthing.conformance.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PrivateTokenScheme;

/** Kind {@code private-token}: the fields of RFC 9577. */
final class PrivateTokenCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "challenges" -> {
                List<Map<String, Object>> challenges = new ArrayList<>();
                for (PrivateTokenChallenge challenge : PrivateTokenScheme.parseChallenges(input.texts("fields"))) {
                    challenges.add(members(challenge));
                }
                yield challenges;
            }
            case "format" ->
                PrivateTokenScheme.format(new PrivateTokenChallenge(
                        input.text("challenge"),
                        input.textOrNull("tokenKey"),
                        input.has("maxAge") ? input.number("maxAge") : null));
            case "credential" ->
                BlindTokenCheck.base64url(
                        PrivateTokenScheme.parseCredential(input.text("field")).bytes());
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> members(PrivateTokenChallenge challenge) throws MalformedException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("challenge", challenge.challenge());
        Wire.putPresent(members, "tokenKey", challenge.tokenKey());
        Wire.putPresent(members, "maxAge", challenge.maxAge());
        members.put("tokenType", challenge.tokenType());
        return members;
    }
}
