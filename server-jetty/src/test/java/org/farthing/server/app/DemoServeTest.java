package org.farthing.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** {@code demo --serve} in a process of its own; the lines it prints are run as a reader would run them. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoServeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path FARTHING = Path.of("client-java", "target", "farthing.jar");

    private final List<String> lines = new ArrayList<>();
    private Process demo;

    @BeforeAll
    void start() throws Exception {
        demo = java("demo", "--serve", "--via-wallet", "--port", "0");
        BufferedReader out = demo.inputReader(UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.startsWith("ready ")) {
                return;
            }
        }
        throw new AssertionError("the demo ended before it was ready: " + lines);
    }

    @AfterAll
    void stop() throws Exception {
        // Asked first, so that it removes its folder.
        demo.destroy();
        if (!demo.waitFor(60, TimeUnit.SECONDS)) {
            demo.destroyForcibly();
        }
    }

    private static Process java(String... arguments) throws IOException {
        Set<String> path = new LinkedHashSet<>();
        path.add(Path.of("target", "classes").toAbsolutePath().toString());
        for (String property : List.of("jdk.module.path", "java.class.path", "surefire.test.class.path")) {
            String value = System.getProperty(property);
            if (value != null) {
                path.addAll(List.of(value.split(File.pathSeparator)));
            }
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, path),
                ServerCommand.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> printed(String program) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(program + " "))
                .toList();
    }

    private record Ran(int exitCode, String out, String err) {}

    /** Runs a line in a shell, in the folder of the project. */
    private static Ran shell(String line) throws Exception {
        Path out = Files.createTempFile("line", ".out");
        Path err = Files.createTempFile("line", ".err");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line)
                .directory(ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // A short life: the second compiler would not pay.
        builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
        Ran ran = new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return ran;
    }

    /** Where the build machine must have it, its absence is a failure; elsewhere the test is skipped, and says so. */
    private static void need(boolean there, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as(what).isTrue();
        }
        Assumptions.assumeTrue(there, what);
    }

    @Test
    void lines_areThreeCurlSixFarthingAndLastReady() {
        assertThat(printed("curl")).hasSize(3);
        assertThat(printed("java -jar client-java/target/farthing.jar")).hasSize(6);
        assertThat(lines.get(lines.size() - 1)).matches("ready http://127\\.0\\.0\\.1:[0-9]+/");
        assertThat(wallet()).isDirectory();
        assertThat(wallet().resolve("purse.json")).exists();
    }

    /** Where it says the wallet is. */
    private Path wallet() {
        return lines.stream()
                .filter(line -> line.startsWith("The server stays."))
                .map(line -> Path.of(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void curlLines_workAsPrinted() throws Exception {
        need(shell("command -v curl").exitCode() == 0, "curl is not installed, so its lines cannot be run");
        List<String> curl = printed("curl");
        Ran paid = shell(curl.get(0));
        assertThat(paid.exitCode()).isZero();
        assertThat(paid.out())
                .startsWith("HTTP/1.1 402 ")
                .containsPattern("(?i)www-authenticate: Payment id=\"[^\"]+\", .*jws=\"")
                .containsPattern("(?i)cache-control: no-store")
                .contains("\"code\":\"PAYMENT_REQUIRED\"");
        assertThat(shell(curl.get(1)).out()).contains("\"keys\":[", "\"signed\":\"always\"");
        assertThat(shell(curl.get(2)).out()).startsWith("<!doctype html>").contains("0.0005 USD");
    }

    @Test
    void farthingLines_workAsPrinted() throws Exception {
        need(
                Files.exists(ROOT.resolve(FARTHING)),
                FARTHING + " is not built yet (mvn package), so its lines cannot be run");
        List<String> farthing = printed("java -jar client-java/target/farthing.jar");
        Ran look = shell(farthing.get(0));
        assertThat(look.exitCode()).as(look.err()).isZero();
        assertThat(look.out()).contains("price      0.0005 USD", "would be paid");
        Ran buy = shell(farthing.get(1));
        assertThat(buy.exitCode()).as(buy.err()).isZero();
        assertThat(buy.out()).startsWith("# Money\n");
        assertThat(buy.err()).contains("paid 0.0005 USD", "receipt checked");
        Ran verify = shell(farthing.get(2));
        assertThat(verify.exitCode()).as(verify.err()).isZero();
        assertThat(verify.out()).startsWith("valid").contains("paid       0.0005 USD");
    }

    @Test
    void serviceLines_workAsPrinted() throws Exception {
        need(
                Files.exists(ROOT.resolve(FARTHING)),
                FARTHING + " is not built yet (mvn package), so its lines cannot be run");
        List<String> farthing = printed("java -jar client-java/target/farthing.jar");
        Ran add = shell(farthing.get(3));
        assertThat(add.exitCode()).as(add.err()).isZero();
        Ran buy = shell(farthing.get(4));
        assertThat(buy.exitCode()).as(buy.err()).isZero();
        assertThat(buy.out()).startsWith("# Encoding\n");
        assertThat(buy.err()).contains("paid 0.001 USD", "receipt checked");
        Ran statement = shell(farthing.get(5));
        assertThat(statement.exitCode()).as(statement.err()).isZero();
        assertThat(statement.out()).contains("0.001 USD");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void termination_removesTheTemporaryFolder() throws Exception {
        Path wallet = wallet();
        assertThat(wallet).isDirectory();
        demo.destroy();
        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(wallet.getParent()).doesNotExist();
    }
}
