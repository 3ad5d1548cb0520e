package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;

/**
 * Tokens in the making: what an issuer is asked to sign, and what makes tokens of its answer.
 *
 * @param pending one a token, in the order of the requests
 */
record TokenOrder(List<PendingToken> pending) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE = 32;
    private static final int BLIND_SEED = PendingToken.BLIND_SEED_LENGTH;

    TokenOrder {
        pending = List.copyOf(pending);
    }

    /** One token of each of these keys, all for one challenge. */
    static TokenOrder of(List<TokenKey> keys, TokenChallenge challenge) {
        List<PendingToken> pending = new ArrayList<>();
        keys.forEach(key -> pending.add(PendingToken.begin(
                key, challenge, random(NONCE), random(PendingToken.SALT_LENGTH), random(BLIND_SEED))));
        return new TokenOrder(pending);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** What is sent. */
    List<TokenRequest> messages() {
        return pending.stream().map(PendingToken::request).toList();
    }

    /** What is sent, as it stands in JSON. */
    String requests() {
        return TokenRequest.formatAll(messages());
    }

    /** The tokens that signatures make, all of which must hold. */
    List<BlindToken> tokens(List<TokenResponse> responses) {
        NotAsExpected.unless(
                responses.size() == pending.size(), pending.size() + " responses", responses.size() + " of them");
        List<BlindToken> tokens = new ArrayList<>();
        for (int at = 0; at < pending.size(); at++) {
            try {
                tokens.add(pending.get(at).finish(responses.get(at)));
            } catch (SignatureRejectedException e) {
                throw new NotAsExpected(
                        "signatures that make good tokens", "number " + at + " does not: " + e.getMessage());
            }
        }
        return tokens;
    }

    /** How many, and none of their secrets. */
    @Override
    public String toString() {
        return pending.size() + " tokens in the making";
    }
}
