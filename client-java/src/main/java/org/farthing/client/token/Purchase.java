package org.farthing.client.token;

import java.util.List;
import org.farthing.client.PaymentOutcome;
import org.farthing.protocol.Problem;
import org.jspecify.annotations.Nullable;

/** How a purchase ended. */
public sealed interface Purchase {

    /**
     * The tokens are in the purse.
     *
     * @param tokens the tokens
     * @param payment what became of the money; {@code Free} also where an earlier process had paid
     */
    record Bought(List<HeldToken> tokens, PaymentOutcome payment) implements Purchase {

        /**
         * Copies the list.
         *
         * @param tokens as described at the record
         * @param payment as described at the record
         */
        public Bought {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * Nothing was bought.
     *
     * @param payment why: as a rule it was declined
     * @param problem what the issuer said, where it refused a payment; else null
     */
    record NotBought(PaymentOutcome payment, @Nullable Problem problem) implements Purchase {}

    /**
     * It is not known yet. What was begun is on disk; {@link BlindTokens#recover} finishes it, and pays no second time.
     *
     * @param payment what is known of the money
     */
    record Open(PaymentOutcome payment) implements Purchase {}
}
