package org.farthing.server.jetty;

import java.time.Duration;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.server.method.ExposureLimits;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.RemoteIssuer;

/**
 * The tokens of an issuer that keeps its books elsewhere, and how far it is trusted (specification: token-remote.md).
 *
 * @param issuer its origin
 * @param maxTokens how many tokens one payment has at most
 * @param keepsOverpay whether a payment may be worth more than the price, and the payee keeps the rest
 * @param exposure how much may be taken of its tokens without its word that it redeems them
 * @param directoryAge how old its directory may be; older, its tokens are neither accepted nor refused
 * @param uploadEvery how long tokens rest at most before they are presented
 */
public record RemoteTokens(
        Origin issuer,
        int maxTokens,
        boolean keepsOverpay,
        ExposureLimits exposure,
        Duration directoryAge,
        Duration uploadEvery) {

    /** How long tokens rest unless configured otherwise. */
    public static final Duration DEFAULT_UPLOAD_EVERY = Duration.ofMinutes(10);

    private static final Duration LONGEST_REST = Duration.ofDays(1);

    /**
     * Checks the times and the number.
     *
     * @param issuer as the record says
     * @param maxTokens as the record says
     * @param keepsOverpay as the record says
     * @param exposure as the record says
     * @param directoryAge as the record says
     * @param uploadEvery as the record says
     * @throws IllegalArgumentException if one is out of range
     */
    public RemoteTokens {
        if (maxTokens < 1 || maxTokens > TokenOffer.MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "a payment has 1 to " + TokenOffer.MOST_TOKENS + " tokens at most, not " + maxTokens);
        }
        if (uploadEvery.isNegative() || uploadEvery.isZero() || uploadEvery.compareTo(LONGEST_REST) > 0) {
            throw new IllegalArgumentException(
                    "tokens are presented to their issuer at least once a day, not every " + uploadEvery);
        }
        var unused = new RemoteIssuer.Trust(exposure, directoryAge);
    }

    /**
     * Accepts the tokens of an issuer.
     *
     * @param issuer its origin, such as {@code https://issuer.example}
     * @return the usual trust: 4 tokens a payment at the exact price, 10.00 of a currency, directories of the last 15 minutes
     * @throws IllegalArgumentException if it is no origin
     */
    public static RemoteTokens of(String issuer) {
        try {
            return new RemoteTokens(
                    Origin.parse(issuer),
                    AcceptedTokens.DEFAULT_TOKENS,
                    false,
                    ExposureLimits.DEFAULT,
                    RemoteIssuer.DEFAULT_MAX_AGE,
                    DEFAULT_UPLOAD_EVERY);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(
                    "an issuer of tokens is an origin such as https://issuer.example, not \"" + issuer + "\"", e);
        }
    }

    /**
     * Sets how many tokens one payment has at most.
     *
     * @param most 1 to {@link TokenOffer#MOST_TOKENS}
     * @return the changed settings
     * @throws IllegalArgumentException if it is out of range
     */
    public RemoteTokens withMaxTokens(int most) {
        return new RemoteTokens(issuer, most, keepsOverpay, exposure, directoryAge, uploadEvery);
    }

    /**
     * Takes payments above the price, too. Payers must say themselves that they agree.
     *
     * @return the changed settings
     */
    public RemoteTokens keepingOverpay() {
        return new RemoteTokens(issuer, maxTokens, true, exposure, directoryAge, uploadEvery);
    }

    /**
     * Limits what may be taken before it is redeemed, for one currency.
     *
     * @param limit for example {@code 5usd}
     * @return the changed settings
     * @throws IllegalArgumentException if it cannot be read or is zero
     */
    public RemoteTokens withExposure(String limit) {
        return new RemoteTokens(issuer, maxTokens, keepsOverpay, exposure.with(limit), directoryAge, uploadEvery);
    }

    /**
     * Sets how old the issuer's directory may be.
     *
     * @param age more than 4 minutes
     * @return the changed settings
     * @throws IllegalArgumentException if it is shorter
     */
    public RemoteTokens withDirectoryAge(Duration age) {
        return new RemoteTokens(issuer, maxTokens, keepsOverpay, exposure, age, uploadEvery);
    }

    /**
     * Sets how long tokens rest at most before they are presented. The longer, the less the issuer learns of when each payment
     * was made.
     *
     * @param most more than nothing, at most a day
     * @return the changed settings
     * @throws IllegalArgumentException if it is out of range
     */
    public RemoteTokens withUploadEvery(Duration most) {
        return new RemoteTokens(issuer, maxTokens, keepsOverpay, exposure, directoryAge, most);
    }
}
