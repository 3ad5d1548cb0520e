package org.farthing.protocol.wallet;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet service says of one payment (spec/wallet-service.md F-WS-5). Times are whole seconds.
 *
 * @param amount what was held: the authorised maximum
 * @param captured what the payee collected; zero unless the state is {@code captured}
 * @param challengeId the challenge that was paid
 * @param currency what is counted
 * @param expires until when the receipt token may be presented
 * @param holdExpires until when the payee can collect
 * @param issued when the token was signed
 * @param recipient the payee, an origin
 * @param refunded how much of what was captured went back; at most that
 * @param state what became of it
 * @param tokenId {@code jti} of the receipt token
 * @param wallet whose money it is, or null where payees read it: they do not learn the payer
 */
public record ServicePayment(
        Amount amount,
        Amount captured,
        String challengeId,
        CurrencyId currency,
        Instant expires,
        Instant holdExpires,
        Instant issued,
        String recipient,
        Amount refunded,
        State state,
        String tokenId,
        @Nullable String wallet) {

    private static final String WHERE = "payment";

    /** What became of a payment. */
    public enum State {
        /** The money is set aside for the payee. */
        HELD,
        /** The payee collected, perhaps less than was held, perhaps nothing of it. */
        CAPTURED,
        /** The payee, or the payer with the payee's statement, gave it back. */
        RELEASED,
        /** Nobody collected in time; the money is back. */
        EXPIRED;

        /**
         * The text of the wire.
         *
         * @return the name in lower case
         */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State parse(String text, String where) throws MalformedException {
            for (State state : values()) {
                if (state.text().equals(text)) {
                    return state;
                }
            }
            throw new MalformedException(Fault.VALUE, where, "held, captured, released or expired is needed");
        }
    }

    /**
     * Checks every member, and that sums and times fit.
     *
     * @param amount as described at the record
     * @param captured as described at the record
     * @param challengeId as described at the record
     * @param currency as described at the record
     * @param expires as described at the record
     * @param holdExpires as described at the record
     * @param issued as described at the record
     * @param recipient as described at the record
     * @param refunded as described at the record
     * @param state as described at the record
     * @param tokenId as described at the record
     * @param wallet as described at the record
     * @throws IllegalArgumentException if one of them breaks its rule
     */
    public ServicePayment {
        Body.require(() -> {
            Body.requireChallengeId(challengeId, WHERE + ".challengeId");
            Body.requireOrigin(recipient, WHERE + ".recipient");
            Body.requireBytes(tokenId, Body.TOKEN_ID_BYTES, WHERE + ".tokenId");
            if (wallet != null) {
                WalletId.require(wallet, WHERE + ".wallet");
            }
            requireOrder(issued, expires, holdExpires);
            requireSums(amount, captured, refunded, state);
        });
    }

    private static void requireOrder(Instant issued, Instant expires, Instant holdExpires) throws MalformedException {
        Body.requireTime(issued, WHERE + ".issued");
        Body.requireTime(expires, WHERE + ".expires");
        Body.requireTime(holdExpires, WHERE + ".holdExpires");
        if (expires.isBefore(issued) || holdExpires.isBefore(expires)) {
            throw new MalformedException(Fault.VALUE, WHERE, "issued, expires and holdExpires stand in this order");
        }
    }

    private static void requireSums(Amount amount, Amount captured, Amount refunded, State state)
            throws MalformedException {
        if (captured.compareTo(amount) > 0 || (state != State.CAPTURED && !captured.equals(Amount.ZERO))) {
            throw new MalformedException(
                    Fault.VALUE, WHERE + ".captured", "at most the amount, and zero unless the state is captured");
        }
        if (refunded.compareTo(captured) > 0) {
            throw new MalformedException(Fault.VALUE, WHERE + ".refunded", "at most what was captured");
        }
    }

    /**
     * Reads a payment out of another object.
     *
     * @param members the members; unknown ones are ignored
     * @return the payment
     * @throws MalformedException if a member is missing or breaks its rule
     */
    public static ServicePayment parse(Map<String, ? extends @Nullable Object> members) throws MalformedException {
        return parse(new Members(members, WHERE));
    }

    /**
     * Reads the body of an answer that is a payment.
     *
     * @param body the body as received
     * @return the payment
     * @throws MalformedException as {@link #parse(Map)}, or if it is no strict JSON
     */
    public static ServicePayment parse(byte[] body) throws MalformedException {
        return parse(Body.parse(body, Body.SMALL));
    }

    static ServicePayment parse(Members members) throws MalformedException {
        return Body.build(
                members.where(),
                () -> new ServicePayment(
                        Body.amount(members, "amount"),
                        Body.amount(members, "captured"),
                        members.text("challengeId"),
                        Body.currency(members),
                        Body.time(members, "expires"),
                        Body.time(members, "holdExpires"),
                        Body.time(members, "issued"),
                        members.text("recipient"),
                        Body.amount(members, "refunded"),
                        State.parse(members.text("state"), Body.place(members, "state")),
                        members.text("tokenId"),
                        members.optionalText("wallet")));
    }

    /**
     * The members.
     *
     * @return texts by name, which {@link #parse(Map)} reads back
     */
    public Map<String, Object> toMap() {
        Map<String, Object> members = new TreeMap<>();
        members.put("amount", amount.format());
        members.put("captured", captured.format());
        members.put("challengeId", challengeId);
        members.put("currency", currency.text());
        members.put("expires", Rfc3339.format(expires));
        members.put("holdExpires", Rfc3339.format(holdExpires));
        members.put("issued", Rfc3339.format(issued));
        members.put("recipient", recipient);
        members.put("refunded", refunded.format());
        members.put("state", state.text());
        members.put("tokenId", tokenId);
        if (wallet != null) {
            members.put("wallet", wallet);
        }
        return members;
    }

    /**
     * The same without the payer, for a payee.
     *
     * @return a copy without {@link #wallet()}
     */
    public ServicePayment withoutWallet() {
        return new ServicePayment(
                amount,
                captured,
                challengeId,
                currency,
                expires,
                holdExpires,
                issued,
                recipient,
                refunded,
                state,
                tokenId,
                null);
    }

    /**
     * Writes the body of an answer that is a payment.
     *
     * @return canonical JSON of {@link #toMap()}
     */
    public String format() {
        return CanonicalJson.write(toMap());
    }
}
