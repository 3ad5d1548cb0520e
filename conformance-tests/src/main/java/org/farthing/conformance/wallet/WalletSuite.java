package org.farthing.conformance.wallet;

import org.farthing.conformance.suite.Suite;

/** All cases that check a wallet service, one line a class. */
public final class WalletSuite {

    private WalletSuite() {}

    /** Every case there is. */
    public static Suite<WalletSite> all() {
        return Suite.<WalletSite>empty()
                .with(OpeningCases.class, OpeningCases::new)
                .with(RequestCases.class, RequestCases::new)
                .with(MoneyCases.class, MoneyCases::new)
                .with(OwnerCases.class, OwnerCases::new)
                .with(PaymentCases.class, PaymentCases::new)
                .with(RefusedChallengeCases.class, RefusedChallengeCases::new)
                .with(RefusedOrderCases.class, RefusedOrderCases::new)
                .with(CollectingCases.class, CollectingCases::new);
    }
}
