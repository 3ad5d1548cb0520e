package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * A page of what an issuer credited to a payee: the answer of {@code GET /token-redemptions}, with which both sides reconcile
 * token by token (F-TK-151). Keys come in the order of the bytes of their ids, tokens of a key in the order of the bytes of
 * their serials, so that both sides can be read beside each other.
 *
 * @param redeemed what was credited, by key
 * @param next the cursor of the page that follows, or null on the last one
 */
public record RedeemedPage(List<OfKey> redeemed, @Nullable String next) {

    /** The most serials of one page. */
    public static final int MAX_SERIALS = 1000;

    /** The longest body, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final String WHERE = "body";
    private static final int SERIAL_BYTES = 16;

    /** Characters of a page whose serials are all of one key. */
    private static final int MAX_SERIALS_TEXT = (MAX_SERIALS * SERIAL_BYTES * 4 + 2) / 3;

    /**
     * What was credited of one key.
     *
     * @param keyId base64url of 32 bytes
     * @param value what each token is worth
     * @param currency what that is counted in
     * @param serials the tokens, each once, rising; at least one
     */
    public record OfKey(String keyId, Amount value, CurrencyId currency, List<TokenSerial> serials) {

        /**
         * Checks the order.
         *
         * @param keyId as described at the record
         * @param value as described at the record
         * @param currency as described at the record
         * @param serials as described at the record
         * @throws IllegalArgumentException if there is no serial, or one does not come after the one before
         */
        public OfKey {
            serials = List.copyOf(serials);
            boolean rising = !serials.isEmpty();
            for (int i = 1; i < serials.size(); i++) {
                rising &= Arrays.compareUnsigned(
                                serials.get(i - 1).bytes16(), serials.get(i).bytes16())
                        < 0;
            }
            if (!rising) {
                throw new IllegalArgumentException("serials come each once, in the order of their bytes");
            }
        }
    }

    /**
     * Copies the list and checks its order.
     *
     * @param redeemed as described at the record
     * @param next as described at the record
     * @throws IllegalArgumentException if there are more than {@link #MAX_SERIALS}, or a key does not come after the one before
     */
    public RedeemedPage {
        redeemed = List.copyOf(redeemed);
        int serials = 0;
        for (int i = 0; i < redeemed.size(); i++) {
            serials += redeemed.get(i).serials().size();
            if (i > 0
                    && Arrays.compareUnsigned(
                                    bytes(redeemed.get(i - 1).keyId()),
                                    bytes(redeemed.get(i).keyId()))
                            >= 0) {
                throw new IllegalArgumentException("keys come each once, in the order of the bytes of their ids");
            }
        }
        if (serials > MAX_SERIALS) {
            throw new IllegalArgumentException("a page has at most " + MAX_SERIALS + " serials");
        }
    }

    private static byte[] bytes(String keyId) {
        try {
            return Base64Url.decode(keyId, WHERE);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a key id is base64url", e);
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the page
     * @throws MalformedException if it is no such page
     */
    public static RedeemedPage parse(byte[] body) throws MalformedException {
        Members members = TokenForms.body(body);
        List<OfKey> redeemed = new ArrayList<>();
        for (Members key : members.objects("redeemed")) {
            redeemed.add(ofKey(key));
        }
        String next = members.optionalText("next");
        return TokenForms.build(WHERE, () -> new RedeemedPage(redeemed, next));
    }

    private static OfKey ofKey(Members key) throws MalformedException {
        String keyId = TokenForms.hash(key.text("key"), key.where() + ".key");
        Amount value = Amount.parse(key.text("value"), key.where() + ".value");
        CurrencyId currency = CurrencyId.parse(key.text("currency"), key.where() + ".currency");
        List<TokenSerial> serials = serials(key.text("serials"), key.where() + ".serials");
        return TokenForms.build(key.where(), () -> new OfKey(keyId, value, currency, serials));
    }

    private static List<TokenSerial> serials(String text, String where) throws MalformedException {
        byte[] all = Base64Url.decode(text, where, MAX_SERIALS_TEXT);
        if (all.length == 0 || all.length % SERIAL_BYTES != 0) {
            throw new MalformedException(Fault.VALUE, where, SERIAL_BYTES + " bytes for each serial are needed");
        }
        List<TokenSerial> serials = new ArrayList<>();
        for (int at = 0; at < all.length; at += SERIAL_BYTES) {
            serials.add(TokenSerial.of(Arrays.copyOfRange(all, at, at + SERIAL_BYTES)));
        }
        return serials;
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("redeemed", redeemed.stream().map(RedeemedPage::toMap).toList());
        if (next != null) {
            members.put("next", next);
        }
        return CanonicalJson.write(members);
    }

    private static Map<String, Object> toMap(OfKey key) {
        byte[] serials = new byte[key.serials().size() * SERIAL_BYTES];
        for (int i = 0; i < key.serials().size(); i++) {
            System.arraycopy(key.serials().get(i).bytes16(), 0, serials, i * SERIAL_BYTES, SERIAL_BYTES);
        }
        return Map.of(
                "key", key.keyId(),
                "value", key.value().format(),
                "currency", key.currency().text(),
                "serials", Base64Url.encode(serials));
    }
}
