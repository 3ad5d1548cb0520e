package org.farthing.server.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The id under which a vouched payment is a charge of these books: two payees may use one challenge id, so the recipient is
 * part of it. The challenge id stands in it readably, because a statement shows it long after everything else about the payment
 * was purged.
 */
final class PaymentIds {

    static final String PREFIX = "pay.";

    /** 16 bytes in base64url. */
    private static final int HASH = 22;

    private PaymentIds() {}

    static String of(String recipient, String challengeId) {
        byte[] digest = RowHash.sha256().digest(recipient.getBytes(StandardCharsets.UTF_8));
        String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16));
        return PREFIX + hash + "." + challengeId;
    }

    /** What people are shown: the payee's own challenge id. Ids of other charges are base64url and have no dot. */
    static @Nullable String shown(@Nullable String chargeId) {
        if (chargeId == null || !chargeId.startsWith(PREFIX)) {
            return chargeId;
        }
        int end = PREFIX.length() + HASH;
        boolean payment = chargeId.length() > end + 1 && chargeId.charAt(end) == '.';
        return payment ? chargeId.substring(end + 1) : chargeId;
    }
}
