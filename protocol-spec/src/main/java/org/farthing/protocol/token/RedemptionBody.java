package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * Tokens that a payee accepted and hands in: the body of {@code POST /token-redemptions} (F-TK-26).
 *
 * @param challenge what the tokens are for
 * @param tokens 1 to 256 tokens
 */
public record RedemptionBody(TokenChallenge challenge, List<BlindToken> tokens) {

    /**
     * Copies the list and checks its length.
     *
     * @param challenge as described at the record
     * @param tokens as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public RedemptionBody {
        tokens = TokenForms.some(tokens, "tokens");
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the tokens
     * @throws MalformedException if it is no such body
     */
    public static RedemptionBody parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        return new RedemptionBody(
                TokenChallenge.parse(members.text("challenge")),
                BlindToken.parseAll(members.text("tokens"), Denominations.MAX_TOKENS));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON: as good as money
     */
    public String format() {
        return CanonicalJson.write(Map.of("challenge", challenge.text(), "tokens", BlindToken.formatAll(tokens)));
    }
}
