package org.farthing.server.mint;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the keys a mint lacks: those of the epoch that is sold, and those of the next when its time to be published has come
 * (specification: token-mint.md, F-TK-93 to F-TK-95). What is there already is never made again, so an interrupted rotation is
 * completed by the next.
 */
final class Rotation {

    private static final Logger LOG = LoggerFactory.getLogger(Mint.class);

    /** The last byte of a key id has no more values; beyond half of them the search gets long and the deadlines are wrong. */
    private static final int MOST_KEYS = 128;

    private final MintKeyFiles files;
    private final KeyLife life;
    private final Denominations denominations;
    private final CurrencyId currency;
    private final Supplier<TokenSecretKey> maker;

    Rotation(
            MintKeyFiles files,
            KeyLife life,
            Denominations denominations,
            CurrencyId currency,
            Supplier<TokenSecretKey> maker) {
        this.files = files;
        this.life = life;
        this.denominations = denominations;
        this.currency = currency;
        this.maker = maker;
    }

    /**
     * Makes what is missing.
     *
     * @param have all keys of the folder
     * @param taken last bytes of key ids that must not come again, beside those of the folder
     * @param now the time
     * @return how many keys were made
     */
    int complete(List<MintKey> have, Set<Integer> taken, Instant now) throws IOException {
        Set<Integer> lastBytes = new HashSet<>(taken);
        have.forEach(key -> lastBytes.add(key.published().key().truncatedId()));
        int made = 0;
        for (Map.Entry<Instant, List<PublishedKey>> epoch : wanted(have, now).entrySet()) {
            made += complete(epoch.getKey(), epoch.getValue(), lastBytes);
        }
        return made;
    }

    /** For each begin of an epoch that is or will be sold, the keys that are there; one that stands for its times at least. */
    private Map<Instant, List<PublishedKey>> wanted(List<MintKey> have, Instant now) {
        Map<Instant, List<PublishedKey>> epochs = new TreeMap<>();
        Instant last = null;
        for (MintKey key : have) {
            PublishedKey published = key.published();
            if (published.currency().equals(currency) && now.isBefore(published.notAfter())) {
                epochs.computeIfAbsent(published.notBefore(), begin -> new ArrayList<>())
                        .add(published);
                last = last == null || published.notAfter().isAfter(last) ? published.notAfter() : last;
            }
        }
        if (last == null) {
            epochs.put(now.truncatedTo(ChronoUnit.SECONDS), new ArrayList<>());
        } else if (!now.isBefore(last.minus(life.ahead()))) {
            epochs.put(last, new ArrayList<>());
        }
        return epochs;
    }

    private int complete(Instant begin, List<PublishedKey> there, Set<Integer> lastBytes) throws IOException {
        int made = 0;
        for (long value : denominations.values()) {
            Amount worth = Amount.of(value);
            if (there.stream().noneMatch(key -> key.value().equals(worth))) {
                TokenSecretKey secret = make(lastBytes);
                PublishedKey published = there.isEmpty()
                        ? life.publish(secret.publicKey(), worth, currency, begin)
                        : like(there.get(0), secret.publicKey(), worth);
                made += add(new MintKey(secret, published), lastBytes) ? 1 : 0;
            }
        }
        return made;
    }

    /** All keys of an epoch have the same deadlines, whatever is configured now. */
    private static PublishedKey like(PublishedKey other, TokenKey key, Amount value) {
        return new PublishedKey(
                key,
                value,
                other.currency(),
                other.notBefore(),
                other.notAfter(),
                other.spendUntil(),
                other.redeemUntil(),
                other.swapUntil());
    }

    private boolean add(MintKey key, Set<Integer> lastBytes) throws IOException {
        boolean added = files.add(key);
        if (added) {
            lastBytes.add(key.published().key().truncatedId());
            LOG.info("Made token key {}, on sale from {}", key, key.published().notBefore());
        }
        return added;
    }

    /** A new key whose last byte no other key has: a blinded message names its key by nothing else. */
    private TokenSecretKey make(Set<Integer> lastBytes) {
        if (lastBytes.size() >= MOST_KEYS) {
            throw new IllegalStateException(
                    "There are " + lastBytes.size() + " live token keys, and a blinded message names"
                            + " its key by one byte. Use fewer denominations, or let keys end earlier.");
        }
        TokenSecretKey made = maker.get();
        while (lastBytes.contains(made.publicKey().truncatedId())) {
            made = maker.get();
        }
        return made;
    }
}
