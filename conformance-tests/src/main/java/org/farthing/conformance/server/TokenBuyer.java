package org.farthing.conformance.server;

import org.farthing.conformance.suite.Trace;

/**
 * Pays pages by blind tokens, which a wallet buys at the issuer each offer names: the whole suite as who pays anonymously sees it.
 *
 * @param wallet buys the tokens
 */
record TokenBuyer(WalletPayer wallet) implements Payer {

    @Override
    public boolean pays(Offer offer) {
        return TokenPayer.isForTokens(offer);
    }

    @Override
    public Proof pay(Offer offer) {
        throw new IllegalStateException("tokens are bought at a site");
    }

    @Override
    public Proof pay(Offer offer, Site site) {
        return new TokenPayer(site.visit(new Trace())).pay(offer);
    }

    @Override
    public boolean isKnownAgain() {
        return false;
    }

    /** The wallet, not the key. */
    @Override
    public String toString() {
        return "blind tokens bought by " + wallet;
    }
}
