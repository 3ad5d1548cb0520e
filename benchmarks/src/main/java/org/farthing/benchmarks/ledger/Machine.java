package org.farthing.benchmarks.ledger;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Says on what a run ran, without which its numbers mean nothing. */
final class Machine {

    /** More than this before a run begins is the work of others. */
    private static final double QUIET = 0.5;

    private Machine() {}

    static String describe(Path folder) throws IOException, InterruptedException {
        return String.format(
                Locale.ROOT,
                "%s; %d CPUs (%s), %s, %s on %s; JDK %s; commit %s%n%s",
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Runtime.getRuntime().availableProcessors(),
                line(Path.of("/proc/cpuinfo"), "model name"),
                line(Path.of("/proc/meminfo"), "MemTotal"),
                Files.getFileStore(folder).type(),
                System.getProperty("os.name"),
                Runtime.version(),
                commit(),
                load());
    }

    /** How busy the machine is with other things. */
    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(
                Locale.ROOT,
                load > QUIET
                        ? "load average %.1f before it began: NOT A QUIET MACHINE, trust CPU times before rates"
                        : "load average %.1f before it began: quiet",
                load);
    }

    private static String line(Path file, String name) throws IOException {
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown");
    }

    /** Of the working tree this is started in. */
    private static String commit() throws InterruptedException {
        String commit = output(List.of("git", "rev-parse", "--short", "HEAD"));
        String changes = output(List.of("git", "status", "--porcelain", "--untracked-files=no"));
        return commit.isEmpty() ? "unknown" : changes.isEmpty() ? commit : commit + " with changes";
    }

    private static String output(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? text : "";
        } catch (IOException e) {
            return "";
        }
    }
}
