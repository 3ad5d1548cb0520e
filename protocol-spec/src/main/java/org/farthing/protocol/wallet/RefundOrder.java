package org.farthing.protocol.wallet;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * A payee gives back some or all of what it collected: the body of {@code POST /v1/refunds} (spec/wallet-service.md
 * F-WS-14).
 *
 * @param tokenId {@code jti} of the receipt token
 * @param amount how much, more than zero
 * @param idempotencyKey 1 to 128 visible ASCII characters: the same key with the same content again moves nothing
 * @param reason for people, 1 to 200 characters, or null
 */
public record RefundOrder(
        String tokenId,
        Amount amount,
        String idempotencyKey,
        @Nullable String reason) {

    private static final String WHERE = "body";
    private static final int MAX_KEY = 128;
    private static final int MAX_REASON = 200;

    /**
     * Checks the members.
     *
     * @param tokenId as described at the record
     * @param amount as described at the record
     * @param idempotencyKey as described at the record
     * @param reason as described at the record
     * @throws IllegalArgumentException if one of them breaks its rule
     */
    public RefundOrder {
        Body.require(() -> {
            Body.requireBytes(tokenId, Body.TOKEN_ID_BYTES, WHERE + ".jti");
            if (amount.equals(Amount.ZERO)) {
                throw new MalformedException(Fault.VALUE, WHERE + ".amount", "more than zero is needed");
            }
            int length = idempotencyKey.length();
            if (length == 0 || length > MAX_KEY || !idempotencyKey.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new MalformedException(
                        Fault.VALUE,
                        WHERE + ".idempotencyKey",
                        "1 to " + MAX_KEY + " visible ASCII characters are needed");
            }
            if (reason != null && (reason.isEmpty() || reason.length() > MAX_REASON)) {
                throw new MalformedException(
                        Fault.VALUE, WHERE + ".reason", "1 to " + MAX_REASON + " characters are needed");
            }
        });
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the order
     * @throws MalformedException if a member is missing or wrong
     */
    public static RefundOrder parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, Body.SMALL);
        return Body.build(
                WHERE,
                () -> new RefundOrder(
                        members.text("jti"),
                        Body.amount(members, "amount"),
                        members.text("idempotencyKey"),
                        members.optionalText("reason")));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("jti", tokenId);
        members.put("amount", amount.format());
        members.put("idempotencyKey", idempotencyKey);
        if (reason != null) {
            members.put("reason", reason);
        }
        return CanonicalJson.write(members);
    }
}
