package org.farthing.server.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What was agreed for one charge. None of it ever changes; the ledger keeps a SHA-256 over these columns and its check
 * verifies it (F-ST-53).
 *
 * @param challengeId the id of the verified challenge: the first of the two single-use keys
 * @param credentialHash base64url SHA-256 of the credential's token68. Equal hash means "the same bytes again"
 * @param paymentId the payment's own identity, the second single-use key; an order against the embedded ledger has none
 *     of its own and repeats the challenge id
 * @param wallet who pays
 * @param payee who earns: an https origin
 * @param route the route's id, for the statement and for people
 * @param method the payment method, for example {@code wallet}
 * @param currency the currency id. The ledger compares it and never converts
 * @param amount the authorised amount in base units, the most that can be captured; zero is a claim without money
 * @param expires when the challenge expires, to the millisecond; claiming later is refused, and all retention counts from here
 * @param repeatable whether the handler may run again for the same payment (a safe method, or declared so)
 */
public record ChargeTerms(
        String challengeId,
        String credentialHash,
        String paymentId,
        String wallet,
        String payee,
        String route,
        String method,
        String currency,
        long amount,
        Instant expires,
        boolean repeatable) {

    /**
     * Checks lengths and the amount, and cuts {@code expires} to the millisecond.
     *
     * @param challengeId as the record says
     * @param credentialHash as the record says
     * @param paymentId as the record says
     * @param wallet as the record says
     * @param payee as the record says
     * @param route as the record says
     * @param method as the record says
     * @param currency as the record says
     * @param amount as the record says
     * @param expires as the record says
     * @param repeatable as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has control characters, or the amount is not 0 to
     *     999,999,999,999,999,999
     */
    public ChargeTerms {
        Arguments.id("challengeId", challengeId, 128);
        Arguments.text("credentialHash", credentialHash, 64);
        Arguments.text("paymentId", paymentId, 128);
        Arguments.text("wallet", wallet, 64);
        Arguments.text("payee", payee, 300);
        Arguments.text("route", route, 200);
        Arguments.text("method", method, 32);
        Arguments.text("currency", currency, 64);
        Arguments.amount("amount", amount);
        expires = expires.truncatedTo(ChronoUnit.MILLIS);
    }
}
