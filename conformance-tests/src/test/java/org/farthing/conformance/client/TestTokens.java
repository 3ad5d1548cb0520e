package org.farthing.conformance.client;

import java.util.List;
import java.util.stream.IntStream;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.testing.TestTokenKeys;

/** Keys for a lab's issuers that are there already: making them takes seconds. */
final class TestTokens {

    private TestTokens() {}

    static List<TokenSecretKey> keys(int count) {
        return IntStream.range(0, count).mapToObj(TestTokenKeys::get).toList();
    }
}
