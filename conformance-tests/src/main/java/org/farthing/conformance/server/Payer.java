package org.farthing.conformance.server;

import org.farthing.conformance.suite.NotApplicable;

/** Pays challenges for the suite. Each call may cost money. */
public interface Payer {

    /** Pays nothing: of a method the kit does not know, only what is the same for every method can be checked. */
    Payer NONE = new Payer() {
        @Override
        public boolean pays(Offer offer) {
            return false;
        }

        @Override
        public Proof pay(Offer offer) {
            throw new NotApplicable(
                    "needs a payment, and there is no way to pay: give --wallet KEY for method wallet, or \"payment\" in the config");
        }

        @Override
        public String toString() {
            return "nobody (only what needs no payment is checked)";
        }
    };

    /** Whether it can answer this offer: its method and intent are known to it. */
    boolean pays(Offer offer);

    /**
     * Answers an offer.
     *
     * @param offer the offer
     * @return the proof
     * @throws NotApplicable if it has no way to pay
     */
    Proof pay(Offer offer);

    /** Whether two of its payments show that one payer made them; those of bearer tokens do not. */
    default boolean isKnownAgain() {
        return true;
    }

    /**
     * Answers an offer where it needs the site for that, to ask somebody else first.
     *
     * @param offer the offer
     * @param site where it was made
     * @return the proof
     * @throws NotApplicable if it has no way to pay
     */
    default Proof pay(Offer offer, Site site) {
        return pay(offer);
    }
}
