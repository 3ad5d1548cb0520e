package org.farthing.client;

import org.farthing.client.budget.Refusal;
import org.farthing.protocol.ProblemType;

/** Why nothing was paid. The names are stable; scripts may use them. */
public enum DeclineReason {
    /** The answer is a 402 without a payment challenge. */
    NO_CHALLENGE,
    /** No challenge of the answer can be read, or what it asks follows no rules. */
    MALFORMED_CHALLENGE,
    /** No challenge names a method and intent that this client has, or one asks for means it does not have. */
    METHOD_UNSUPPORTED,
    /** Plain http, outside the loopback profile. */
    NOT_SECURE,
    /** The URI cannot be bound to a payment, for instance because it holds user information. */
    REQUEST_UNSUPPORTED,
    /** The body cannot be sent again. */
    BODY_NOT_REPEATABLE,
    /** The challenge is for another body, or for none. */
    DIGEST_MISMATCH,
    /** The request has an Authorization of its own, or the HTTP client fills it in, and the challenge wants that field. */
    AUTHORIZATION_IN_USE,
    /** A redirect leads to another origin. */
    CROSS_ORIGIN_REDIRECT,
    /** More redirects than are followed. */
    TOO_MANY_REDIRECTS,
    /** The challenge has expired, or does not say when it will. */
    EXPIRED,
    /** The challenge lives longer than the protocol allows. */
    TOO_LONG_LIVED,
    /** The challenge is not signed, and the owner did not allow that, or the origin is known to sign. */
    UNSIGNED,
    /** The keys of the origin or the recipient could not be had. */
    KEYS_UNAVAILABLE,
    /** The signature, or something it covers, does not hold. */
    SIGNATURE_REJECTED,
    /** The realm is not one of the origin's. */
    WRONG_REALM,
    /** The challenge was made for another request. */
    WRONG_BINDING,
    /** The recipient is not the origin, and does not vouch for it. */
    WRONG_RECIPIENT,
    /** The origin has another payee or other keys than when it was first paid. */
    TRUST_CHANGED,
    /** Only payees that are pinned are paid, and this origin is not. */
    NOT_TRUSTED,
    /** The policy does not allow this origin. */
    ORIGIN_NOT_ALLOWED,
    /** The policy does not allow this recipient. */
    RECIPIENT_NOT_ALLOWED,
    /** The policy has no limit for this currency. */
    CURRENCY_NOT_ALLOWED,
    /** More than one request may cost. */
    PER_REQUEST_LIMIT,
    /** The owner did not approve. */
    NOT_APPROVED,
    /** The origin's budget does not reach. */
    PER_ORIGIN_LIMIT,
    /** The recipient's budget does not reach. */
    PER_RECIPIENT_LIMIT,
    /** The period's budget does not reach. */
    PER_PERIOD_LIMIT,
    /** The whole budget does not reach. */
    TOTAL_LIMIT,
    /** The purse has no tokens that make up the price, or none that may be shown to this payee. */
    NO_TOKENS,
    /** The wallet service cannot be reached, or its keys not be had; no order left. */
    WALLET_UNREACHABLE,
    /** The wallet at the wallet service has less than the price. */
    INSUFFICIENT_FUNDS,
    /** The wallet's own limit per day is reached. */
    WALLET_LIMIT,
    /** The wallet is frozen or suspended. */
    WALLET_SUSPENDED,
    /** The wallet service refused the order for another reason, and holds nothing for it. */
    WALLET_REFUSED,
    /** The payee says that nothing was charged, and the wallet service says that it was. */
    WALLET_DISAGREES,
    /** A second payment would differ from the first in more than a lower amount. */
    TERMS_CHANGED,
    /** The journal cannot be relied on. */
    JOURNAL_UNUSABLE,
    /** The purse cannot be used. */
    PURSE_UNUSABLE,
    /** The pins of payees cannot be relied on. */
    TRUST_UNUSABLE,
    /** Something in the client itself failed before anything was signed. */
    PAYER_FAILED;

    static DeclineReason of(ProblemType refused) {
        return switch (refused) {
            case INSUFFICIENT_FUNDS -> INSUFFICIENT_FUNDS;
            case SPENDING_LIMIT_EXCEEDED -> WALLET_LIMIT;
            case WALLET_SUSPENDED -> WALLET_SUSPENDED;
            default -> WALLET_REFUSED;
        };
    }

    static DeclineReason of(Refusal.Rule rule) {
        return switch (rule) {
            case ORIGIN_NOT_ALLOWED -> ORIGIN_NOT_ALLOWED;
            case RECIPIENT_NOT_ALLOWED -> RECIPIENT_NOT_ALLOWED;
            case CURRENCY_NOT_ALLOWED -> CURRENCY_NOT_ALLOWED;
            case PER_REQUEST -> PER_REQUEST_LIMIT;
            case NOT_APPROVED -> NOT_APPROVED;
            case OFFER_ENDED -> EXPIRED;
            case PER_ORIGIN -> PER_ORIGIN_LIMIT;
            case PER_RECIPIENT -> PER_RECIPIENT_LIMIT;
            case PER_PERIOD -> PER_PERIOD_LIMIT;
            case TOTAL -> TOTAL_LIMIT;
        };
    }
}
