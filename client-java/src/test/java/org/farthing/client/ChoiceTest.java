package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which of several offers in one 402 is paid (spec/client.md, F-CL-12 and F-CL-13). */
@Timeout(60)
class ChoiceTest {

    @TempDir
    private Path temp = Path.of("");

    private @Nullable Fixture fixture;

    @AfterEach
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** A price as in {@code 2000 usd.e6}, or {@code 1 usd.e6 session} for another intent. */
    private Fixture offering(UnaryOperator<PayingClient.Builder> settings, String... prices) throws Exception {
        UnaryOperator<SpendingPolicy.Builder> credits =
                policy -> policy.perRequest("5 unit:pages").total("50 unit:pages");
        Fixture made = new Fixture(temp, credits, settings);
        made.server.script(made.payee.script(
                made.payer(), request -> demand(made, request, prices), (request, paid) -> made.payee.serve(paid)));
        fixture = made;
        return made;
    }

    private static Reply demand(Fixture made, Received request, String... prices) {
        Reply reply = Reply.of(402);
        for (String price : prices) {
            reply = reply.header("WWW-Authenticate", one(made, request, price));
        }
        return reply;
    }

    private static List<String> paid(Fixture made) throws Exception {
        return made.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .map(ChoiceTest::price)
                .toList();
    }

    private static String price(Credential credential) {
        try {
            var request = credential.challenge().paymentRequest();
            return request.amount().format() + " " + request.currency().text();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement({"C1", "F-CL-12", "F-CL-13"})
    void sameCurrency_theLowestPriceIsPaid() throws Exception {
        Fixture made = offering(client -> client, "2500 usd.e6", "1 usd", "2400 usd.e6", "2401000 usd.e9");
        assertThat(made.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(paid(made)).containsExactly("2400 usd.e6");
    }

    @Test
    @Requirement({"F-CL-12", "F-CL-13"})
    void otherCurrencies_keepTheServersOrder_unlessTheOwnerPrefersOne() throws Exception {
        Fixture made = offering(client -> client, "2500 usd.e6", "2 unit:pages", "2400 usd.e6");
        made.get("/");
        assertThat(paid(made)).containsExactly("2400 usd.e6");
        made.close();
        made = offering(client -> client.prefer("unit:pages"), "2500 usd.e6", "2 unit:pages", "1 unit:pages");
        made.get("/");
        assertThat(paid(made)).containsExactly("1 unit:pages");
    }

    @Test
    @Requirement({"F-CL-10", "F-CL-12", "F-CL-13"})
    void preferredCurrencyOverItsLimit_theNextIsPaid() throws Exception {
        Fixture made =
                offering(client -> client.prefer("unit:pages", "usd"), "1900 eur.e6", "2500 usd.e6", "6 unit:pages");
        assertThat(made.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(paid(made)).containsExactly("2500 usd.e6");
    }

    @Test
    @Requirement({"C4", "C10", "F-CL-4", "F-CL-12"})
    void otherIntent_isNoCheaperOffer() throws Exception {
        Fixture made = offering(client -> client, "1 usd.e6 session", "1 usd.e6 subscription", "2500 usd.e6");
        assertThat(made.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(paid(made)).containsExactly("2500 usd.e6");
    }

    @Test
    @Requirement({"F-CL-12", "F-CL-50"})
    void nothingTheOwnerAllows_isDeclinedForTheReasonOfTheBest() throws Exception {
        Fixture made = offering(client -> client, "1900 eur.e6", "6 unit:pages");
        assertThat(((Declined) made.get("/").outcome()).why()).isEqualTo(DeclineReason.CURRENCY_NOT_ALLOWED);
        assertThat(paid(made)).isEmpty();
    }

    @Test
    @Requirement({"C12", "F-CL-20", "F-OU-11", "T10"})
    void secondPayment_isInTheCurrencyOfTheFirst_whateverElseIsOffered() throws Exception {
        Fixture made = offering(client -> client);
        made.server.script(made.payee.script(
                made.payer(),
                request -> demand(made, request, "2 unit:pages", "2500 usd.e6"),
                (request, credential) -> price(credential).equals("2 unit:pages")
                        ? Reply.problem(made.payee.released(credential, "no"))
                                .header(
                                        "Payment-Outcome",
                                        "released;id=\""
                                                + credential.challenge().id() + "\"")
                                .header("WWW-Authenticate", one(made, request, "1000 usd.e6"))
                                .header("WWW-Authenticate", one(made, request, "3 unit:pages"))
                        : made.payee.serve(credential)));
        NotCharged ended = (NotCharged) made.get("/").outcome();
        assertThat(paid(made)).containsExactly("2 unit:pages");
        Declined again = ended.notRepeated();
        assertThat(again == null ? null : again.why()).isEqualTo(DeclineReason.TERMS_CHANGED);
    }

    private static String one(Fixture made, Received request, String price) {
        Offer offer = made.payee.offer(request);
        String[] parts = price.split(" ", -1);
        offer.amount = Long.parseLong(parts[0]);
        offer.currency = parts[1];
        offer.intent = parts.length > 2 ? parts[2] : offer.intent;
        return made.payee.signed(offer).format();
    }

    @Test
    @Requirement("F-CL-13")
    void prefer_whatIsNoCode_isRefused() {
        for (String code : List.of("usd.e6", "USD", "pages", "")) {
            assertThatIllegalArgumentException().isThrownBy(() -> offering(client -> client.prefer(code), "1 usd"));
        }
    }
}
