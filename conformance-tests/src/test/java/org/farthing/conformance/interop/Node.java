package org.farthing.conformance.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Programs of {@code conformance-tests/interop}. */
final class Node {

    /** Where they are. Tests run in the folder of their module. */
    static final Path FOLDER = Path.of("interop").toAbsolutePath();

    private static final int PATIENCE = 60;
    private static final String RECENT = "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)";

    /** What a program did. */
    record Ran(int exitCode, String out, String err) {}

    private Node() {}

    /** Skips a test where the programs cannot run, and says why; on the build machine that is a failure. */
    static void need() {
        need(
                works("node", "--eval", RECENT),
                "Node 20 or newer is not installed, so nothing is tried against programs of others");
        for (String name : List.of("mppx", "@cloudflare/privacypass-ts")) {
            need(
                    Files.isDirectory(FOLDER.resolve("node_modules").resolve(name)),
                    name + " is not installed (npm ci in conformance-tests/interop), so nothing is tried against it");
        }
    }

    /** Skips a test where something is missing, and says what; on the build machine that is a failure. */
    static void need(boolean there, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as(what).isTrue();
        }
        Assumptions.assumeTrue(there, what);
    }

    /** Whether a command is there and ends well. */
    static boolean works(String... command) {
        try {
            return run(Map.of(), List.of(command)).exitCode() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a program of this folder to its end. */
    static Ran node(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    /** Runs a command in this folder to its end. */
    static Ran run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("interop", ".out");
        Path err = Files.createTempFile("interop", ".err");
        try {
            ProcessBuilder builder = builder(command);
            builder.environment().putAll(environment);
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(err));
            }
            return new Ran(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** A process in this folder, without what the machine may say about colours and terminals. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.toFile());
        builder.environment().put("NO_COLOR", "1");
        return builder;
    }
}
