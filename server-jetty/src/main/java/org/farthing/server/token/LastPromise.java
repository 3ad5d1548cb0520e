package org.farthing.server.token;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.TokenOffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a challenge promised about tokens. The challenges of a payee differ in price and nonce, seldom in this, so the last
 * reading mostly holds for the next. Thread-safe.
 */
final class LastPromise {

    private volatile @Nullable Read last;

    /** All of what was read, so that nothing else is taken for it. */
    private record Read(Map<String, @Nullable Object> details, TokenOffer offer) {}

    TokenOffer of(Map<String, @Nullable Object> methodDetails) throws MalformedException {
        Read known = last;
        if (known != null && known.details().equals(methodDetails)) {
            return known.offer();
        }
        TokenOffer offer = TokenOffer.parse(methodDetails);
        last = new Read(methodDetails, offer);
        return offer;
    }
}
