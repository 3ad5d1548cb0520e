package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.testing.TestTls;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.trust.TrustQuestion;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments outside the loopback profile: TLS, and payees that are not the origin asked. */
class TlsPaymentTest {

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private SSLContext tls;
    private ScriptedServer shop;
    private ScriptedServer company;
    private Purse purse;

    @BeforeEach
    void start() throws Exception {
        tls = TestTls.create(temp);
        shop = ScriptedServer.start(tls.getServerSocketFactory(), "https://localhost:");
        company = ScriptedServer.start(tls.getServerSocketFactory(), "https://localhost:");
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
    }

    @AfterEach
    void stop() throws Exception {
        shop.close();
        company.close();
    }

    private HttpClient http() {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    private PayingClient client(UnaryOperator<SpendingPolicy.Builder> policy, boolean privateRecipients)
            throws Exception {
        return client(policy, privateRecipients, TrustQuestion.REFUSE);
    }

    private PayingClient client(
            UnaryOperator<SpendingPolicy.Builder> policy, boolean privateRecipients, TrustQuestion trust)
            throws Exception {
        SpendingPolicy.Builder limits = SpendingPolicy.builder()
                .allowOrigin(shop.origin().text())
                .perRequest("0.01usd")
                .total("1usd");
        PayingClient.Builder builder = PayingClient.builder(
                        purse, policy.apply(limits).build())
                .clock(clock)
                .httpClient(http())
                .onTrustChange(trust);
        if (privateRecipients) {
            builder.keyFetcher(new KeyFetcher(http(), clock, Runnable::run, PatientKeys.LIMIT, address -> true));
        } else {
            builder.keyFetcher(PatientKeys.at(clock));
        }
        return builder.build();
    }

    private PaidResponse<String> get(PayingClient client) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(shop.origin().text() + "/page"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static DeclineReason declined(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return ((Declined) answer.outcome()).why();
    }

    @Test
    @Requirement({"F-CL-2", "C13", "F-BI-35"})
    void send_overTls_pays() throws Exception {
        TestPayee payee = new TestPayee(shop.origin(), clock);
        shop.script(payee.honest(purse.publicKey(shop.origin())));
        PaidResponse<String> answer = get(client(policy -> policy, false));
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Served.class,
                        served -> assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID));
        assertThat(payee.takable()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-2", "T13"})
    void send_certificateThatIsNotTrusted_failsBeforeAnything() throws Exception {
        PayingClient client = PayingClient.builder(
                        purse,
                        SpendingPolicy.builder()
                                .allowAnyOrigin()
                                .perRequest("1usd")
                                .total("1usd")
                                .build())
                .clock(clock)
                .build();
        assertThatThrownBy(() -> get(client)).isInstanceOf(SSLException.class);
    }

    @Test
    @Requirement({"T13", "T14", "C13"})
    void send_downgradeToHttp_isNotFollowed() throws Exception {
        shop.script(request -> Reply.of(301).header("Location", "http://localhost/page"));
        assertThat(declined(get(client(policy -> policy, false)))).isEqualTo(DeclineReason.CROSS_ORIGIN_REDIRECT);
    }

    /** The shop sells for the company: one key, listed by both, and the company names the shop. */
    private List<PaymentOrder> sellsForTheCompany(boolean vouched) {
        TestPayee payee = new TestPayee(shop.origin(), clock);
        KeyDirectory shops = payee.directory();
        List<String> origins = vouched
                ? List.of(company.origin().text(), shop.origin().text())
                : List.of(company.origin().text());
        KeyDirectory companys = new KeyDirectory(
                shops.keys(),
                company.origin().text(),
                origins,
                List.of(company.origin().realm()),
                true,
                List.of());
        company.script(request -> Reply.ok(companys.format()));
        List<PaymentOrder> orders = new ArrayList<>();
        shop.script(request -> {
            if (request.target().equals(KeyDirectory.WELL_KNOWN_PATH)) {
                return Reply.ok(shops.format());
            }
            return request.credential()
                    .map(paid -> {
                        try {
                            orders.add(PaymentOrder.parse(paid));
                        } catch (org.farthing.protocol.MalformedException e) {
                            throw new AssertionError(e);
                        }
                        return payee.serve(paid);
                    })
                    .orElseGet(() -> payee.demand(
                            request, offer -> offer.recipient = company.origin().text()));
        });
        return orders;
    }

    @Test
    @Requirement({"F-SG-35", "F-KY-12", "F-WO-7"})
    void send_recipientVouchesForTheOrigin_paysTheRecipientsLedger() throws Exception {
        List<PaymentOrder> orders = sellsForTheCompany(true);
        PaidResponse<String> answer =
                get(client(policy -> policy.allowRecipient(company.origin().text()), true));
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Served.class,
                        served -> assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID));
        orders.get(0).verify(purse.publicKey(company.origin()), company.origin());
    }

    @Test
    @Requirement({"T9", "T11", "F-CL-20", "F-OU-11"})
    void send_otherRecipientAfterASignedRelease_isNotPaid() throws Exception {
        TestPayee payee = new TestPayee(shop.origin(), clock);
        KeyDirectory companys = new KeyDirectory(
                payee.directory().keys(),
                company.origin().text(),
                List.of(company.origin().text(), shop.origin().text()),
                List.of(company.origin().realm()),
                true,
                List.of());
        company.script(request -> Reply.ok(companys.format()));
        shop.script(payee.script(
                purse.publicKey(shop.origin()), request -> payee.demand(request, offer -> {}), (request, paid) -> {
                    var offer = payee.offer(request);
                    offer.recipient = company.origin().text();
                    return Reply.problem(payee.released(paid, "no"))
                            .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                            .header("WWW-Authenticate", payee.signed(offer).format());
                }));
        // Even an owner who accepts every change of payee does not pay another one within the same call.
        PaidResponse<String> answer =
                get(client(policy -> policy.allowRecipient(company.origin().text()), true, change -> true));
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        NotCharged.class,
                        outcome -> assertThat(outcome.notRepeated())
                                .isNotNull()
                                .extracting(Declined::why)
                                .isEqualTo(DeclineReason.TERMS_CHANGED));
        assertThat(payee.payments()).isOne();
    }

    @Test
    @Requirement({"F-SG-35", "F-KY-12", "T15"})
    void send_recipientDoesNotVouch_isDeclined() throws Exception {
        sellsForTheCompany(false);
        assertThat(declined(get(
                        client(policy -> policy.allowRecipient(company.origin().text()), true))))
                .isEqualTo(DeclineReason.WRONG_RECIPIENT);
    }

    @Test
    @Requirement({"F-KY-51", "F-KY-53", "T21"})
    void send_recipientTheOwnerDidNotName_isDeclinedAndNotAsked() throws Exception {
        sellsForTheCompany(true);
        assertThat(declined(get(client(policy -> policy, true)))).isEqualTo(DeclineReason.RECIPIENT_NOT_ALLOWED);
        assertThat(company.keyRequests()).isEmpty();
    }

    @Test
    @Requirement({"F-KY-51", "T21"})
    void send_recipientAtAPrivateAddress_isDeclinedAndNotAsked() throws Exception {
        sellsForTheCompany(true);
        assertThat(declined(get(
                        client(policy -> policy.allowRecipient(company.origin().text()), false))))
                .isEqualTo(DeclineReason.KEYS_UNAVAILABLE);
        assertThat(company.keyRequests()).extracting(Received::target).isEmpty();
    }
}
