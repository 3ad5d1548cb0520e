package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.conformance.server.Page;
import org.farthing.conformance.server.PageName;
import org.farthing.conformance.server.SiteConfig;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceServerTest {

    /** It stands, so that challenges of seconds are paid in time however slow the machine is. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private ReferenceServer server;

    @BeforeAll
    void start() throws IOException {
        server = ReferenceServer.open(ReferenceSettings.temporary().at(CLOCK).withWalletService(true));
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    private HttpRequest.Builder request(ReferencePage page) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.origin() + page.path()));
        return page.method().equals("POST") ? request.POST(BodyPublishers.ofString("{\"item\":\"book\"}")) : request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private List<Challenge> challenges(ReferencePage page) throws Exception {
        return Challenge.parseAll(send(request(page)).headers().allValues("WWW-Authenticate"))
                .challenges();
    }

    private Challenge orderChallenge(ReferencePage page) throws Exception {
        for (Challenge challenge : challenges(page)) {
            if (challenge.method().equals("wallet")
                    && !challenge.paymentRequest().methodDetails().containsKey("providers")) {
                return challenge;
            }
        }
        throw new AssertionError("no challenge for orders");
    }

    private HttpResponse<String> pay(ReferencePage page) throws Exception {
        Challenge challenge = orderChallenge(page);
        SigningKey key = SigningKey.fromJwk(Files.readString(server.walletFile(), UTF_8));
        Amount amount = challenge.paymentRequest().amount();
        PaymentOrder order = PaymentOrder.sign(key, challenge, server.origin(), amount, server.walletId());
        Credential credential = Credential.of(challenge, null, order.toPayload());
        String field = challenge.header() == null ? "Authorization" : challenge.header();
        return send(request(page).header(field, credential.format()));
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"F-CO-50", "S1"})
    void page_unpaid_isFreeOrDemandsItsPrices(ReferencePage page) throws Exception {
        HttpResponse<String> answer = send(request(page));

        assertThat(answer.statusCode()).isEqualTo(page == ReferencePage.SIGNED_IN ? 401 : page.isPriced() ? 402 : 200);
        if (answer.statusCode() == 402 && page != ReferencePage.SHORT) {
            assertThat(challenges(page).stream()
                            .filter(challenge -> challenge.method().equals("wallet")))
                    .hasSize(2 * page.prices().size());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ReferencePage.class,
            names = {"PAID", "PAID_POST", "TWIN", "DEAR", "SEVERAL", "OWN_AUTHORIZATION", "SHORT", "LARGE", "SLOW"})
    @Requirement("F-CO-50")
    void page_paidByTheWalletOfTheKeyFile_isServedWithAReceipt(ReferencePage page) throws Exception {
        HttpResponse<String> answer = pay(page);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"page\":\"" + page.word() + "\"");
        assertThat(answer.headers().allValues("Payment-Receipt")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReferencePage.class,
            names = {"MISSING", "FAILING", "DENIED"})
    @Requirement("F-CO-50")
    void page_thatFails_isNotCharged(ReferencePage page) throws Exception {
        HttpResponse<String> answer = pay(page);

        int expected = switch (page) {
            case MISSING -> 404;
            case DENIED -> 403;
            default -> 500;
        };
        assertThat(answer.statusCode()).isEqualTo(expected);
        assertThat(answer.headers().firstValue("Payment-Outcome").orElse("")).startsWith("released");
        assertThat(answer.headers().allValues("Payment-Receipt")).isEmpty();
    }

    private Challenge couponChallenge() throws Exception {
        return challenges(ReferencePage.SEVERAL).stream()
                .filter(challenge -> challenge.method().equals("coupon"))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> payByCoupon(Challenge challenge, String code) throws Exception {
        Credential credential = Credential.of(challenge, null, Map.of("code", code));
        return send(request(ReferencePage.SEVERAL).header("Authorization", credential.format()));
    }

    private String code(Challenge challenge) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                Files.readString(server.couponFile(), UTF_8).strip().getBytes(UTF_8), "HmacSHA256"));
        return Base64Url.encode(mac.doFinal(challenge.id().getBytes(UTF_8)));
    }

    @Test
    @Requirement("F-CO-58")
    void several_paidByCoupon_isServedForItsOwnChallengeOnly() throws Exception {
        Challenge challenge = couponChallenge();
        HttpResponse<String> answer = payByCoupon(challenge, code(challenge));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().allValues("Payment-Receipt")).hasSize(1);

        HttpResponse<String> refused = payByCoupon(couponChallenge(), code(challenge));
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.body()).contains("verification-failed");
    }

    @Test
    @Requirement("F-CO-50")
    void shortPage_challengesLiveForSeconds() throws Exception {
        Challenge challenge = orderChallenge(ReferencePage.SHORT);

        assertThat(challenge.expiresAt()).isEqualTo(CLOCK.instant().plusSeconds(2));
    }

    @Test
    @Requirement("F-CO-51")
    void config_namesEveryPageAndTheKeyFile_andIsOnlyItsOwners() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.walletFile())))
                .isEqualTo("rw-------");

        SiteConfig config = SiteConfig.read(server.config(), null);

        assertThat(config.pages()).containsOnlyKeys(PageName.values());
        assertThat(Objects.requireNonNull(config.payment()).wallet()).isEqualTo(server.walletFile());
        assertThat(config.walletService())
                .hasToString(server.service().orElseThrow().origin().text());
        Page order = Objects.requireNonNull(config.pages().get(PageName.PAID_POST));
        assertThat(order.method()).isEqualTo("POST");
        assertThat(order.body()).isNotEmpty();
        Page other = Objects.requireNonNull(config.pages().get(PageName.OTHER_REALM));
        assertThat(http.send(HttpRequest.newBuilder(other.uri()).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(402);
    }

    @Test
    @Requirement("F-CO-50")
    void counter_countsWhatWasMade() throws Exception {
        long before = Long.parseLong(send(request(ReferencePage.COUNTER)).body());
        pay(ReferencePage.PAID);

        assertThat(send(request(ReferencePage.COUNTER)).body()).isEqualTo(Long.toString(before + 1));
    }

    @Test
    @Requirement("F-CO-52")
    void introduction_hasTheLinesToPaste() {
        StringWriter text = new StringWriter();
        ReferenceServerCommand.introduce(server, new PrintWriter(text));

        assertThat(text.toString())
                .contains("server " + server.origin() + " --profile wallet --config " + server.config())
                .contains("wallet " + server.service().orElseThrow().origin() + " --admin ")
                .contains("curl -i " + server.origin() + "/paid")
                .contains("ready " + server.origin() + "/");
    }

    @Test
    @Requirement({"F-CO-52", "F-CO-101"})
    void introductionWithTokens_namesTheirIssuerAndChecksThem() throws Exception {
        StringWriter text = new StringWriter();
        try (ReferenceServer issuing =
                ReferenceServer.open(ReferenceSettings.temporary().withTokens(FixedTokenKeys.at(Instant.now())))) {
            ReferenceServerCommand.introduce(issuing, new PrintWriter(text));

            assertThat(issuing.issuesTokens()).isTrue();
            assertThat(text.toString())
                    .contains("--profile token --config " + issuing.config())
                    .contains(issuing.origin() + "/.well-known/private-token-issuer-directory");
        }
    }

    @Test
    @Requirement("F-CO-52")
    void folder_named_keepsKeysAndWallet() throws Exception {
        ReferenceSettings settings = ReferenceSettings.temporary().in(folder.resolve("kept"));
        String wallet;
        try (ReferenceServer first = ReferenceServer.open(settings)) {
            wallet = first.walletId();
        }
        try (ReferenceServer second = ReferenceServer.open(settings)) {
            assertThat(second.walletId()).isEqualTo(wallet);
        }
    }

    @Test
    @Requirement("F-CO-52")
    void folder_temporary_isRemoved() throws Exception {
        Path config;
        try (ReferenceServer one = ReferenceServer.open(ReferenceSettings.temporary())) {
            config = one.config();
            assertThat(config).exists();
        }
        assertThat(config.getParent()).doesNotExist();
    }

    @Test
    @Requirement("F-CO-50")
    void outcome_ofAPaidPage_isCaptured() throws Exception {
        String outcome =
                pay(ReferencePage.PAID).headers().firstValue("Payment-Outcome").orElseThrow();

        assertThat(state(outcome)).isEqualTo(ChargeOutcome.State.CAPTURED);
    }

    private static ChargeOutcome.State state(String field) throws MalformedException {
        return ChargeOutcome.parse(field).state();
    }
}
