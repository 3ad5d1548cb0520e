package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Challenges are found and shown whatever is wrong with them. */
@Requirement({"F-CO-7"})
class OfferTest {

    private static List<Offer> in(String... values) {
        List<FieldLine> lines = List.of(values).stream()
                .map(value -> new FieldLine("www-authenticate", value))
                .toList();
        return Offer.in(new RawAnswer(402, "HTTP/1.1 402", lines, new byte[0], true));
    }

    @Test
    void in_severalSchemesInOneLine_findsEachPaymentChallenge() {
        List<Offer> offers = in(
                "Bearer realm=\"x, Payment id=no\", Payment id=\"1\", realm=a,Payment id = \"2\" ,header=\"Payment-Authorization\"",
                "payment ID=3");

        assertThat(offers).extracting(Offer::id).containsExactly("1", "2", "3");
        assertThat(offers.get(0).text()).isEqualTo("Payment id=\"1\", realm=a");
        assertThat(offers.get(1).field()).isEqualTo("Payment-Authorization");
        assertThat(offers.get(2).names()).containsExactly("ID");
    }

    @Test
    void in_faultyChallenges_areKeptForCasesToSee() {
        Offer offer = in("Payment id=\"\", method=\"Wallet\", id=\"two\", request=\"no json\"")
                .get(0);

        assertThat(offer.id()).isEmpty();
        assertThat(offer.names()).containsExactly("id", "method", "id", "request");
        assertThat(offer.request()).isEmpty();
        assertThat(offer.expires()).isEmpty();
    }

    @Test
    void in_schemeWithToken68_isNoChallengeWithParameters() {
        assertThat(in("Negotiate YWJj==, Payment id=\"1\""))
                .extracting(Offer::id)
                .containsExactly("1");
        assertThat(in("", ",,", "\"", "Payment")).extracting(Offer::id).containsExactly("");
    }

    @Test
    void withAsked_otherAmount_changesTheRequestAlone() {
        Offer offer =
                in("Payment id=\"1\", method=\"wallet\", description=\"a \\\"b\\\" c\", request=\"eyJhbW91bnQiOiI1IiwieCI6Nn0\", jws=\"j\"")
                        .get(0);
        Offer changed = offer.withAsked("amount", "1");

        assertThat(changed.asked("amount")).contains("1");
        assertThat(changed.asked("x")).contains("6");
        assertThat(changed.text("description")).isEqualTo("a \"b\" c");
        assertThat(in(changed.text())).singleElement().extracting(Offer::params).isEqualTo(changed.params());
        assertThat(changed.echo()).containsOnlyKeys("id", "method", "description", "request");
    }
}
