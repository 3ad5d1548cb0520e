package org.farthing.server.ledger;

import java.util.List;

/**
 * What became of {@link TokenBooks#redeem}.
 *
 * @param results one a token, in their order
 * @param amount what the payee earned by those that are accepted now, in base units
 */
public record RedeemResult(List<Redemption> results, long amount) {

    /** What became of one token. */
    public enum Redemption {
        /** The payee has earned it now. */
        ACCEPTED,
        /** The payee had earned it before. */
        REPEATED,
        /** It was used for something else. */
        SPENT,
        /** It comes after the key's {@code redeemUntil}. */
        EXPIRED,
        /** Its key is unknown, not this issuer's, or closed. */
        INVALID
    }

    /**
     * Copies the list.
     *
     * @param results as the record says
     * @param amount as the record says
     */
    public RedeemResult {
        results = List.copyOf(results);
    }
}
