package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * What an issuer signed: the answer to a purchase, a swap and a refund (F-TK-27).
 *
 * @param responses one for each request, in their order
 */
public record TokenResponses(List<TokenResponse> responses) {

    /**
     * Copies the list and checks its length.
     *
     * @param responses as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public TokenResponses {
        responses = TokenForms.some(responses, "responses");
    }

    /**
     * Reads an answer.
     *
     * @param body the body as received
     * @param count how many requests were sent
     * @return what was signed, as much as was asked for
     * @throws MalformedException if it is no such answer, or has another number of responses
     */
    public static TokenResponses parse(byte[] body, int count) throws MalformedException {
        Members members = TokenForms.body(body);
        List<TokenResponse> responses = TokenResponse.parseAll(members.text("responses"), Denominations.MAX_TOKENS);
        TokenForms.requireCount(responses.size(), count, "body.responses");
        return new TokenResponses(responses);
    }

    /**
     * Writes the answer.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(Map.of("responses", TokenResponse.formatAll(responses)));
    }
}
