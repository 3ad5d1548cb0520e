package org.farthing.server.token;

import org.farthing.protocol.token.TokenOffer;

/**
 * Which tokens a payee accepts, and how many for one payment (spec/token-payment.md).
 *
 * @param issuer who issues them
 * @param maxTokens how many one payment has at most, 1 to 16; each takes some 630 bytes of request header
 * @param keepsOverpay whether a payment may be worth more than the price, and the payee keeps the rest
 * @param anyPayee whether tokens that are good at any payee are accepted, instead of tokens for this payee alone
 */
public record AcceptedTokens(AcceptedIssuer issuer, int maxTokens, boolean keepsOverpay, boolean anyPayee) {

    /** How many tokens one payment has unless configured otherwise. */
    public static final int DEFAULT_TOKENS = 4;

    /**
     * Checks the number and that every token has one authority.
     *
     * @param issuer as the record says
     * @param maxTokens as the record says
     * @param keepsOverpay as the record says
     * @param anyPayee as the record says
     * @throws IllegalArgumentException if the number is out of range, or tokens of any payee would be accepted without the
     *     ledger that knows them all (T57)
     */
    public AcceptedTokens {
        if (maxTokens < 1 || maxTokens > TokenOffer.MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "a payment has 1 to " + TokenOffer.MOST_TOKENS + " tokens at most, not " + maxTokens);
        }
        if (anyPayee && !issuer.sharesLedger()) {
            throw new IllegalArgumentException("Tokens of " + issuer.origin()
                    + " that are good at any payee can be spent at two payees at once. Accept tokens for this payee alone, "
                    + "or keep the books in the ledger of the issuer.");
        }
    }

    /**
     * Accepts tokens for this payee alone, at most 4 for a payment, at the exact price.
     *
     * @param issuer who issues them
     * @return the usual settings
     */
    public static AcceptedTokens of(AcceptedIssuer issuer) {
        return new AcceptedTokens(issuer, DEFAULT_TOKENS, false, false);
    }

    /**
     * Sets how many tokens one payment has at most.
     *
     * @param most 1 to 16
     * @return the changed settings
     * @throws IllegalArgumentException if it is out of range
     */
    public AcceptedTokens withMaxTokens(int most) {
        return new AcceptedTokens(issuer, most, keepsOverpay, anyPayee);
    }

    /**
     * Takes payments above the price, too. Payers must say themselves that they agree.
     *
     * @return the changed settings
     */
    public AcceptedTokens keepingOverpay() {
        return new AcceptedTokens(issuer, maxTokens, true, anyPayee);
    }

    /**
     * Accepts tokens that are good at any payee of the issuer.
     *
     * @return the changed settings
     * @throws IllegalArgumentException if the issuer has another ledger than this payee
     */
    public AcceptedTokens ofAnyPayee() {
        return new AcceptedTokens(issuer, maxTokens, keepsOverpay, true);
    }
}
