package org.farthing.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our paying client against a server that sells with {@code mppx} and the method {@code wallet} of {@code interop/wallet}. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WePayMppxTest {

    private final HttpClient http = HttpClient.newHttpClient();

    private volatile Duration waited = Duration.ZERO;
    private Mppx mppx;
    private Origin origin;
    private Purse purse;
    private PayingClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        mppx = Mppx.start();
        origin = new Origin(mppx.shop(true));
        purse = Purse.create(folder.resolve("purse"), new SecureRandom());
        new WalletApi(http, purse, InstantSource.system(), true).register(origin);
        SpendingPolicy budget = SpendingPolicy.builder()
                .allowOrigin(origin.text())
                .perRequest("0.01usd")
                .total("1usd")
                .build();
        client = PayingClient.builder(purse, budget)
                .loopbackProfile()
                .clock(() -> Instant.now().plus(waited))
                .timer(this::waitFor)
                .build();
    }

    @AfterAll
    void stop() throws IOException {
        if (mppx != null) {
            mppx.close();
        }
    }

    /** The client's pauses are not slept through: its clock goes forward. */
    private CompletionStage<Void> waitFor(Duration pause) {
        waited = waited.plus(pause);
        return CompletableFuture.completedFuture(null);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin + path));
    }

    private PaidResponse<String> buy(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static void served(PaidResponse<String> done) {
        assertThat(done.outcome())
                .asInstanceOf(type(Served.class))
                .satisfies(served -> assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID));
        assertThat(done.response().map(HttpResponse::statusCode)).contains(200);
    }

    private String credential(String path) throws Exception {
        HttpResponse<String> unpaid = http.send(request(path).build(), BodyHandlers.ofString());
        Challenge challenge =
                Challenge.parse(unpaid.headers().firstValue("WWW-Authenticate").orElseThrow());
        PaymentOrder order = PaymentOrder.sign(
                purse.signingKey(origin),
                challenge,
                origin,
                challenge.paymentRequest().amount(),
                purse.walletId(origin));
        return Credential.of(challenge, null, order.toPayload()).format();
    }

    private HttpResponse<String> send(String path, String credential) throws Exception {
        return http.send(request(path).header("Authorization", credential).build(), BodyHandlers.ofString());
    }

    @Test
    @Requirement({"F-CO-82", "C2", "C6", "C8", "C14", "C19", "C20"})
    void order_isAcceptedAndTheReceiptHolds() throws Exception {
        int before = mppx.served(origin.text());

        served(buy(request("/paid")));

        assertThat(mppx.served(origin.text())).isEqualTo(before + 1);
    }

    @Test
    @Requirement({"F-CO-82", "C17"})
    void severalOffers_oneIsPaid() throws Exception {
        served(buy(request("/several")));
    }

    @Test
    @Requirement({"F-CO-82", "C21", "S53"})
    void paymentAuthorization_leavesTheCallersAuthorizationAlone() throws Exception {
        served(buy(request("/own-authorization").header("Authorization", "Bearer of-the-caller")));
    }

    @Test
    @Requirement({"F-CO-82", "C3", "F-BI-41"})
    void post_isNotPaidWhereNothingBindsItsBody() throws Exception {
        int before = mppx.served(origin.text());

        PaidResponse<String> done = buy(request("/paid-post").POST(BodyPublishers.ofString("{}")));

        assertThat(done.outcome())
                .asInstanceOf(type(Declined.class))
                .extracting(Declined::why)
                .isEqualTo(DeclineReason.DIGEST_MISMATCH);
        assertThat(mppx.served(origin.text())).isEqualTo(before);
    }

    @Test
    @Requirement({"F-CO-82", "C14", "C16"})
    void overBudget_isDeclinedAndNothingLeaves() throws Exception {
        PaidResponse<String> done = buy(request("/dear"));

        assertThat(done.outcome())
                .asInstanceOf(type(Declined.class))
                .extracting(Declined::why)
                .isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
    }

    @Test
    @Requirement({"F-CO-82", "S3"})
    void sameCredentialAgain_isRefusedAndServedOnce() throws Exception {
        int before = mppx.served(origin.text());
        String credential = credential("/paid");

        HttpResponse<String> first = send("/paid", credential);
        HttpResponse<String> again = send("/paid", credential);
        HttpResponse<String> elsewhere = send("/twin", credential("/paid"));

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(again.body()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(elsewhere.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(elsewhere.body()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(mppx.served(origin.text())).isEqualTo(before + 1);
    }

    @Test
    @Requirement({"F-CO-82", "S3", "S4"})
    void expiredOrForged_isRefused() throws Exception {
        String late = credential("/short");
        mppx.does(Mppx.command("clock").put("ahead", 10));
        HttpResponse<String> expired;
        try {
            expired = send("/short", late);
        } finally {
            mppx.does(Mppx.command("clock").put("ahead", 0));
        }
        assertThat(expired.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(expired.body()).type()).isEqualTo(ProblemType.PAYMENT_EXPIRED);

        Credential good = Credential.parse(credential("/paid"));
        Map<String, Object> payload = new TreeMap<>(good.payload());
        payload.computeIfPresent("jws", (name, jws) -> jws.toString().replaceFirst("\\.\\..{8}", "..AAAAAAAA"));
        HttpResponse<String> forged =
                send("/paid", Credential.of(good.challenge(), null, payload).format());
        assertThat(forged.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(forged.body()).type()).isEqualTo(ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-CO-82", "F-OU-12", "F-RC-22"})
    void failingHandlerThatKeptTheMoney_isUnknownAndPaidOnce() throws Exception {
        int before = mppx.served(origin.text());

        PaidResponse<String> done = buy(request("/failing"));

        assertThat(done.outcome()).isInstanceOf(PaymentOutcome.Unknown.class);
        assertThat(mppx.served(origin.text())).isEqualTo(before + 1);
    }
}
