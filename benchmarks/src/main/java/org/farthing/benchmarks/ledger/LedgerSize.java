package org.farthing.benchmarks.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A ledger of ten million transfers and a hundred thousand open claims on disk, served by a process with 256 MiB of heap: what
 * it takes in memory, and how long payments, look-ups, reports and the check take. It fails if the check finds anything.
 */
public final class LedgerSize {

    private LedgerSize() {}

    /**
     * Makes the run, below {@code java.io.tmpdir}.
     *
     * @param args how many transfers (10000000 if left out), and how many claims are open (100000)
     * @throws Exception if the store cannot be made or the books are not sound
     */
    public static void main(String[] args) throws Exception {
        long transfers = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        long open = args.length > 1 ? Long.parseLong(args[1]) : 100_000;
        Path folder = Files.createTempDirectory("farthing-size");
        Path store = folder.resolve("ledger.db");
        try {
            System.out.println(Machine.describe(folder));
            long began = System.nanoTime();
            long written = SizedStore.write(store, transfers, open);
            System.out.printf(
                    Locale.ROOT,
                    "%d transfers and %d open claims, %.2f GB, written in %.0f s%n",
                    written,
                    open,
                    Files.size(store) / 1e9,
                    (System.nanoTime() - began) / 1e9);
            int exit = serve(store);
            if (exit != 0) {
                throw new IllegalStateException("the process that served ended with " + exit);
            }
        } finally {
            delete(folder);
        }
    }

    private static int serve(Path store) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                SizeChild.class.getName(),
                store.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}
