package org.farthing.conformance.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.conformance.reference.ReferenceWalletService;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** {@code mppx} as client of our paywall, with the method {@code wallet} of {@code interop/wallet}. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MppxPaysUsTest {

    private static final long PRICE = 1000;
    private static final Duration LATER = Duration.ofMinutes(6);

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile Duration ahead = Duration.ZERO;
    private Mppx mppx;
    private ReferenceServer server;
    private JsonNode key;

    @BeforeAll
    void start() throws IOException {
        mppx = Mppx.start();
        server = ReferenceServer.open(ReferenceSettings.temporary()
                .withWalletService(true)
                .at(() -> Instant.now().plus(ahead)));
        key = Mppx.JSON.readTree(server.walletFile().toFile());
    }

    @AfterAll
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (mppx != null) {
            mppx.close();
        }
    }

    private ObjectNode command(String word, String path) {
        ObjectNode command = Mppx.command(word).put("url", server.origin() + path);
        command.set("key", key);
        return command;
    }

    private JsonNode pay(String path) throws IOException {
        return mppx.does(command("pay", path));
    }

    private ReferenceWalletService service() {
        return server.service().orElseThrow();
    }

    private long available(Ledger ledger, String currency) {
        return ledger.accounts(server.walletId()).toCompletableFuture().join().stream()
                .filter(account -> account.currency().equals(currency))
                .mapToLong(Account::available)
                .sum();
    }

    private long dollars() {
        return available(server.ledger(), "usd.e6");
    }

    /** What went over the wire, without the look at who signs here. */
    private static List<JsonNode> wire(JsonNode answer) {
        List<JsonNode> requests = new ArrayList<>();
        answer.get("wire").forEach(requests::add);
        requests.removeIf(request -> request.get("url").asText().endsWith(KeyDirectory.WELL_KNOWN_PATH));
        return requests;
    }

    private static String field(JsonNode request, String name) {
        return request.get("headers").path(name).asText();
    }

    private HttpResponse<String> send(String path, String field, String credential) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.origin() + path))
                .header(field, credential)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static ProblemType problem(HttpResponse<String> answer) throws Exception {
        return Problem.parse(answer.body()).type();
    }

    @Test
    @Requirement({"F-CO-80", "S1", "S5", "S25", "S26", "S50"})
    void order_paysThePriceOnceAndBringsAReceiptThatHolds() throws Exception {
        long before = dollars();

        JsonNode answer = pay("/paid");

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.get("body").asText()).contains("\"page\":\"paid\"");
        assertThat(before - dollars()).isEqualTo(PRICE);
        assertThat(wire(answer))
                .hasSize(2)
                .allSatisfy(
                        request -> assertThat(field(request, "accept-payment")).isEqualTo("wallet/charge"));
        assertThat(answer.get("headers").get("cache-control").asText()).isEqualTo("private");
        assertThat(answer.get("receipt").get("amount").asText()).isEqualTo("1000");
        PaymentReceipt receipt = PaymentReceipt.parse(
                answer.get("headers").get("payment-receipt").asText());
        String keys = http.send(
                        HttpRequest.newBuilder(URI.create(server.origin() + KeyDirectory.WELL_KNOWN_PATH))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        ReceiptVerifier.verify(receipt, KeyDirectory.parse(keys.getBytes(UTF_8)), Instant.now());
    }

    @Test
    @Requirement({"F-CO-80", "F-RT-1", "F-WS-6"})
    void receiptToken_paysByWayOfTheWalletService() throws Exception {
        long here = dollars();
        long there = available(service().ledger(), "usd.e6");

        JsonNode answer = mppx.does(
                command("pay", "/paid").put("service", service().origin().text()));

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(there - available(service().ledger(), "usd.e6")).isEqualTo(PRICE);
        assertThat(dollars()).isEqualTo(here);
    }

    @Test
    @Requirement({"F-CO-80", "S29", "C17"})
    void severalOffers_mppxPaysTheOneInItsCurrency() throws Exception {
        long before = available(server.ledger(), "eur.e6");

        JsonNode answer = mppx.does(command("pay", "/several").put("currency", "eur.e6"));

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.get("receipt").get("currency").asText()).isEqualTo("eur.e6");
        assertThat(before - available(server.ledger(), "eur.e6")).isEqualTo(PRICE);
    }

    @Test
    @Requirement({"F-CO-80", "S53", "S54", "S55", "C21"})
    void paymentAuthorization_leavesTheCallersAuthorizationAlone() throws Exception {
        ObjectNode command = command("pay", "/own-authorization");
        command.putObject("headers").put("authorization", "Bearer of-the-caller");

        JsonNode answer = mppx.does(command);

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        JsonNode paying = wire(answer).get(1);
        assertThat(field(paying, "payment-authorization")).startsWith("Payment ");
        assertThat(field(paying, "authorization")).isEqualTo("Bearer of-the-caller");
    }

    @Test
    @Requirement({"F-CO-80", "S18", "S24", "S45", "C3"})
    void post_isBoundToItsBodyAndItsKeyRunsItOnce() throws Exception {
        long before = dollars();
        ObjectNode command = command("pay", "/paid-post").put("method", "POST").put("body", "{\"item\":\"book\"}");
        command.putObject("headers").put("content-type", "application/json").put("idempotency-key", "order-77");

        JsonNode first = mppx.does(command);
        JsonNode again = mppx.does(command);

        assertThat(first.path("status").asInt()).as(first.toString()).isEqualTo(200);
        assertThat(wire(first)).hasSize(2).allSatisfy(request -> {
            assertThat(request.get("body").asText()).isEqualTo("{\"item\":\"book\"}");
            assertThat(field(request, "idempotency-key")).isEqualTo("order-77");
        });
        assertThat(again.path("status").asInt()).as(again.toString()).isEqualTo(200);
        assertThat(again.get("body")).isEqualTo(first.get("body"));
        assertThat(before - dollars()).isEqualTo(PRICE);
    }

    @Test
    @Requirement({"F-CO-80", "S3", "S28", "S56", "T1"})
    void expiredChallenge_isPaymentExpiredWithAFreshOne() throws Exception {
        long before = dollars();
        JsonNode made = mppx.does(command("credential", "/paid"));
        ahead = LATER;
        HttpResponse<String> answer;
        try {
            answer = send("/paid", "Authorization", made.get("credential").asText());
        } finally {
            ahead = Duration.ZERO;
        }

        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(problem(answer)).isEqualTo(ProblemType.PAYMENT_EXPIRED);
        assertThat(answer.headers().allValues("WWW-Authenticate")).isNotEmpty();
        assertThat(dollars()).isEqualTo(before);
    }

    @Test
    @Requirement({"F-CO-80", "S3", "S46", "T3", "T4", "F-RE-1"})
    void sameCredentialAgain_buysNothingElse() throws Exception {
        long before = dollars();
        String credential =
                mppx.does(command("credential", "/paid")).get("credential").asText();

        HttpResponse<String> first = send("/paid", "Authorization", credential);
        HttpResponse<String> again = send("/paid", "Authorization", credential);
        HttpResponse<String> elsewhere = send("/twin", "Authorization", credential);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(elsewhere.statusCode()).isEqualTo(402);
        assertThat(problem(elsewhere)).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(before - dollars()).isEqualTo(PRICE);
    }

    @Test
    @Requirement({"F-CO-80", "F-PR-20", "S27"})
    void failingHandler_costsNothingAndMakesMppxPayNoSecondTime() throws Exception {
        long before = dollars();

        // As many tries as mppx makes by itself.
        JsonNode answer = mppx.does(command("pay", "/failing").put("retries", 3));

        assertThat(answer.path("status").asInt()).as(answer.toString()).isGreaterThanOrEqualTo(500);
        assertThat(answer.get("headers").has("payment-receipt")).isFalse();
        assertThat(wire(answer)).hasSize(2);
        assertThat(dollars()).isEqualTo(before);
    }

    @Test
    @Requirement({"F-CO-80", "C14", "F-SG-34"})
    void dearOrUnsignedOffers_areNotPaid() throws Exception {
        assertThat(pay("/dear").path("error").asText())
                .isEqualTo("Not paid: 100000 usd.e6 is asked, and the limit is 10000.");
        String unsigned = mppx.shop(false);
        ObjectNode command = command("pay", "").put("url", unsigned + "/paid");
        assertThat(mppx.does(command).path("error").asText()).isEqualTo("Not paid: nobody signed this offer.");
        assertThat(mppx.served(unsigned)).isZero();
    }

    @Test
    @Requirement("F-CO-81")
    void examples_keepNoRegistryAndNoKey() throws IOException {
        assertThat(Files.readString(Node.FOLDER.resolve("package-lock.json")))
                .contains("\"node_modules/mppx\"")
                .doesNotContain("\"resolved\"", "https://registry");
        assertThat(Mppx.JSON
                        .readTree(Node.FOLDER.resolve("package.json").toFile())
                        .get("dependencies")
                        .properties())
                .allSatisfy(entry -> assertThat(entry.getValue().asText()).matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
    }
}
