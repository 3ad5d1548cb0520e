package org.farthing.conformance.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;

/** Kind {@code blind-token}: tokens from the request to the verified token. */
final class BlindTokenCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "request" -> hex(pending(input).request().bytes());
            case "issue" -> hex(issue(input));
            case "finish" -> {
                TokenResponse response = TokenResponse.parse(input.bytes("response"));
                yield hex(pending(input).finish(response).bytes());
            }
            case "verify" -> key(input).verify(BlindToken.parse(input.bytes("token")));
            case "parse" -> members(BlindToken.parseAll(input.text("tokens"), (int) input.number("maxTokens")));
            case "key" ->
                Map.of("keyId", key(input).keyId(), "truncatedKeyId", key(input).truncatedId());
            default -> throw input.unknownOp();
        };
    }

    private static PendingToken pending(CaseInput input) throws MalformedException, BrokenVectorException {
        return PendingToken.begin(
                key(input),
                TokenChallenge.parse(input.bytes("challenge")),
                input.bytes("nonce"),
                input.bytes("salt"),
                new BigInteger(1, input.bytes("blind")));
    }

    /** What an issuer with one key does: the request says which key it is for. */
    private static byte[] issue(CaseInput input) throws MalformedException, BrokenVectorException {
        TokenSecretKey key = TokenSecretKey.fromPkcs8(input.bytes("secretKey"));
        TokenRequest request = TokenRequest.parse(input.bytes("request"));
        if (request.truncatedKeyId() != key.publicKey().truncatedId()) {
            throw new MalformedException(Fault.VALUE, "requests", "for another key");
        }
        return key.blindSign(request.blinded());
    }

    private static TokenKey key(CaseInput input) throws MalformedException, BrokenVectorException {
        return TokenKey.parse(input.bytes("tokenKey"));
    }

    private static List<Map<String, String>> members(List<BlindToken> tokens) {
        List<Map<String, String>> members = new ArrayList<>();
        for (BlindToken token : tokens) {
            members.add(Map.of(
                    "nonce", base64url(token.nonce()),
                    "challengeDigest", base64url(token.challengeDigest()),
                    "keyId", base64url(token.keyId()),
                    "serial", token.serial().text()));
        }
        return members;
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
