package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.farthing.conformance.ConformanceCommand;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are a POSIX shell's")
class ClientCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command =
                ConformanceCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(
                Stream.concat(Stream.of("client"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    @Test
    @Requirement("F-CO-33")
    void client_commandThatPaysNothing_failsTheGoodOfferAndIsCheckedOnNoBadOne() {
        int exit = run("--only", "C8-credential-shape,C1-missing-id", "--", "true");

        assertThat(exit).isEqualTo(Conclusion.MUST_FAILED);
        assertThat(out.toString())
                .contains("skip  C1-missing-id", "FAIL  C8-credential-shape", "no request came", "exit code 0")
                .contains("client --only C8-credential-shape -- true");
    }

    @Test
    @Requirement("F-CO-31")
    void client_noCommandOrNoSuchProgram_isCalledWrongly() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--", "no-such-program-anywhere")).isEqualTo(2);
        assertThat(run("--", "/no/such/program")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Say what to run", "there is no program no-such-program-anywhere on the PATH");
    }

    @Test
    @Requirement("F-CO-35")
    void client_badOption_isCalledWrongly() throws IOException {
        Path config = Files.writeString(folder.resolve("lab.json"), "{\"comands\":{}}");

        assertThat(run("--config", config.toString(), "--", "true")).isEqualTo(2);
        assertThat(run("--profile", "gold", "--", "true")).isEqualTo(2);
        assertThat(run("--port", "70000", "--", "true")).isEqualTo(2);
        assertThat(run("--timeout", "0", "--", "true")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "\"comands\" nobody reads",
                        "profiles are core, wallet and token",
                        "--port takes",
                        "--timeout takes");
    }

    @Test
    @Requirement("F-CO-38")
    void client_tls_writesTheCertificateAndSpeaksHttps() throws IOException {
        Path certificate = folder.resolve("lab.pem");

        assertThat(run("--tls", certificate.toString(), "--only", "C8-credential-shape", "--", "echo"))
                .isEqualTo(Conclusion.MUST_FAILED);
        assertThat(certificate).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(out.toString()).contains("https://127.0.0.1:");
    }

    @Test
    @Requirement("F-CO-31")
    void client_list_namesTheCasesOfTheProfileAndRunsNothing() {
        assertThat(run("--list")).isZero();
        assertThat(out.toString()).contains("C1-missing-id").doesNotContain("F-CR-23-signature-not-echoed");
        assertThat(run("--list", "--profile", "wallet")).isZero();
        assertThat(out.toString()).contains("F-CR-23-signature-not-echoed");
    }
}
