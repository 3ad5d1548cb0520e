package org.farthing.server.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a wallet service's ledger to set money aside for a payee and to keep the token that says so. Only for an order whose
 * signature and challenge verified.
 *
 * @param wallet who pays
 * @param keyThumbprint which key of the wallet signed; kept as evidence
 * @param walletVersion the {@link Wallet#version()} the signature was verified against
 * @param recipient who may collect: the payee's origin
 * @param challengeId the payee's challenge id, at most 100 characters
 * @param orderHash base64url SHA-256 of what was verified (challenge and order); an equal hash means "the same order again"
 * @param tokenId the token's {@code jti}
 * @param token the signed token's text
 * @param currency the currency id
 * @param amount the amount in base units; zero sets nothing aside and is still a payment
 * @param expires until when the token can be presented; setting aside later is refused
 * @param holdExpires until when the payee may collect; not before {@code expires}
 * @param rb the challenge's request binding, or null
 */
public record PaymentHold(
        String wallet,
        String keyThumbprint,
        long walletVersion,
        String recipient,
        String challengeId,
        String orderHash,
        String tokenId,
        String token,
        String currency,
        long amount,
        Instant expires,
        Instant holdExpires,
        @Nullable String rb) {

    /**
     * Checks lengths, the amount and the order of the times, and cuts these to the millisecond.
     *
     * @param wallet as the record says
     * @param keyThumbprint as the record says
     * @param walletVersion as the record says
     * @param recipient as the record says
     * @param challengeId as the record says
     * @param orderHash as the record says
     * @param tokenId as the record says
     * @param token as the record says
     * @param currency as the record says
     * @param amount as the record says
     * @param expires as the record says
     * @param holdExpires as the record says
     * @param rb as the record says
     * @throws IllegalArgumentException if a text is empty, too long or has other characters than it may, the amount is out
     *     of range, the currency is no currency id, or the hold ends before the token
     */
    public PaymentHold {
        Arguments.id("wallet", wallet, 64);
        Arguments.text("keyThumbprint", keyThumbprint, 64);
        Arguments.text("recipient", recipient, 300);
        Arguments.id("challengeId", challengeId, 100);
        Arguments.text("orderHash", orderHash, 64);
        Arguments.id("tokenId", tokenId, 128);
        Arguments.text("token", token, 8000);
        Arguments.text("currency", currency, 64);
        Arguments.amount("amount", amount);
        if (rb != null) {
            Arguments.text("rb", rb, 64);
        }
        expires = expires.truncatedTo(ChronoUnit.MILLIS);
        holdExpires = holdExpires.truncatedTo(ChronoUnit.MILLIS);
        if (holdExpires.isBefore(expires)) {
            throw new IllegalArgumentException("holdExpires must not be before expires");
        }
    }

    /** Leaves the token out: whoever reads it can pay with it. */
    @Override
    public String toString() {
        return "PaymentHold[wallet=" + wallet + ", recipient=" + recipient + ", challengeId=" + challengeId
                + ", tokenId=" + tokenId + ", " + amount + " " + currency + "]";
    }
}
