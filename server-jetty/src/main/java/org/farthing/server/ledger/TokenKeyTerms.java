package org.farthing.server.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What one key of an issuer stands for: one value, for one epoch. None of it ever changes.
 *
 * @param keyId SHA-256 of the public key, base64url without padding: 43 characters
 * @param issuer the issuer's origin
 * @param mine whether this ledger has the issuer's books: what is issued is known here
 * @param value what a token of the key is worth, in base units
 * @param currency the currency id
 * @param notBefore from when on the key is used
 * @param notAfter until when tokens are sold
 * @param spendUntil until when payees accept tokens
 * @param redeemUntil until when payees present them to the issuer
 * @param swapUntil until when the issuer exchanges tokens. Then the whole epoch is forgotten
 */
public record TokenKeyTerms(
        String keyId,
        String issuer,
        boolean mine,
        long value,
        String currency,
        Instant notBefore,
        Instant notAfter,
        Instant spendUntil,
        Instant redeemUntil,
        Instant swapUntil) {

    /**
     * Checks texts and value, cuts times to the millisecond, and refuses deadlines that are out of order: a token could
     * otherwise be exchanged while a payee may still present it (T69).
     *
     * @param keyId as the record says
     * @param issuer as the record says
     * @param mine as the record says
     * @param value as the record says
     * @param currency as the record says
     * @param notBefore as the record says
     * @param notAfter as the record says
     * @param spendUntil as the record says
     * @param redeemUntil as the record says
     * @param swapUntil as the record says
     * @throws IllegalArgumentException if a text or the value is out of range, or the times are out of order
     */
    public TokenKeyTerms {
        TokenBytes.require("keyId", keyId, 32);
        Arguments.text("issuer", issuer, 300);
        Arguments.positiveAmount("value", value);
        Arguments.text("currency", currency, 64);
        notBefore = notBefore.truncatedTo(ChronoUnit.MILLIS);
        notAfter = later("notAfter", notBefore, notAfter);
        spendUntil = later("spendUntil", notAfter, spendUntil);
        redeemUntil = later("redeemUntil", spendUntil, redeemUntil);
        swapUntil = later("swapUntil", redeemUntil, swapUntil);
    }

    private static Instant later(String name, Instant earlier, Instant time) {
        Instant cut = time.truncatedTo(ChronoUnit.MILLIS);
        if (!cut.isAfter(earlier)) {
            throw new IllegalArgumentException(
                    name + " is out of order: notBefore, notAfter, spendUntil, redeemUntil, swapUntil must rise");
        }
        return cut;
    }

    /**
     * Returns the last byte of the key id, by which token requests name the key.
     *
     * @return 0 to 255
     */
    public int truncatedId() {
        return TokenBytes.decode(keyId)[31] & 0xff;
    }
}
