package org.farthing.server.mint;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import org.jspecify.annotations.Nullable;

/**
 * The listed keys of a mint, found by id and by last byte, and the directory that lists them. Immutable.
 *
 * <p>The directory has the newest epoch first: clients that know no end of a sale take the first key whose {@code not-before}
 * has passed (RFC 9578 section 4), and its bytes change only when its keys do (F-TK-77).
 */
final class MintRing {

    private static final Comparator<MintKey> ORDER = Comparator.comparing(
                    (MintKey key) -> key.published().notBefore())
            .reversed()
            .thenComparing(key -> key.published().value());

    private final List<MintKey> keys;
    private final Map<String, MintKey> byId = new HashMap<>();
    private final Map<Integer, MintKey> byLastByte = new HashMap<>();
    private final @Nullable IssuerDirectory directory;

    /**
     * Takes keys whose last bytes differ.
     *
     * @throws IllegalArgumentException if two have the same
     */
    MintRing(List<MintKey> listed, Function<List<PublishedKey>, IssuerDirectory> publisher) {
        keys = listed.stream().sorted(ORDER).toList();
        for (MintKey key : keys) {
            byId.put(key.keyId(), key);
            if (byLastByte.put(key.published().key().truncatedId(), key) != null) {
                throw new IllegalArgumentException("two listed token keys have ids with the same last byte");
            }
        }
        directory = keys.isEmpty()
                ? null
                : publisher.apply(keys.stream().map(MintKey::published).toList());
    }

    List<MintKey> keys() {
        return keys;
    }

    /** Empty when nothing is listed: there is no directory without a key. */
    Optional<IssuerDirectory> directory() {
        return Optional.ofNullable(directory);
    }

    Optional<MintKey> signerOf(BlindToken token) {
        return Optional.ofNullable(byId.get(Base64Url.encode(token.keyId())));
    }

    Optional<MintKey> named(int lastByte) {
        return Optional.ofNullable(byLastByte.get(lastByte));
    }

    /** Tells whether it would list exactly these. */
    boolean lists(List<MintKey> others) {
        return others.size() == keys.size() && others.stream().allMatch(key -> byId.containsKey(key.keyId()));
    }
}
