package org.farthing.protocol.wallet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * What a payee asks its wallet service to do with holds: collect them or give them back. The body of {@code POST
 * /v1/captures} (spec/wallet-service.md F-WS-11).
 *
 * @param items 1 to 100, answered one by one in the same order
 */
public record CaptureBatch(List<Item> items) {

    /** The longest body, in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    /** The most items of one batch. */
    public static final int MAX_ITEMS = 100;

    static final StrictJson.Limits LIMITS = new StrictJson.Limits(MAX_BYTES, 4, 64, MAX_ITEMS);

    /** What to do with a hold. */
    public enum Op {
        /** Collect. */
        CAPTURE,
        /** Give back. */
        RELEASE;

        /**
         * The text of the wire.
         *
         * @return the name in lower case
         */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Op parse(String text, String where) throws MalformedException {
            for (Op op : values()) {
                if (op.text().equals(text)) {
                    return op;
                }
            }
            throw new MalformedException(Fault.VALUE, where, "capture or release is needed");
        }
    }

    /**
     * One hold and what to do with it.
     *
     * @param tokenId {@code jti} of the receipt token
     * @param op what to do
     * @param amount how much to collect, at most what was held; null for a release
     * @param rb the request the money was paid for, where the challenge was bound to one: an exchanged answer is noticed;
     *     or null
     */
    public record Item(
            String tokenId,
            Op op,
            @Nullable Amount amount,
            @Nullable String rb) {

        /**
         * Checks the members.
         *
         * @param tokenId as described at the record
         * @param op as described at the record
         * @param amount as described at the record
         * @param rb as described at the record
         * @throws IllegalArgumentException if a member breaks its rule, a capture has no amount or a release has one
         */
        public Item {
            Body.require(() -> check(tokenId, op, amount, rb, "item"));
        }

        private static void check(String tokenId, Op op, @Nullable Amount amount, @Nullable String rb, String where)
                throws MalformedException {
            Body.requireBytes(tokenId, Body.TOKEN_ID_BYTES, where + ".jti");
            if (rb != null) {
                Body.requireBytes(rb, Body.HASH_BYTES, where + ".rb");
            }
            if (op == Op.CAPTURE && amount == null) {
                throw new MalformedException(Fault.MISSING, where + ".amount", "a capture says how much");
            }
            if (op == Op.RELEASE && amount != null) {
                throw new MalformedException(Fault.VALUE, where + ".amount", "a release is always of the whole");
            }
        }

        /**
         * Collects.
         *
         * @param tokenId {@code jti} of the receipt token
         * @param amount how much
         * @param rb the request it was paid for, or null
         * @return the item
         */
        public static Item capture(String tokenId, Amount amount, @Nullable String rb) {
            return new Item(tokenId, Op.CAPTURE, amount, rb);
        }

        /**
         * Gives back.
         *
         * @param tokenId {@code jti} of the receipt token
         * @param rb the request it was paid for, or null
         * @return the item
         */
        public static Item release(String tokenId, @Nullable String rb) {
            return new Item(tokenId, Op.RELEASE, null, rb);
        }

        private static Item parse(Members members) throws MalformedException {
            String tokenId = members.text("jti");
            Op op = Op.parse(members.text("op"), Body.place(members, "op"));
            Amount amount = Body.optionalAmount(members, "amount");
            String rb = members.optionalText("rb");
            check(tokenId, op, amount, rb, members.where());
            return new Item(tokenId, op, amount, rb);
        }

        private Map<String, Object> toMap() {
            Map<String, Object> members = new TreeMap<>();
            members.put("jti", tokenId);
            members.put("op", op.text());
            if (amount != null) {
                members.put("amount", amount.format());
            }
            if (rb != null) {
                members.put("rb", rb);
            }
            return members;
        }
    }

    /**
     * Copies the list.
     *
     * @param items as described at the record
     * @throws IllegalArgumentException if it is empty or too long
     */
    public CaptureBatch {
        items = List.copyOf(items);
        if (items.isEmpty() || items.size() > MAX_ITEMS) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_ITEMS + " items");
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the batch
     * @throws MalformedException if a member of any item is missing or wrong, or there are no items or too many
     */
    public static CaptureBatch parse(byte[] body) throws MalformedException {
        List<Item> items = new ArrayList<>();
        for (Members item : Body.parse(body, LIMITS).objects("items")) {
            items.add(Item.parse(item));
        }
        if (items.isEmpty()) {
            throw new MalformedException(Fault.VALUE, "body.items", "at least one item is needed");
        }
        return new CaptureBatch(items);
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(
                Map.of("items", items.stream().map(Item::toMap).toList()));
    }
}
