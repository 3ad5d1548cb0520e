package org.farthing.conformance.client;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.token.TokenSecretKey;

/** Where the issuers of a lab have their private keys from. */
@FunctionalInterface
interface TokenKeySource {

    /** So many keys, whose ids end in different bytes. */
    List<TokenSecretKey> keys(int count);

    /** New ones, which takes seconds. */
    static List<TokenSecretKey> made(int count) {
        SecureRandom random = new SecureRandom();
        List<TokenSecretKey> keys = new ArrayList<>();
        while (keys.size() < count) {
            TokenSecretKey next = TokenSecretKey.generate(random);
            boolean taken = keys.stream()
                    .anyMatch(key ->
                            key.publicKey().truncatedId() == next.publicKey().truncatedId());
            if (!taken) {
                keys.add(next);
            }
        }
        return keys;
    }
}
