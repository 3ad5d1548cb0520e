package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.server.offer.Offer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptions in the client's language (spec/request.md, F-RQ-12). */
class LanguageTest {

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", translated().build())
                        .charge("/plain/*", Paywall.offer().build()));
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    private static Offer.Builder translated() {
        return Paywall.offer().description("de", "Ein Dokument").description("pt-BR", "Um documento");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de | Ein Dokument",
                "de-AT | Ein Dokument",
                "DE | Ein Dokument",
                "pt-BR | Um documento",
                "pt | One document",
                "fr | One document",
                "fr, de;q=0.1 | Ein Dokument",
                "en, de;q=0.9 | One document",
                "en-GB;q=0.8, de;q=0.9 | Ein Dokument",
                "de;q=0 | One document",
                "* | One document",
                "not a language;;;q=x | One document"
            })
    @Requirement({"S38", "F-RQ-12", "F-PR-2"})
    void description_isInTheClientsLanguage(String accept, String text) throws Exception {
        HttpTester.Response demand = paywall.get("/docs/a", "Accept-Language: " + accept);
        assertThat(demand.getStatus()).isEqualTo(402);
        Challenge challenge = Payer.challengeOf(demand);
        assertThat(challenge.paymentRequest().description()).isEqualTo(text);
        assertThat(demand.getCSV("Vary", false)).contains("Accept-Language");
    }

    @Test
    @Requirement({"S38", "F-RQ-12"})
    void paidInAnotherLanguage_isServedAtTheSamePrice() {
        Challenge challenge = Payer.challengeOf(paywall.get("/docs/a", "Accept-Language: de"));
        HttpTester.Response answer =
                paywall.get("/docs/a", "Accept-Language: fr", "Authorization: " + paywall.alice.pay(challenge));
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"S38", "F-RQ-12"})
    void routeInOneLanguage_doesNotVary() throws Exception {
        HttpTester.Response demand = paywall.get("/plain/a", "Accept-Language: de");
        assertThat(Payer.challengeOf(demand).paymentRequest().description()).isEqualTo("One document");
        assertThat(demand.getCSV("Vary", false)).doesNotContain("Accept-Language");
        HttpTester.Response long1 = paywall.get("/docs/a", "Accept-Language: de" + ", de-AT".repeat(200));
        assertThat(Payer.challengeOf(long1).paymentRequest().description()).isEqualTo("One document");
    }

    @Test
    @Requirement("F-RQ-12")
    void languagesThatAreNone_areRefused() {
        for (String tag : new String[] {"", "d", "de_DE", "deutschland-is-too-long-aaaaaaaaaaaa", "*"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Paywall.offer().description(tag, "x").build());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offer.of("1usd").description("de", "x").build());
    }

    @Test
    @Requirement({"S35", "F-RQ-12"})
    void translationThatMakesAChallengeTooLarge_isRefusedAtStart() {
        paywall.stopServer();
        Offer offer = Paywall.offer().description("de", "ä".repeat(5_000)).build();
        assertThatThrownBy(() -> paywall.boot(prices -> prices.charge("/docs/*", offer), settings -> {}))
                .hasStackTraceContaining("8192");
    }
}
