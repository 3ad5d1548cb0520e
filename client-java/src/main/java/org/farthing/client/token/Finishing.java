package org.farthing.client.token;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.TokenResponse;

/** Tokens out of an issuer's answer: nothing is kept that does not verify (F-TK-123). */
final class Finishing {

    private Finishing() {}

    static List<BlindToken> verified(List<PendingToken> pending, List<TokenResponse> responses) throws IOException {
        if (pending.size() != responses.size()) {
            throw new IOException("the issuer answered with another number of signatures than were asked for");
        }
        List<BlindToken> tokens = new ArrayList<>(pending.size());
        for (int i = 0; i < pending.size(); i++) {
            tokens.add(verified(pending.get(i), responses.get(i)));
        }
        return tokens;
    }

    static BlindToken verified(PendingToken pending, TokenResponse response) throws IOException {
        try {
            return pending.finish(response);
        } catch (SignatureRejectedException e) {
            throw new IOException("a signature of the issuer does not hold; keep the purse and ask the issuer", e);
        }
    }
}
