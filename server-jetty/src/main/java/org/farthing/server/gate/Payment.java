package org.farthing.server.gate;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.server.ledger.Issuance;
import org.jspecify.annotations.Nullable;

/**
 * The payment a handler runs under: what the application may know and decide about it. Safe to use from any thread while the
 * handler runs.
 */
public final class Payment {

    private final String challengeId;
    private final String payer;
    private final Amount authorized;
    private final CurrencyId currency;
    private final boolean upTo;
    private @Nullable Amount chosen;
    private @Nullable Issuance issuance;
    private boolean waived;
    private boolean settled;

    Payment(String challengeId, String payer, Amount authorized, CurrencyId currency, boolean upTo) {
        this.challengeId = challengeId;
        this.payer = payer;
        this.authorized = authorized;
        this.currency = currency;
        this.upTo = upTo;
    }

    /**
     * Returns the id of the challenge that is paid: the handle of this payment in receipts, statements and logs.
     *
     * @return the challenge id
     */
    public String challengeId() {
        return challengeId;
    }

    /**
     * Returns who pays. A wallet id is a pseudonym of a person: keep it out of logs. Who pays through a wallet service or
     * with tokens is not known here: it is another one at every payment, and can be neither topped up nor suspended.
     *
     * @return the wallet id, or {@code r_} or {@code t_} and the identity of one payment
     */
    public String payer() {
        return payer;
    }

    /**
     * Returns the most that can be charged.
     *
     * @return base units of the currency
     */
    public Amount authorized() {
        return authorized;
    }

    /**
     * Returns the currency.
     *
     * @return the currency id
     */
    public CurrencyId currency() {
        return currency;
    }

    /**
     * Says how much to charge if the answer is charged at all; without a call it is all that was authorised. The last call
     * before the answer is complete counts (protocol section 2.4, F-ST-32).
     *
     * @param amount from zero to {@link #authorized}
     * @throws IllegalArgumentException if it is more than was authorised
     * @throws IllegalStateException if the offer has a fixed price and the amount is another, the money moved before the
     *     handler ran, or the answer is complete
     */
    public synchronized void capture(Amount amount) {
        if (amount.compareTo(authorized) > 0) {
            throw new IllegalArgumentException("at most " + authorized.format() + " was authorised");
        }
        if (!upTo && !amount.equals(authorized)) {
            throw new IllegalStateException("this offer has a fixed price: build it with upTo() to charge less");
        }
        requireOpen();
        chosen = amount;
        waived = false;
    }

    /**
     * Charges nothing, whatever the answer's status: the hold is given back and the answer carries no receipt.
     *
     * @throws IllegalStateException if the money moved before the handler ran, or the answer is complete
     */
    public synchronized void waive() {
        requireOpen();
        waived = true;
    }

    /**
     * Says that what is sold are signatures on blinded messages: the money is nobody's income but backs them, and the ledger
     * notes the messages in the step that takes the money. If one of them was noted before, nothing is taken and the answer does
     * not leave. The last call before the answer is complete counts.
     *
     * @param sold the messages
     * @throws IllegalStateException if the offer has no fixed price, the money moved before the handler ran, or the answer is
     *     complete
     */
    public synchronized void issues(Issuance sold) {
        if (upTo) {
            throw new IllegalStateException("what is issued has a fixed price, so its offer must not be upTo()");
        }
        requireOpen();
        issuance = sold;
    }

    /** What is issued for the money, or null if it is the payee's. */
    synchronized @Nullable Issuance issuance() {
        return issuance;
    }

    /** Tells whether the handler gave the charge up. */
    synchronized boolean isWaived() {
        return waived;
    }

    private void requireOpen() {
        if (settled) {
            throw new IllegalStateException("the money has moved already, its amount cannot change any more");
        }
    }

    /** Fixes the amount. */
    synchronized Amount settle() {
        settled = true;
        return chosen == null ? authorized : chosen;
    }

    @Override
    public String toString() {
        return "Payment[" + challengeId + ", at most " + authorized.format() + " " + currency + "]";
    }
}
