package org.farthing.conformance.client;

import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Suite;

/** All cases that check a paying client, one line a class. */
public final class ClientSuite {

    private ClientSuite() {}

    /** The cases of a profile. */
    public static Suite<ClientLab> of(Profile profile) {
        return all().only(info -> profile.includes(info.profile()));
    }

    /** Every case there is. */
    public static Suite<ClientLab> all() {
        return Suite.<ClientLab>empty() //
                .with(CredentialCases.class, CredentialCases::new)
                .with(RefusalCases.class, RefusalCases::new)
                .with(BodyCases.class, BodyCases::new)
                .with(RedirectCases.class, RedirectCases::new)
                .with(TextCases.class, TextCases::new)
                .with(ChallengeGrammarCases.class, ChallengeGrammarCases::new)
                .with(TransportCases.class, TransportCases::new)
                .with(PriceCases.class, PriceCases::new)
                .with(ChoiceCases.class, ChoiceCases::new)
                .with(SecretCases.class, SecretCases::new)
                .with(ReceiptCases.class, ReceiptCases::new)
                .with(RepeatCases.class, RepeatCases::new)
                .with(TrustCases.class, TrustCases::new)
                .with(BlindTokenCases.class, BlindTokenCases::new);
    }
}
