package org.farthing.conformance.reference;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.mint.MintKeys;
import org.farthing.testing.TestTokenKeys;

/** Keys for the reference server's issuer that are there already: making them takes seconds. */
public final class FixedTokenKeys {

    private static final List<Long> VALUES = List.of(500L, 1000L, 2000L, 4000L);

    private FixedTokenKeys() {}

    /** Keys on sale at a time. */
    public static ReferenceTokenKeys.Source at(Instant now) {
        Instant second = Instant.ofEpochSecond(now.getEpochSecond());
        MintKey ended = new MintKey(TestTokenKeys.get(4), ReferenceTokenKeys.ended(TestTokenKeys.get(4), second));
        List<MintKey> keys = keys(second);
        keys.add(ended);
        return (folder, time) -> new ReferenceTokenKeys(MintKeys.of(keys), ended);
    }

    private static List<MintKey> keys(Instant now) {
        List<MintKey> keys = new ArrayList<>();
        for (int at = 0; at < VALUES.size(); at++) {
            keys.add(new MintKey(
                    TestTokenKeys.get(at),
                    new PublishedKey(
                            TestTokenKeys.publicKey(at),
                            new Amount(VALUES.get(at)),
                            new CurrencyId("usd.e6"),
                            now.minus(Duration.ofDays(1)),
                            now.plus(Duration.ofDays(30)),
                            now.plus(Duration.ofDays(60)),
                            now.plus(Duration.ofDays(67)),
                            now.plus(Duration.ofDays(90)))));
        }
        return keys;
    }
}
