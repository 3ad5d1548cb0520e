package org.farthing.conformance.server;

import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Suite;

/** All cases that check a server, one line a class. */
public final class ServerSuite {

    private ServerSuite() {}

    /** The cases of a profile. */
    public static Suite<Site> of(Profile profile) {
        return all().only(info -> profile.includes(info.profile()));
    }

    /** Every case there is. */
    public static Suite<Site> all() {
        return common().with(ReceiptTokenCases.class, ReceiptTokenCases::new)
                .with(TokenOfferCases.class, TokenOfferCases::new)
                .with(TokenCases.class, TokenCases::new)
                .with(TokenTimeCases.class, TokenTimeCases::new)
                .with(MintCases.class, MintCases::new)
                .with(SwapCases.class, SwapCases::new)
                .with(RedemptionCases.class, RedemptionCases::new);
    }

    /** What a server without a wallet service and without an issuer of tokens can do. */
    static Suite<Site> common() {
        return Suite.<Site>empty() //
                .with(UnpaidCases.class, UnpaidCases::new)
                .with(ChallengeCases.class, ChallengeCases::new)
                .with(CredentialCases.class, CredentialCases::new)
                .with(BindingCases.class, BindingCases::new)
                .with(RouteCases.class, RouteCases::new)
                .with(PaidCases.class, PaidCases::new)
                .with(ReplayCases.class, ReplayCases::new)
                .with(NegotiationCases.class, NegotiationCases::new)
                .with(ProblemCases.class, ProblemCases::new)
                .with(ChallengeLimitCases.class, ChallengeLimitCases::new)
                .with(CredentialFieldCases.class, CredentialFieldCases::new)
                .with(CredentialReadingCases.class, CredentialReadingCases::new)
                .with(CachingCases.class, CachingCases::new)
                .with(RetryCases.class, RetryCases::new)
                .with(CornerCases.class, CornerCases::new)
                .with(TransportCases.class, TransportCases::new)
                .with(SignedOrderCases.class, SignedOrderCases::new)
                .with(SecretCases.class, SecretCases::new)
                .with(WalletOrderCases.class, WalletOrderCases::new)
                .with(EvidenceCases.class, EvidenceCases::new);
    }
}
