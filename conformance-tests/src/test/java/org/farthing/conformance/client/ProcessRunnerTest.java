package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are a POSIX shell's")
class ProcessRunnerTest {

    private static final URI PAGE = URI.create("http://127.0.0.1:8402/visit-1/page?a=b");

    private static Ran run(Errand errand, String... command) throws IOException, InterruptedException {
        return new ProcessRunner(Map.of(errand.kind(), List.of(command))).run(errand);
    }

    private static Errand get(Duration patience) {
        return new Errand(Errand.GET, PAGE, new byte[0], patience);
    }

    private static Errand get() {
        return get(Duration.ofMinutes(1));
    }

    @Test
    @Requirement("F-CO-31")
    void run_withoutPlaceholder_urlIsTheLastArgument() throws IOException, InterruptedException {
        Ran ran = run(get(), "sh", "-c", "echo \"$1\"; echo oh >&2; exit 7", "sh");

        assertThat(ran.output()).isEqualTo(PAGE + "\n");
        assertThat(ran.exitCode()).isEqualTo(7);
        assertThat(ran.ending()).isEqualTo("the command ended with exit code 7 and said: oh");
    }

    @Test
    @Requirement("F-CO-31")
    void run_placeholder_isFilledInWhereverItStands() throws IOException, InterruptedException {
        Ran ran = run(get(), "sh", "-c", "echo \"$@\"", "sh", "--url={url}", "more");

        assertThat(ran.output()).isEqualTo("--url=" + PAGE + " more\n");
    }

    @Test
    @Requirement("F-CO-31")
    void run_anyCommand_findsUrlAndOriginInItsEnvironment() throws IOException, InterruptedException {
        Ran ran = run(get(), "sh", "-c", "echo $FARTHING_URL $FARTHING_ORIGIN");

        assertThat(ran.output()).isEqualTo(PAGE + " http://127.0.0.1:8402\n");
    }

    @Test
    @Requirement("F-CO-31")
    void run_body_isInTheFileThatTheCommandIsGiven() throws IOException, InterruptedException {
        byte[] body = "\u00fcber \u20ac\n".getBytes(StandardCharsets.UTF_8);
        Errand errand = new Errand(Errand.POST, PAGE, body, Duration.ofMinutes(1));

        Ran ran = run(errand, "sh", "-c", "cat \"$1\" \"$FARTHING_BODY\"", "sh", "{body}");

        assertThat(ran.output()).isEqualTo("\u00fcber \u20ac\n\u00fcber \u20ac\n");
    }

    @Test
    @Requirement("F-CO-36")
    void run_commandThatStays_isStoppedWithItsChildrenAndWhatItSaidIsKept() throws IOException, InterruptedException {
        // Where a machine is so busy that the shell has said nothing yet, it gets more time.
        Ran ran = stopped(Duration.ofMillis(300));
        for (int times = 4; ran.output().lines().count() < 2 && times < 1000; times *= 4) {
            ran = stopped(Duration.ofMillis(300).multipliedBy(times));
        }

        assertThat(ran.exitCode()).isNull();
        assertThat(ran.ending()).startsWith("the command was stopped because it took too long");
        assertThat(ran.output().lines())
                .hasSize(2)
                .allSatisfy(pid -> assertThat(isGone(Long.parseLong(pid))).isTrue());
    }

    private static Ran stopped(Duration patience) throws IOException, InterruptedException {
        return run(get(patience), "sh", "-c", "echo $$; sleep 600 & echo $!; wait");
    }

    /** A process that was killed is gone soon; one that nobody waits for keeps its number, but no program. */
    private static boolean isGone(long pid) {
        long most = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < most) {
            if (ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .isEmpty()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    @Test
    @Requirement({"F-CO-36", "F-CO-37"})
    void run_commandThatLeavesSomethingBehind_whatItSaidIsKept() throws IOException, InterruptedException {
        // What is left behind has no parent any more, and holds both pipes open.
        Ran ran = run(get(), "sh", "-c", "echo said; echo oh >&2; (sleep 15 &)");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.output()).isEqualTo("said\n");
        assertThat(ran.errors()).isEqualTo("oh\n");
    }

    @Test
    @Requirement("F-CO-31")
    void run_noSuchProgram_isNoAnswerOfTheClients() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> run(get(), "/no/such/program"));
    }
}
