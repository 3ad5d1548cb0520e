package org.farthing.client.token;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;

/** Which key is asked for tokens of a value: of those that are sold, the one that lasts longest, the same for every client. */
final class SoldKeys {

    private SoldKeys() {}

    static Map<Long, PublishedKey> of(IssuerDirectory directory, CurrencyId currency, Instant now) {
        Map<Long, PublishedKey> sold = new TreeMap<>();
        for (PublishedKey key : directory.keys()) {
            if (key.sellableAt(now) && key.currency().equals(currency)) {
                sold.merge(
                        key.value().baseUnits(),
                        key,
                        (one, other) -> other.spendUntil().isAfter(one.spendUntil()) ? other : one);
            }
        }
        return sold;
    }

    /** The keys for counts of values; empty if a value is not sold. */
    static Map<PublishedKey, Integer> wanted(Map<Long, PublishedKey> sold, Map<Long, Integer> counts) {
        Map<PublishedKey, Integer> wanted = new LinkedHashMap<>();
        for (Map.Entry<Long, Integer> count : new TreeMap<>(counts).entrySet()) {
            PublishedKey key = sold.get(count.getKey());
            if (key == null) {
                return Map.of();
            }
            wanted.put(key, count.getValue());
        }
        return Collections.unmodifiableMap(wanted);
    }
}
