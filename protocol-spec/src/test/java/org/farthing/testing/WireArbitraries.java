package org.farthing.testing;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;

/** Legal values of the wire for property tests, odd but legal ones among them. */
public final class WireArbitraries {

    private WireArbitraries() {}

    /** Printable ASCII with quotes and backslashes, at least that long. */
    public static Arbitrary<String> fieldText(int minLength) {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange(' ', '~')
                        .ofMinLength(minLength)
                        .ofMaxLength(24),
                Arbitraries.strings()
                        .withChars("\"\\, =Paymentid")
                        .ofMinLength(minLength)
                        .ofMaxLength(16));
    }

    // Edge cases are left out below: jqwik would combine those of a dozen parts, which takes longer than the tests.

    /** Challenges with any combination of the optional parts. */
    public static Arbitrary<Challenge> challenges() {
        Arbitrary<String> methods =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> intents = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("AZ09-")
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> requests =
                JsonArbitraries.flatObjects().map(CanonicalJson::write).map(Base64Url::encodeUtf8);
        Arbitrary<String> times = Arbitraries.of("2026-11-22T10:05:00Z", "1999-02-28T23:59:59.5+14:00")
                .injectNull(0.3);
        Arbitrary<ChallengeTerms> terms = Combinators.combine(
                        fieldText(0),
                        methods,
                        intents,
                        requests,
                        times,
                        fieldText(0).injectNull(0.3),
                        fieldText(0).injectNull(0.3),
                        Arbitraries.of("Payment-Authorization").injectNull(0.5))
                .as(ChallengeTerms::new);
        return Combinators.combine(
                        fieldText(1),
                        terms,
                        fieldText(0).injectNull(0.5),
                        fieldText(0).injectNull(0.5))
                .as(Challenge::new)
                .withoutEdgeCases();
    }

    /** Credentials for such challenges with any payload. */
    public static Arbitrary<Credential> credentials() {
        Arbitrary<Map<String, Object>> payloads = JsonArbitraries.flatObjects();
        return Combinators.combine(challenges(), JsonArbitraries.text().injectNull(0.5), payloads)
                .as(Credential::of)
                .withoutEdgeCases();
    }
}
