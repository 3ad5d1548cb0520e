package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * Fresh tokens for a token payment that was given back, asked for with the credential that paid: the body of {@code POST
 * /token-refund} (F-TK-26). Who can show the credential is the payer; the issuer learns no other name.
 *
 * @param credential the credential that paid
 * @param requests 1 to 256 requests of the value that is due, none twice
 */
public record RefundBody(Credential credential, List<TokenRequest> requests) {

    /**
     * Copies the list and checks its length.
     *
     * @param credential as described at the record
     * @param requests as described at the record
     * @throws IllegalArgumentException if there are none or more than 256
     */
    public RefundBody {
        requests = TokenForms.some(requests, "requests");
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return what is asked for
     * @throws MalformedException if it is no such body
     */
    public static RefundBody parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        String token68 = members.text("credential");
        Credential credential = Credential.parse("Payment " + token68);
        if (!credential.token68().equals(token68)) {
            throw new MalformedException(Fault.SYNTAX, "body.credential", "the token68 alone is needed");
        }
        return new RefundBody(credential, TokenRequest.parseAll(members.text("requests"), Denominations.MAX_TOKENS));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(
                Map.of("credential", credential.token68(), "requests", TokenRequest.formatAll(requests)));
    }
}
