package org.farthing.conformance.payer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.ConformanceCommand;
import org.farthing.conformance.reference.FixedTokenKeys;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceClientTest {

    @TempDir
    private Path folder;

    private ReferenceServer server;

    @BeforeAll
    void start() throws IOException {
        server = ReferenceServer.open(ReferenceSettings.temporary().withTokens(FixedTokenKeys.at(Instant.now())));
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    private record Ran(int exit, String out, String err) {

        JsonNode account() {
            try {
                return new JsonMapper().readTree(out);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + out, e);
            }
        }

        List<String> steps() {
            List<String> names = new ArrayList<>();
            account().path("steps").forEach(step -> names.add(step.path("step").textValue()));
            return names;
        }
    }

    private Ran run(String url, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                ConformanceCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> args = new ArrayList<>(List.of("reference-client", url));
        args.addAll(List.of(more));
        int exit = line.execute(args.toArray(String[]::new));
        return new Ran(exit, out.toString(), err.toString());
    }

    private String page(String path) {
        return server.origin() + path;
    }

    private String key() {
        return server.walletFile().toString();
    }

    @Test
    @Requirement({"F-CO-70", "F-CO-71"})
    void page_withinTheLimit_isPaidAndTold() {
        Ran ran = run(page("/paid"), "--wallet", key(), "--max", "1usd");

        assertThat(ran.exit()).as("%s%s", ran.out(), ran.err()).isZero();
        JsonNode account = ran.account();
        assertThat(account.at("/outcome/kind").textValue()).isEqualTo("served");
        assertThat(account.at("/answer/status").intValue()).isEqualTo(200);
        assertThat(account.at("/receipt/verdict").textValue()).isEqualTo("VALID");
        assertThat(ran.steps()).containsExactly("asked", "checked", "signed", "sent", "answered");
        assertThat(ran.err()).contains("asked ", "checked ", "signature holds", "ended ", "receipt VALID");
    }

    @Test
    @Requirement({"F-CO-122", "F-TK-130", "F-TK-136"})
    void page_withTokens_boughtFirstAndPaidWithoutAName() throws IOException {
        Ran ran = run(page("/paid"), "--wallet", key(), "--max", "1usd", "--tokens", "0.015usd", "--again", "1");

        assertThat(ran.exit()).as("%s%s", ran.out(), ran.err()).isZero();
        JsonNode account = ran.account();
        assertThat(account.at("/pays").textValue()).isEqualTo("tokens");
        assertThat(account.at("/receipt/members/method").textValue()).isEqualTo("token");
        assertThat(account.at("/receipt/verdict").textValue()).isEqualTo("VALID");
        assertThat(ran.steps()).containsExactly("bought", "asked", "checked", "signed", "sent", "answered", "again");
        assertThat(account.at("/again/0/headers/payment-replayed/0").textValue())
                .as("no second delivery")
                .isEqualTo("true");
        assertThat(ran.err()).contains("bought ", "0.015 USD at " + server.origin());
        String secret = new JsonMapper()
                .readTree(Files.readString(server.walletFile()))
                .path("d")
                .textValue();
        assertThat(ran.out() + ran.err()).doesNotContain(secret, "\"jws\"", "Payment eyJ");
    }

    @Test
    @Requirement("F-CO-122")
    void tokens_noSuchBundleOrNobodyToPay_isToldAndNothingIsSent() {
        Ran sum = run(page("/paid"), "--wallet", key(), "--max", "1usd", "--tokens", "0.07usd");
        assertThat(sum.exit()).isEqualTo(2);
        assertThat(sum.err()).contains("sells 0.015 USD", "not 0.07 USD");
        Ran nobody = run(page("/paid"), "--tokens", "0.015usd");
        assertThat(nobody.exit()).isEqualTo(2);
        assertThat(nobody.err()).contains("--tokens needs --wallet");
    }

    @Test
    @Requirement({"F-CO-71", "S40", "C18"})
    void account_neverShowsWhatIsWorthMoney() throws IOException {
        Ran ran = run(page("/paid"), "--wallet", key(), "--max", "1usd");

        assertThat(ran.account().at("/answer/headers/payment-receipt/0").textValue())
                .matches("<[0-9]+ characters, SHA-256 .*>");
        String secret = new JsonMapper()
                .readTree(Files.readString(server.walletFile()))
                .path("d")
                .textValue();
        assertThat(ran.out() + ran.err()).doesNotContain(secret, "\"jws\"", "Payment eyJ");
    }

    @Test
    @Requirement({"F-CO-70", "F-CO-72", "F-RE-1"})
    void again_sameBytes_areAnsweredAlikeAndNotChargedTwice() {
        Ran ran = run(page("/paid"), "--wallet", key(), "--max", "1usd", "--again", "2", "--quiet");

        assertThat(ran.account().path("again")).hasSize(2).allSatisfy(answer -> {
            assertThat(answer.path("status").intValue()).isEqualTo(200);
            assertThat(answer.path("body")).isEqualTo(ran.account().at("/answer/body"));
        });
        assertThat(ran.steps()).endsWith("again", "again");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    @Requirement({"F-CO-70", "C3"})
    void upload_isPaidWithItsBody() throws IOException {
        Path order = Files.writeString(folder.resolve("order.json"), "{\"item\":\"book\"}");

        Ran ran = run(
                page("/paid-post"),
                "--wallet",
                key(),
                "--max",
                "1usd",
                "--data",
                "@" + order,
                "--header",
                "Content-Type: application/json",
                "--header",
                "Idempotency-Key: k-1");

        assertThat(ran.account().path("method").textValue()).isEqualTo("POST");
        assertThat(ran.exit()).as("%s%s", ran.out(), ran.err()).isZero();
    }

    @Test
    @Requirement({"F-CO-70", "C14"})
    void page_withoutLimitOrKey_isOnlyLookedAt() {
        Ran dear = run(page("/paid"), "--wallet", key(), "--max", "0.000001usd");
        Ran looked = run(page("/paid"));

        assertThat(dear.exit()).isOne();
        assertThat(dear.account().at("/outcome/why").textValue()).isEqualTo("PER_REQUEST_LIMIT");
        assertThat(looked.exit()).isOne();
        assertThat(looked.account().at("/outcome/why").textValue()).isEqualTo("METHOD_UNSUPPORTED");
        assertThat(looked.steps())
                .containsExactly("asked", "passed", "passed", "passed"); // the wallet, the tokens and the coupon
        assertThat(looked.account().at("/steps/0/challenges/0/signed").booleanValue())
                .isTrue();
    }

    @Test
    @Requirement("F-CO-70")
    void freePage_isJustTheAnswer() {
        Ran ran = run(page("/free"), "--wallet", key(), "--max", "1usd");

        assertThat(ran.exit()).isZero();
        assertThat(ran.account().at("/outcome/kind").textValue()).isEqualTo("free");
        assertThat(ran.steps()).isEmpty();
    }

    @Test
    @Requirement("F-CO-70")
    void nobodyThere_isSaid() {
        Ran ran = run("http://127.0.0.1:1/");

        assertThat(ran.exit()).isOne();
        assertThat(ran.err()).startsWith("No answer came: ConnectException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--max=dear", "--wallet=/nowhere/key.jwk", "--header=none", "--again=x", "--nothing"})
    @Requirement("F-CO-70")
    void option_thatIsNone_isAWrongCall(String option) {
        assertThat(run(page("/free"), option).exit()).isEqualTo(2);
    }
}
