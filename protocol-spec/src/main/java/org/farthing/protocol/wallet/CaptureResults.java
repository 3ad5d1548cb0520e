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
import org.jspecify.annotations.Nullable;

/**
 * What a wallet service did with the items of a {@link CaptureBatch}, one by one in the same order: the answer of {@code
 * POST /v1/captures} (spec/wallet-service.md F-WS-12).
 *
 * @param results 1 to 100
 */
public record CaptureResults(List<Result> results) {

    /** What became of an item. */
    public enum Outcome {
        /** Collected now. */
        CAPTURED,
        /** The same amount was collected before: nothing moved. */
        ALREADY_CAPTURED,
        /** Given back, now or before. */
        RELEASED,
        /** Something else happened first, which stands: the other operation, or another amount. */
        CONFLICT,
        /** Too late: nobody collected before the hold ended, and the money went back. */
        EXPIRED,
        /** No hold of this payee has this token. */
        UNKNOWN;

        /**
         * The text of the wire.
         *
         * @return the name in lower case, with hyphens
         */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * Tells whether the payee has the money of this item.
         *
         * @return true for a capture now or before
         */
        public boolean isCaptured() {
            return this == CAPTURED || this == ALREADY_CAPTURED;
        }

        static Outcome parse(String text, String where) throws MalformedException {
            for (Outcome outcome : values()) {
                if (outcome.text().equals(text)) {
                    return outcome;
                }
            }
            throw new MalformedException(Fault.VALUE, where, "a result that is not known");
        }
    }

    /**
     * One item's end.
     *
     * @param tokenId {@code jti} of the receipt token
     * @param outcome what became of it
     * @param amount what is collected of this hold: always there if something was collected for this item, perhaps with a
     *     conflict; else null
     */
    public record Result(
            String tokenId, Outcome outcome, @Nullable Amount amount) {

        /**
         * Checks the members.
         *
         * @param tokenId as described at the record
         * @param outcome as described at the record
         * @param amount as described at the record
         * @throws IllegalArgumentException if the token's id is none, or the amount is missing or too much
         */
        public Result {
            Body.require(() -> check(tokenId, outcome, amount, "result"));
        }

        private static void check(String tokenId, Outcome outcome, @Nullable Amount amount, String where)
                throws MalformedException {
            Body.requireBytes(tokenId, Body.TOKEN_ID_BYTES, where + ".jti");
            if (outcome.isCaptured() && amount == null) {
                throw new MalformedException(Fault.MISSING, where + ".amount", "a capture says how much");
            }
            if (!outcome.isCaptured() && outcome != Outcome.CONFLICT && amount != null) {
                throw new MalformedException(Fault.VALUE, where + ".amount", "nothing was collected");
            }
        }

        private static Result parse(Members members) throws MalformedException {
            String tokenId = members.text("jti");
            Outcome outcome = Outcome.parse(members.text("result"), Body.place(members, "result"));
            Amount amount = Body.optionalAmount(members, "amount");
            check(tokenId, outcome, amount, members.where());
            return new Result(tokenId, outcome, amount);
        }

        private Map<String, Object> toMap() {
            Map<String, Object> members = new TreeMap<>();
            members.put("jti", tokenId);
            members.put("result", outcome.text());
            if (amount != null) {
                members.put("amount", amount.format());
            }
            return members;
        }
    }

    /**
     * Copies the list.
     *
     * @param results as described at the record
     * @throws IllegalArgumentException if it is empty or too long
     */
    public CaptureResults {
        results = List.copyOf(results);
        if (results.isEmpty() || results.size() > CaptureBatch.MAX_ITEMS) {
            throw new IllegalArgumentException("a batch has 1 to " + CaptureBatch.MAX_ITEMS + " results");
        }
    }

    /**
     * Reads the answer to a batch.
     *
     * @param body the body as received
     * @param asked the batch that was sent
     * @return the results
     * @throws MalformedException if a member is missing or wrong, or the results are not those of these items
     */
    public static CaptureResults parse(byte[] body, CaptureBatch asked) throws MalformedException {
        CaptureResults read = parse(body);
        boolean same = read.results.size() == asked.items().size();
        for (int i = 0; same && i < read.results.size(); i++) {
            same = read.results.get(i).tokenId().equals(asked.items().get(i).tokenId());
        }
        if (!same) {
            throw new MalformedException(Fault.VALUE, "body.results", "the results are not those of the items sent");
        }
        return read;
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the results
     * @throws MalformedException if a member is missing or wrong, or there are no results or too many
     */
    public static CaptureResults parse(byte[] body) throws MalformedException {
        List<Result> results = new ArrayList<>();
        for (Members result : Body.parse(body, CaptureBatch.LIMITS).objects("results")) {
            results.add(Result.parse(result));
        }
        if (results.isEmpty()) {
            throw new MalformedException(Fault.VALUE, "body.results", "at least one result is needed");
        }
        return new CaptureResults(results);
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(
                Map.of("results", results.stream().map(Result::toMap).toList()));
    }
}
