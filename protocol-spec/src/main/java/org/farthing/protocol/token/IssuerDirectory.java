package org.farthing.protocol.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.internal.StrictJson;

/**
 * What an issuer of tokens publishes about itself: the directory of RFC 9578 section 4 with values, deadlines, bundles and
 * routes (F-TK-18 to F-TK-22). Payer and payee compare {@link #hash}, so that nobody gets a key that others do not see
 * (T58): equal means equal bytes.
 */
public final class IssuerDirectory {

    /** Where an issuer publishes its directory. */
    public static final String WELL_KNOWN_PATH = "/.well-known/private-token-issuer-directory";

    /** The media type of RFC 9578. */
    public static final String MEDIA_TYPE = "application/private-token-issuer-directory";

    /** The longest directory, in bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    /** Keys that can be told apart by the last byte of their ids. */
    private static final int MAX_KEYS = 256;

    /** As many as one array of a directory may have elements. */
    private static final int MAX_BUNDLES = MAX_KEYS;

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MAX_BYTES, 8, 64, MAX_KEYS);
    private static final String WHERE = "issuerDirectory";
    private static final long TYPE = TokenBytes.TYPE;

    private final Origin issuer;
    private final IssuerLinks links;
    private final List<PublishedKey> keys;
    private final Map<String, PublishedKey> byId;
    private final List<Bundle> bundles;
    private final byte[] bytes;
    private final String hash;

    private IssuerDirectory(
            Origin issuer, IssuerLinks links, List<PublishedKey> keys, List<Bundle> bundles, byte[] received) {
        this.issuer = issuer;
        this.links = links;
        this.keys = List.copyOf(keys);
        this.byId = keys.stream()
                .collect(Collectors.toUnmodifiableMap(key -> key.key().keyId(), key -> key));
        this.bundles = List.copyOf(bundles);
        this.bytes = received.length > 0 ? received : write().getBytes(StandardCharsets.UTF_8);
        this.hash = Base64Url.encode(Sha256.of(bytes));
    }

    /**
     * Makes a directory.
     *
     * @param issuer whose it is
     * @param links where its routes are
     * @param keys its keys, in the order in which they are listed, which means nothing (F-TK-18)
     * @param bundles what it sells
     * @return the directory
     * @throws IllegalArgumentException if there are no keys or more than 256, two end with the same byte, they have more
     *     than one currency, a link leads to another origin, there are more than 256 bundles, or all of it is longer than
     *     {@link #parse} reads
     */
    public static IssuerDirectory of(Origin issuer, IssuerLinks links, List<PublishedKey> keys, List<Bundle> bundles) {
        try {
            check(issuer, links, keys);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        IssuerDirectory directory = new IssuerDirectory(issuer, links, keys, bundles, new byte[0]);
        if (bundles.size() > MAX_BUNDLES || directory.bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a directory has at most " + MAX_BUNDLES + " bundles and " + MAX_BYTES
                    + " bytes: longer ones are refused by every reader");
        }
        return directory;
    }

    /**
     * Reads a directory as fetched. Keys of other token types and keys without a value are left out, unknown members
     * ignored.
     *
     * @param utf8 the body of the answer, at most 256 KiB
     * @return the directory
     * @throws MalformedException if a member is missing or wrong, deadlines are out of order, two keys end with the same
     *     byte, or a link leads to another origin; one bad key spoils the whole directory
     */
    public static IssuerDirectory parse(byte[] utf8) throws MalformedException {
        byte[] received = utf8.clone();
        Members members = new Members(StrictJson.parseObject(received, WHERE, LIMITS), WHERE);
        Origin issuer = TokenForms.origin(members, "issuer");
        IssuerLinks links = IssuerLinks.parse(members);
        List<PublishedKey> keys = new ArrayList<>();
        for (Members key : members.objects("token-keys")) {
            if (Long.valueOf(TYPE).equals(key.map().get("token-type"))
                    && key.map().containsKey("value")) {
                keys.add(PublishedKey.parse(key));
            }
        }
        check(issuer, links, keys);
        List<Bundle> bundles = new ArrayList<>();
        for (Members bundle : members.objects("bundles")) {
            bundles.add(Bundle.parse(bundle));
        }
        return new IssuerDirectory(issuer, links, keys, bundles, received);
    }

    private static void check(Origin issuer, IssuerLinks links, List<PublishedKey> keys) throws MalformedException {
        links.requireAt(issuer);
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new MalformedException(Fault.VALUE, WHERE + ".token-keys", "1 to 256 keys with a value are needed");
        }
        Set<Integer> ends = new HashSet<>();
        for (PublishedKey key : keys) {
            if (!ends.add(key.key().truncatedId())) {
                throw new MalformedException(
                        Fault.DUPLICATE, WHERE + ".token-keys", "two key ids end with the same byte");
            }
            if (!key.currency().equals(keys.get(0).currency())) {
                throw new MalformedException(Fault.VALUE, WHERE + ".token-keys", "one currency is needed");
            }
        }
    }

    private String write() {
        Map<String, Object> members = new TreeMap<>(links.toMap());
        members.put("issuer", issuer.text());
        members.put("token-keys", keys.stream().map(PublishedKey::toMap).toList());
        members.put("bundles", bundles.stream().map(Bundle::toMap).toList());
        return CanonicalJson.write(members);
    }

    /**
     * Returns whose it says it is: worth what the transport is worth that it came over.
     *
     * @return the issuer's origin
     */
    public Origin issuer() {
        return issuer;
    }

    /**
     * Returns where the issuer's routes are.
     *
     * @return URLs of the issuer's origin
     */
    public IssuerLinks links() {
        return links;
    }

    /**
     * Returns the keys with a value.
     *
     * @return 1 to 256 keys, all of one currency, with distinct truncated ids
     */
    public List<PublishedKey> keys() {
        return keys;
    }

    /**
     * Returns what the values count.
     *
     * @return the currency of every key
     */
    public CurrencyId currency() {
        return keys.get(0).currency();
    }

    /**
     * Returns what is sold.
     *
     * @return the bundles
     */
    public List<Bundle> bundles() {
        return bundles;
    }

    /**
     * Finds the key of a token.
     *
     * @param keyId base64url of 32 bytes
     * @return the key, if it is listed
     */
    public Optional<PublishedKey> key(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }

    /**
     * Finds the key that a request means, if it still signs.
     *
     * @param truncatedId the last byte of its id, 0 to 255
     * @param now the time
     * @return the key, if it is listed and {@link PublishedKey#sellableAt} now
     */
    public Optional<PublishedKey> keyByTruncated(int truncatedId, Instant now) {
        return keyByTruncated(truncatedId).filter(key -> key.sellableAt(now));
    }

    /**
     * Finds the key that an earlier request meant.
     *
     * @param truncatedId the last byte of its id, 0 to 255
     * @return the key, if it is listed
     */
    public Optional<PublishedKey> keyByTruncated(int truncatedId) {
        return keys.stream()
                .filter(key -> key.key().truncatedId() == truncatedId)
                .findFirst();
    }

    /**
     * Finds the key that sells tokens of a value: the one that is accepted longest.
     *
     * @param value base units
     * @param now the time
     * @return the key, if one is {@link PublishedKey#sellableAt} now
     */
    public Optional<PublishedKey> keyOfValue(long value, Instant now) {
        return keys.stream()
                .filter(key -> key.value().baseUnits() == value && key.sellableAt(now))
                .max(java.util.Comparator.comparing(PublishedKey::spendUntil));
    }

    /**
     * Returns the directory as it was received, or for one's own as it is published: canonical JSON.
     *
     * @return UTF-8
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the text of {@link #bytes}.
     *
     * @return JSON
     */
    public String format() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Returns what payers compare with {@code methodDetails.keys}.
     *
     * @return base64url of SHA-256 of {@link #bytes}, 43 characters
     */
    public String hash() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IssuerDirectory that && hash.equals(that.hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    /** Shows whose it is and its hash. */
    @Override
    public String toString() {
        return "IssuerDirectory[issuer=" + issuer + ", keys=" + keys.size() + ", hash=" + hash + "]";
    }
}
