package org.farthing.server.token;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PrivateTokenScheme;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.method.OtherScheme;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/** One token by the scheme {@code PrivateToken} of RFC 9577, where the price is one token (F-TK-63, F-TK-64). */
final class PlainTokens implements OtherScheme {

    private final BlindTokenMethod method;

    PlainTokens(BlindTokenMethod method) {
        this.method = method;
    }

    @Override
    public String name() {
        return PrivateTokenScheme.NAME;
    }

    /** The newest key on sale, which everybody is sent to (T58). */
    @Override
    public Optional<String> challenge(Offer offer, RequestFacts facts) {
        Instant now = method.clock().instant();
        return method.ladder()
                .map(Ladder::directory)
                .flatMap(directory -> directory.keyOfValue(offer.amount().baseUnits(), now))
                .filter(key -> key.currency().equals(offer.currency()))
                .map(key -> PrivateTokenScheme.format(
                        PrivateTokenChallenge.of(method.challenge(facts.origin()), key.key(), seconds(now, key))));
    }

    @Override
    public Map<String, @Nullable Object> payload(String fieldValue) throws MalformedException {
        return new HashMap<>(TokenPayload.toPayload(List.of(PrivateTokenScheme.parseCredential(fieldValue))));
    }

    /** For how long tokens of the key are taken. */
    private static long seconds(Instant now, PublishedKey key) {
        return Math.max(0, Duration.between(now, key.spendUntil()).toSeconds());
    }
}
