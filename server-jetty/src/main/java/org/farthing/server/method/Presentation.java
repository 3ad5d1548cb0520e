package org.farthing.server.method;

import org.farthing.protocol.Credential;
import org.farthing.protocol.PaymentRequest;
import org.farthing.server.offer.RequestFacts;

/**
 * A credential a method has to judge. The gate has checked before that this server issued the challenge, for this very
 * request, body and price; expiry and single use it checks afterwards.
 *
 * @param credential the credential; its {@code source} proves nothing
 * @param request the challenge's request, read from the text the challenge id binds
 * @param facts the request it came with
 */
public record Presentation(Credential credential, PaymentRequest request, RequestFacts facts) {

    /** The credential is a secret (T38), so nothing of it is said. */
    @Override
    public String toString() {
        return "Presentation[challenge=" + credential.challenge().id() + "]";
    }
}
