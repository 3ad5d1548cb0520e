package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;

/**
 * Tokens to be changed for others of the same value: the body of {@code POST /token-swap} (F-TK-26). The owner of the swap
 * is the body itself, so that the same body again gets the same answer.
 *
 * @param challenge what the tokens are for
 * @param tokens 1 to 256 tokens that are given up
 * @param requests 1 to 256 requests of the same value, none twice
 */
public record SwapBody(TokenChallenge challenge, List<BlindToken> tokens, List<TokenRequest> requests) {

    /**
     * Copies the lists and checks their lengths.
     *
     * @param challenge as described at the record
     * @param tokens as described at the record
     * @param requests as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public SwapBody {
        tokens = TokenForms.some(tokens, "tokens");
        requests = TokenForms.some(requests, "requests");
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the swap
     * @throws MalformedException if it is no such body
     */
    public static SwapBody parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        return new SwapBody(
                TokenChallenge.parse(members.text("challenge")),
                BlindToken.parseAll(members.text("tokens"), Denominations.MAX_TOKENS),
                TokenRequest.parseAll(members.text("requests"), Denominations.MAX_TOKENS));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON: as good as money
     */
    public String format() {
        return CanonicalJson.write(Map.of(
                "challenge", challenge.text(),
                "tokens", BlindToken.formatAll(tokens),
                "requests", TokenRequest.formatAll(requests)));
    }

    /**
     * Returns the name under which the tokens are claimed: the same for every spelling of the same swap, at the payee and
     * at the issuer.
     *
     * @return base64url of SHA-256 of {@link #format}
     */
    public String owner() {
        return Sha256.base64url(format());
    }
}
