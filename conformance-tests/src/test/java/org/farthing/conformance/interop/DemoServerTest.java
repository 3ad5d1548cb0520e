package org.farthing.conformance.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.farthing.conformance.interop.Node.Ran;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The commands {@code mppx} and {@code mppx validate}, and the scripts around curl, against {@code demo --serve}. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoServerTest {

    private static final String MPPX =
            Path.of("node_modules", "mppx", "dist", "bin.js").toString();
    private static final Path JAR = Path.of("..", "server-jetty", "target", "farthing-server.jar");
    private static final String PAGE = "/spec/money.md";

    private final List<String> lines = new ArrayList<>();
    private Process demo;
    private String origin;

    @BeforeAll
    void start() throws IOException {
        Node.need();
        Node.need(Files.exists(JAR), JAR + " is not built yet (mvn package), so nothing is tried against the demo");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString(),
                "demo",
                "--serve",
                "--via-wallet",
                "--port",
                "0");
        demo = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = demo.inputReader(UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.startsWith("ready ")) {
                origin = line.replaceAll("^ready |/$", "");
                return;
            }
        }
        throw new AssertionError("the demo ended before it was ready: " + lines);
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (demo != null) {
            // Asked first, so that it removes its folder.
            demo.destroy();
            if (!demo.waitFor(30, TimeUnit.SECONDS)) {
                demo.destroyForcibly();
            }
        }
    }

    /** The last word of the line that begins so. */
    private String printed(String beginning) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static Ran script(String name, String... arguments) throws Exception {
        Node.need(Node.works("curl", "--version"), "curl is not installed, so its scripts cannot be run");
        Node.need(
                Node.works("openssl", "version"), "openssl is not installed, so the scripts around curl cannot be run");
        List<String> command =
                new ArrayList<>(List.of("sh", Path.of("curl", name).toString()));
        command.addAll(List.of(arguments));
        return Node.run(Map.of(), command);
    }

    @Test
    @Requirement({"F-CO-83", "S1", "S2", "S12", "S14", "S19", "S28"})
    void mppxValidate_findsNothingWrong() throws Exception {
        Ran ran = Node.node(Map.of(), MPPX, "validate", origin, "--endpoint", "GET:" + PAGE, "--output-json");

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        JsonNode summary = Mppx.JSON.readTree(ran.out()).get("summary");
        assertThat(summary.get("failed").asInt()).isZero();
        assertThat(summary.get("suggested").asInt()).isZero();
        assertThat(summary.get("passed").asInt()).isGreaterThan(8);
        // The realm has a port, and mppx compares it with the host alone.
        assertThat(summary.get("warnings").asInt()).isLessThanOrEqualTo(1);
    }

    @Test
    @Requirement({"F-CO-83", "S5", "S25"})
    void mppxCommand_paysByOrder() throws Exception {
        Ran ran = Node.node(
                Map.of("FARTHING_PURSE", printed("The server stays.")),
                MPPX,
                origin + PAGE,
                "--config",
                "mppx.config.js",
                "--include");

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).contains("payment-receipt: ", "payment-outcome: captured", "# Money");
    }

    @Test
    @Requirement({"F-CO-83", "F-RT-1"})
    void mppxCommand_paysByReceiptToken() throws Exception {
        String service = lines.stream()
                .filter(line -> line.startsWith("The wallet service stays too"))
                .map(line -> line.replaceAll(".*, at (http://[0-9.:]+)\\..*", "$1"))
                .findFirst()
                .orElseThrow();
        Ran ran = Node.node(
                Map.of("FARTHING_PURSE", printed("The wallet service stays too"), "FARTHING_SERVICE", service),
                MPPX,
                origin + "/spec/encoding.md",
                "--config",
                "mppx.config.js");

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).contains("# Encoding");
    }

    @Test
    @Requirement({"F-CO-84", "S1", "S2", "S3", "S49", "S52"})
    void askScript_showsWhatWrongAnswersGet() throws Exception {
        Ran ran = script("ask.sh", origin + PAGE);

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out().lines().filter(line -> line.startsWith("HTTP/1.1 ")))
                .containsExactly(
                        "HTTP/1.1 402 Payment Required",
                        "HTTP/1.1 402 Payment Required",
                        "HTTP/1.1 402 Payment Required",
                        "HTTP/1.1 400 Bad Request");
        assertThat(ran.out()).contains("no-store", "\"signed\":\"always\"");
    }

    @Test
    @Requirement({"F-CO-84", "S5", "S53"})
    void payScript_paysWithCurlAndOpensslAlone() throws Exception {
        try (ReferenceServer server = ReferenceServer.open(ReferenceSettings.temporary())) {
            String key = server.walletFile().toString();

            Ran paid = script("pay.sh", key, server.origin() + "/paid");
            Ran beside = script("pay.sh", key, server.origin() + "/own-authorization");
            Ran free = script("pay.sh", key, server.origin() + "/free");

            assertThat(paid.exitCode()).as(paid.out() + paid.err()).isZero();
            assertThat(paid.out()).startsWith("HTTP/1.1 200 ").contains("Payment-Receipt: ", "\"page\":\"paid\"");
            assertThat(beside.exitCode()).as(beside.out() + beside.err()).isZero();
            assertThat(free.exitCode()).isEqualTo(1);
        }
    }
}
