package org.farthing.client.budget;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;

/**
 * What a payment would be: who asks, who gets it, how much, for which request. It holds only what the challenge binds;
 * a description is not among it, because a payee may write there what it likes (C5, T10).
 *
 * @param target the request that is to be paid
 * @param recipient the payee as the challenge names it
 * @param amount the most that the payment can take, in base units of {@code currency}
 * @param currency the currency id of the challenge
 * @param prepaid whether it is paid with what was bought before, and so counted in books of its own
 */
public record Proposal(RequestTarget target, String recipient, Amount amount, CurrencyId currency, boolean prepaid) {

    /** Budget keys of payments with what was bought before start with this: their money was counted when it was bought. */
    private static final String PREPAID = "prepaid ";

    /** Budget keys of payments on loopback start with this, so that play money never uses up real budgets. */
    private static final String DEVELOPMENT = "development ";

    /**
     * A payment that takes its money now.
     *
     * @param target as described at the record
     * @param recipient as described at the record
     * @param amount as described at the record
     * @param currency as described at the record
     */
    public Proposal(RequestTarget target, String recipient, Amount amount, CurrencyId currency) {
        this(target, recipient, amount, currency, false);
    }

    /**
     * The origin that asks for the payment.
     *
     * @return the origin of the request
     */
    public Origin origin() {
        return target.origin();
    }

    /**
     * The amount as people write it, scaled exactly.
     *
     * @return the money
     */
    public Money money() {
        return Money.of(amount, currency);
    }

    /**
     * Tells whether this is a payment of the loopback profile, which has budgets of its own.
     *
     * @return true if the origin is plain http
     */
    public boolean development() {
        return !origin().isHttps();
    }

    /** The key budgets are kept under: one per ISO code or unit name, whatever the spelling (T78). */
    String budget() {
        String key = budgetKey(currency.code(), development());
        return prepaid ? PREPAID + key : key;
    }

    static String budgetKey(String code, boolean development) {
        return development ? DEVELOPMENT + code : code;
    }
}
