package org.farthing.benchmarks.ledger;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts how often a ledger had the disk synced, as the operating system saw it. By time of day, so that what opening and
 * warming up cost stays out, and all of checkpointing stays in. Being watched makes a process slower, so nothing else is
 * measured in it.
 *
 * @param operations how many it made
 * @param syncs how many calls of fsync and fdatasync it took
 */
record SyncCount(long operations, long syncs) {

    static final String SAID = "counted ";

    static boolean possible() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "strace")));
    }

    static SyncCount of(Path folder, String store, int callers, double seconds)
            throws IOException, InterruptedException {
        Path calls = folder.resolve("calls-" + store + callers);
        Path books = Files.createDirectory(folder.resolve("counted-" + store + callers));
        List<String> command = new ArrayList<>(List.of(
                "strace", "-f", "--seccomp-bpf", "-ttt", "-e", "trace=fsync,fdatasync", "-o", calls.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SyncChild.class.getName(),
                books.toString(),
                Integer.toString(callers),
                Double.toString(seconds),
                store));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0 || !output.startsWith(SAID)) {
            throw new IOException("the process whose syncs were counted ended with " + exit + ": " + output);
        }
        String[] said = output.strip().split(" ", -1);
        return new SyncCount(Long.parseLong(said[3]), syncs(calls, Long.parseLong(said[1]), Long.parseLong(said[2])));
    }

    /** Lines are {@code thread time call}. A call that another thread interrupts has a second line, without its bracket. */
    private static long syncs(Path calls, long from, long until) throws IOException {
        try (Stream<String> lines = Files.lines(calls)) {
            return lines.map(line -> line.strip().split(" +", 3))
                    .filter(line ->
                            line.length == 3 && (line[2].startsWith("fsync(") || line[2].startsWith("fdatasync(")))
                    .mapToLong(line -> new BigDecimal(line[1]).movePointRight(6).longValue())
                    .filter(micros -> micros >= from && micros <= until)
                    .count();
        }
    }

    double operationsASync() {
        return (double) operations / syncs;
    }
}
