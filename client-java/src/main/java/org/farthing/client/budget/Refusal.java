package org.farthing.client.budget;

/**
 * The policy's no.
 *
 * @param rule which rule said it
 * @param words why, for people: amounts and origins, no secrets
 */
public record Refusal(Rule rule, String words) {

    /** The rules of a policy, in the order in which they are looked at. */
    public enum Rule {
        /** The origin is not on the list of origins that may be paid. */
        ORIGIN_NOT_ALLOWED,
        /** The payee is neither the request's origin nor on the list of recipients. */
        RECIPIENT_NOT_ALLOWED,
        /** The policy names no limit for this currency. */
        CURRENCY_NOT_ALLOWED,
        /** More than one request may cost. */
        PER_REQUEST,
        /** The owner was asked and did not say yes. */
        NOT_APPROVED,
        /** The offer ended before the payment was counted. */
        OFFER_ENDED,
        /** The origin would get more than its budget. */
        PER_ORIGIN,
        /** The recipient would get more than its budget. */
        PER_RECIPIENT,
        /** The period's budget does not reach. */
        PER_PERIOD,
        /** The whole budget does not reach. */
        TOTAL
    }
}
