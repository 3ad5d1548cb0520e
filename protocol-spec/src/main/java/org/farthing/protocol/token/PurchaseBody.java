package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * What a client wants signed: the body of {@code POST /token-purchase}, which is paid for, and of {@code POST
 * /token-restore}, which repeats what was paid for (F-TK-26).
 *
 * @param requests 1 to 256 requests, none twice
 */
public record PurchaseBody(List<TokenRequest> requests) {

    /**
     * Copies the list and checks its length.
     *
     * @param requests as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public PurchaseBody {
        requests = TokenForms.some(requests, "requests");
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return what it asks for
     * @throws MalformedException if it is no such body
     */
    public static PurchaseBody parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        return new PurchaseBody(TokenRequest.parseAll(members.text("requests"), Denominations.MAX_TOKENS));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(Map.of("requests", TokenRequest.formatAll(requests)));
    }
}
