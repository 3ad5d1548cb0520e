package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Totals;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A served folder, over a real socket, as curl and a paying customer meet it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentShopTest {

    private static final String PAGE = "<h1>Worth it</h1>\n";
    private static final String LARGE = "0123456789abcdef".repeat(20_000);

    private Path admin = Path.of("");
    private @Nullable DocumentShop opened;

    @BeforeAll
    void open(@TempDir Path temp) throws Exception {
        Path docs = Files.createDirectories(temp.resolve("docs"));
        Files.createDirectories(docs.resolve("sub"));
        Files.createDirectories(docs.resolve(".git"));
        Files.writeString(docs.resolve("page.html"), PAGE);
        Files.writeString(docs.resolve("a b.txt"), "spaces");
        Files.writeString(docs.resolve("style.css"), "body {}");
        Files.writeString(docs.resolve("large.bin"), LARGE);
        Files.writeString(docs.resolve("sub/index.html"), "a folder's page");
        Files.writeString(docs.resolve(".git/config"), "hidden");
        Files.writeString(docs.resolve(".env"), "hidden");
        Files.writeString(temp.resolve("outside.txt"), "not for sale");
        Files.createSymbolicLink(docs.resolve("link.txt"), temp.resolve("outside.txt"));
        KeyFiles keys = KeyFiles.in(temp.resolve("keys"));
        keys.init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        admin = keys.adminFile();
        opened = DocumentShop.open(ShopConfig.builder(docs, temp.resolve("shop.db"), keys, "0.002usd")
                .price("*.bin", "0.02usd")
                .price("/sub/index.html", "0.0005usd")
                .free("*.css")
                .build());
    }

    @AfterAll
    void close() {
        shop().close();
    }

    private DocumentShop shop() {
        DocumentShop shop = opened;
        if (shop == null) {
            throw new IllegalStateException("not open");
        }
        return shop;
    }

    private Customer customer() {
        return new Customer(shop().origin());
    }

    private Customer customerWith(String money) throws Exception {
        Customer customer = customer();
        assertThat(customer.register().statusCode()).isEqualTo(201);
        Terminal topUp =
                Terminal.run("wallet", "topup", "--url", shop().origin(), "--admin", admin, customer.wallet(), money);
        assertThat(topUp.err()).isEmpty();
        return customer;
    }

    @Test
    @Requirement({"S1", "S7", "S10", "S31", "S49", "F-PR-1", "F-SV-30"})
    void unpaid_curl_sees402WithASignedChallengeAndAProblem() throws Exception {
        HttpResponse<String> answer = customer().get("/page.html");

        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(
                        value -> assertThat(value).startsWith("Payment ").contains("jws=\""));
        Problem problem = Problem.parse(answer.body());
        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_REQUIRED);
        assertThat(problem.status()).isEqualTo(402);
        assertThat(problem.title()).isNotBlank();
        assertThat(problem.detail()).contains("0.002 USD");
        assertThat(answer.headers().firstValue("X-Request-Id")).contains(String.valueOf(problem.requestId()));
        assertThat(problem.resolutions()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Worth it");
    }

    @Test
    @Requirement({"F-KY-1", "F-KY-10"})
    void unpaid_challenge_isSignedByAKeyOfThisOrigin() throws Exception {
        Challenge challenge = Customer.challenge(customer().get("/page.html"));
        KeyDirectory keys =
                KeyDirectory.parse(customer().get(KeyDirectory.WELL_KNOWN_PATH).body());

        ChallengeVerifier.verify(
                challenge, RequestTarget.of("GET", shop().origin(), "/page.html", null), keys, null, Instant.now());
        assertThat(challenge.paymentRequest().recipient())
                .isEqualTo(shop().origin().text());
        assertThat(challenge.paymentRequest().amount().baseUnits()).isEqualTo(2000);
    }

    @Test
    @Requirement({"S5", "S25", "S26", "S50", "F-SV-30", "F-SV-31"})
    void paid_once_isServedWithAReceiptAndTheBooksAddUp() throws Exception {
        Customer customer = customerWith("5usd");
        HttpResponse<String> unpaid = customer.get("/page.html");
        HttpResponse<String> paid = customer.get("/page.html", "Authorization", customer.pay(unpaid));

        assertThat(paid.statusCode()).isEqualTo(200);
        assertThat(paid.body()).isEqualTo(PAGE);
        assertThat(paid.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(v -> assertThat(v).contains("private"));
        assertThat(ChargeOutcome.parse(
                                paid.headers().firstValue("Payment-Outcome").orElseThrow())
                        .state())
                .isEqualTo(ChargeOutcome.State.CAPTURED);
        PaymentReceipt receipt = PaymentReceipt.parse(
                paid.headers().firstValue("Payment-Receipt").orElseThrow());
        ReceiptVerifier.verifyFor(
                receipt,
                Customer.challenge(unpaid),
                KeyDirectory.parse(customer.get(KeyDirectory.WELL_KNOWN_PATH).body()),
                Instant.now());

        assertThat(customer.own("").body())
                .contains("\"available\":\"4998000\"")
                .contains("\"held\":\"0\"");
        assertThat(customer.own("/statement").body())
                .contains("\"kind\":\"capture\"")
                .contains("\"recipient\":\"" + shop().origin().text() + "\"")
                .contains("\"challengeId\":\"" + Customer.challenge(unpaid).id() + "\"");
        List<Totals> totals = shop().ledger().totals().toCompletableFuture().join();
        assertThat(totals)
                .isNotEmpty()
                .allSatisfy(total -> assertThat(total.sum()).isZero());
        assertThat(shop().ledger().check().toCompletableFuture().join().findings())
                .isEmpty();
    }

    @Test
    @Requirement({"T1", "S46"})
    void paid_sameCredentialAgain_isServedAgainAndChargedOnce() throws Exception {
        Customer customer = customerWith("1usd");
        String credential = customer.pay(customer.get("/page.html"));
        HttpResponse<String> first = customer.get("/page.html", "Authorization", credential);
        HttpResponse<String> again = customer.get("/page.html", "Authorization", credential);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Payment-Receipt"))
                .isEqualTo(first.headers().firstValue("Payment-Receipt"));
        assertThat(customer.own("").body()).contains("\"available\":\"998000\"");
    }

    @Test
    @Requirement({"T4"})
    void paid_cheapFile_doesNotBuyTheDearOne() throws Exception {
        Customer customer = customerWith("1usd");
        HttpResponse<String> answer =
                customer.get("/large.bin", "Authorization", customer.pay(customer.get("/page.html")));

        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(answer.body()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(customer.own("").body()).contains("\"available\":\"1000000\"");
    }

    @Test
    void paid_largeFile_isWholeAtItsOwnPrice() throws Exception {
        Customer customer = customerWith("1usd");
        HttpResponse<String> paid =
                customer.get("/large.bin", "Authorization", customer.pay(customer.get("/large.bin")));

        assertThat(paid.statusCode()).isEqualTo(200);
        assertThat(paid.body()).isEqualTo(LARGE);
        assertThat(paid.headers().firstValue("Payment-Receipt")).isPresent();
        assertThat(customer.own("").body()).contains("\"available\":\"980000\"");
    }

    @Test
    void paid_emptyWallet_isToldWhatIsMissing() throws Exception {
        Customer customer = customerWith("0.0019usd");
        HttpResponse<String> answer =
                customer.get("/page.html", "Authorization", customer.pay(customer.get("/page.html")));

        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(answer.body()).type()).isEqualTo(ProblemType.INSUFFICIENT_FUNDS);
    }

    @ParameterizedTest
    @CsvSource({"/page.html, 2000", "/a%20b.txt, 2000", "/large.bin, 20000", "/sub/, 500", "/sub/index.html, 500"})
    void price_ofEachPath_isWhatWasConfigured(String path, long price) throws Exception {
        assertThat(Customer.challenge(customer().get(path))
                        .paymentRequest()
                        .amount()
                        .baseUnits())
                .isEqualTo(price);
    }

    @Test
    void freePath_always_isServedWithoutPayment() throws Exception {
        HttpResponse<String> answer = customer().get("/style.css");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("body {}");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    @Requirement({"T63", "F-SV-21", "F-SV-22"})
    void head_costsWhatGetCosts_optionsNothing() throws Exception {
        HttpResponse<String> head = customer().send("HEAD", "/page.html", "");
        assertThat(head.statusCode()).isEqualTo(402);
        assertThat(head.body()).isEmpty();
        assertThat(Customer.challenge(head).jws()).isNotNull();

        HttpResponse<String> options = customer().send("OPTIONS", "/page.html", "");
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "get"})
    void otherMethods_areRefusedBeforeAnyPrice(String method) throws Exception {
        HttpResponse<String> answer = customer().send(method, "/page.html", "x");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none.html",
                "/",
                "/.env",
                "/.git/config",
                "/link.txt",
                "/page.html/x",
                "/PAGE.HTML",
                "/sub/none",
                "/outside.txt",
                "/v1",
                "//etc/passwd"
            })
    @Requirement({"S9", "T7"})
    void whatIsNotForSale_isNotFoundAndHasNoPrice(String path) throws Exception {
        HttpResponse<String> answer = customer().get(path);

        assertThat(answer.statusCode()).isIn(404, 400);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.body())
                .doesNotContain("hidden")
                .doesNotContain("not for sale")
                .doesNotContain("\tat ");
    }

    @Test
    void folderWithoutItsSlash_isSentThere() throws Exception {
        HttpResponse<String> answer = customer().get("/sub");

        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(location -> assertThat(location).endsWith("/sub/"));
    }

    @Test
    @Requirement({"F-BI-32", "T5"})
    void anotherHost_isMisdirectedEverywhere() throws Exception {
        for (String path : List.of("/page.html", KeyDirectory.WELL_KNOWN_PATH, "/v1/wallets")) {
            String answer = RawSocket.ask(
                    shop().local(), "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 421").doesNotContain("Payment id");
        }
    }

    @Test
    @Requirement({"S36", "T23"})
    void largeHeader_of16KiB_isTakenAndALargerOneIs431() throws Exception {
        Customer customer = customer();

        assertThat(customer.get("/page.html", "Authorization", "Payment " + "A".repeat(16_000))
                        .statusCode())
                .isEqualTo(402);
        assertThat(customer.get("/page.html", "X-Pad", "A".repeat(30_000)).statusCode())
                .isEqualTo(431);
    }

    @Test
    void serverField_never_saysWhatThisIs() throws Exception {
        assertThat(customer().get("/style.css").headers().firstValue("Server")).isEmpty();
    }
}
