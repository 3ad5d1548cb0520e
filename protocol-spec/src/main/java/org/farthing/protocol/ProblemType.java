package org.farthing.protocol;

import java.util.Locale;
import java.util.Optional;

/**
 * Why a request was not served, as a stable code. Specification: problems.md (F-PR-2, F-PR-3 and the table of types).
 *
 * <p>The code is the key that programs compare; titles may change and be translated.
 */
public enum ProblemType {
    /** No credential: the challenge says what it costs. */
    PAYMENT_REQUIRED(402, "Payment required", true),
    /** The credential cannot be read. */
    MALFORMED_CREDENTIAL(402, "The payment could not be read", true),
    /** The challenge is unknown, was used, or belongs to another request. */
    INVALID_CHALLENGE(402, "The payment is for another offer", true),
    /** The proof of payment does not hold. */
    VERIFICATION_FAILED(402, "The payment could not be verified", true),
    /** The challenge ended before it was paid. */
    PAYMENT_EXPIRED(402, "The offer has expired", true),
    /** The proof pays too little. */
    PAYMENT_INSUFFICIENT(402, "The payment is too small", true),
    /** The payload does not follow its method's schema. */
    INVALID_PAYLOAD(402, "The payment proof is not in the form of its method", true),
    /** The payer has something to do first, such as a confirmation. */
    PAYMENT_ACTION_REQUIRED(402, "The payment needs an action", true),
    /** A payment method this server does not have. */
    METHOD_UNSUPPORTED(400, "Payment method not supported", true),
    /** Malformed use of HTTP, such as two credentials. */
    BAD_REQUEST(400, "Bad request", true),
    /** The payment code failed. */
    INTERNAL_PAYMENT_ERROR(500, "The payment could not be processed", true),

    /** Money was set aside and given back: nothing was charged. 503 without a challenge if the request was executed. */
    PAYMENT_RELEASED(402, "Not charged", false),
    /** The payment was taken and refunded. */
    PAYMENT_REFUNDED(409, "The payment was refunded", false),
    /** The same payment is being processed. */
    REQUEST_IN_PROGRESS(409, "The request is in progress", false),
    /** The payment was taken and answered before. */
    ALREADY_FULFILLED(409, "The request was already fulfilled", false),
    /** The idempotency key was used with other content. */
    IDEMPOTENCY_CONFLICT(422, "The idempotency key was used for something else", false),
    /** The ledger or the wallet service is away. */
    LEDGER_UNAVAILABLE(503, "Payments are not possible at the moment", false),
    /** The body is longer than the limit. */
    BODY_TOO_LARGE(413, "The body is too large", false),
    /** Known, perhaps paid, and not allowed: paying does not help. */
    NOT_ALLOWED(403, "Not allowed", false),
    /** Identity is needed, and missing or wrong. */
    UNAUTHENTICATED(401, "Authentication required", false),
    /** There is nothing under this path. */
    NOT_FOUND(404, "Not found", false),
    /** The path does not have this method. */
    METHOD_NOT_ALLOWED(405, "Method not allowed", false),
    /** An authority this server is not configured for. */
    MISDIRECTED_REQUEST(421, "Misdirected request", false),
    /** Too many requests: waiting helps. */
    RATE_LIMITED(429, "Too many requests", false),

    /** The wallet has less than the price. */
    INSUFFICIENT_FUNDS(402, "Not enough money in the wallet", false),
    /** The wallet has fewer credits than the price. */
    INSUFFICIENT_CREDITS(402, "Not enough credits in the wallet", false),
    /** The wallet owner's own limit is reached. */
    SPENDING_LIMIT_EXCEEDED(402, "The wallet's spending limit is reached", false),
    /** The wallet is suspended. */
    WALLET_SUSPENDED(403, "The wallet is suspended", false),

    /** A subscription is needed. */
    SUBSCRIPTION_REQUIRED(402, "Subscription required", false),
    /** The subscription ended. */
    SUBSCRIPTION_EXPIRED(402, "The subscription has expired", false),
    /** A renewal could not be charged. */
    SUBSCRIPTION_PAST_DUE(402, "The subscription is past due", false),
    /** The subscription was cancelled. */
    SUBSCRIPTION_CANCELLED(402, "The subscription was cancelled", false),
    /** The quota is used up; 429 if no more can be bought. */
    USAGE_LIMIT_EXCEEDED(402, "The usage limit is reached", false),
    /** The free part is used up. */
    FREE_TIER_EXHAUSTED(402, "The free tier is used up", false),

    /** The session needs a voucher for more. */
    VOUCHER_REQUIRED(402, "A voucher is required", false),
    /** The session's deposit is used up. */
    TOP_UP_REQUIRED(402, "The session needs a top-up", false),
    /** The session is closed or unknown. */
    CHANNEL_CLOSED(410, "The session is closed", true, "session/channel-finalized"),

    /** A token was spent before. */
    TOKEN_SPENT(402, "A token was already spent", false),
    /** A token is too old. */
    TOKEN_EXPIRED(402, "A token has expired", false),
    /** The tokens are not worth the price. */
    AMOUNT_MISMATCH(402, "The tokens do not add up to the price", false);

    private static final String CORE = "https://paymentauth.org/problems/";
    private static final String OURS = "urn:farthing:problem:";

    private final int defaultStatus;
    private final String title;
    private final String typeUri;

    ProblemType(int defaultStatus, String title, boolean core) {
        this.defaultStatus = defaultStatus;
        this.title = title;
        this.typeUri = (core ? CORE : OURS) + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ProblemType(int defaultStatus, String title, boolean core, String typeName) {
        this.defaultStatus = defaultStatus;
        this.title = title;
        this.typeUri = (core ? CORE : OURS) + typeName;
    }

    /**
     * Returns the stable key.
     *
     * @return upper-case words joined by underscores
     */
    public String code() {
        return name();
    }

    /**
     * Returns the status this problem usually has; a few have another one in special cases.
     *
     * @return an HTTP status
     */
    public int defaultStatus() {
        return defaultStatus;
    }

    /**
     * Returns the {@code type} of RFC 9457.
     *
     * @return a URI, which is compared and never fetched
     */
    public String typeUri() {
        return typeUri;
    }

    /**
     * Returns what it is, for people.
     *
     * @return an English phrase without a full stop
     */
    public String title() {
        return title;
    }

    /**
     * Finds a type by its code.
     *
     * @param code a code
     * @return the type, or empty if it is none of ours
     */
    public static Optional<ProblemType> ofCode(String code) {
        for (ProblemType type : values()) {
            if (type.code().equals(code)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * Finds a type by its URI.
     *
     * @param typeUri the {@code type} of a problem
     * @return the type, or empty if it is none of ours
     */
    public static Optional<ProblemType> ofTypeUri(String typeUri) {
        for (ProblemType type : values()) {
            if (type.typeUri.equals(typeUri)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
