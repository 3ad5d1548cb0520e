package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

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
        try {
            for (String next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    !line.equals(next);
                    next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                assertThat(next).as("waiting for \"" + line + "\"").isNotNull();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void tell(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
