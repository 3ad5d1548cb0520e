package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** A process of the drill: it is told lines, says lines, and is killed as the operating system kills. */
final class Child implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 90;

    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private Child(Process process) {
        this.process = process;
        Thread reader = new Thread(this::listen, "drill-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process and waits until it says that it is ready. */
    static Child start(Class<?> main, String... arguments) throws IOException {
        String path = String.join(
                File.pathSeparator,
                List.of(
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", ""),
                        Path.of("target", "test-classes").toAbsolutePath().toString()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                path,
                main.getName()));
        command.addAll(List.of(arguments));
        Child child = new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        child.expect("ready");
        return child;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            // It was killed in the middle of a word.
            said.add("gone");
        }
    }

    /** Waits for a line, passing over others. */
    void expect(String line) {
        var unused = hear(line::equals, line);
    }

    /** Asks, and waits for the line that answers: it starts with the question. */
    String ask(String question) {
        tell(question);
        String start = question + " ";
        return hear(line -> line.startsWith(start), start).substring(start.length());
    }

    /** Sweeps until one was ended: where several processes share a store, it takes a while until this one keeps house. */
    void sweepOne() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String ended = ask("sweep");
        while (!ended.equals("1")) {
            assertThat(System.nanoTime()).as("nothing was swept: " + ended).isLessThan(deadline);
            Buyer.rest();
            ended = ask("sweep");
        }
    }

    private String hear(Predicate<String> isIt, String what) {
        try {
            while (true) {
                String next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("waited in vain for \"" + what + "\"");
                }
                if (isIt.test(next)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets it stop at a step, from now on. */
    void arm(String step) {
        tell("arm " + step);
        expect("armed " + step);
    }

    void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP: the process does nothing any more, keeps what it has, and knows nothing of the time that passes. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        system("kill -" + name + " " + process.pid());
    }

    /** Lets the system refuse what the process writes to files, from their second page on: a disk that is full. */
    void limitFiles(boolean limited) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "this takes Linux's prlimit");
        system("/usr/bin/prlimit --pid " + process.pid() + " --fsize=" + (limited ? "4096" : "unlimited") + ":");
    }

    private static void system(String command) {
        try {
            Process shell = new ProcessBuilder("sh", "-c", command).inheritIO().start();
            assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue()).as(command).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGKILL: nothing of the process runs any more when this returns. */
    void kill() {
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
