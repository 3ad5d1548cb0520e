package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * R4, R5a, R5b and R6: each kind of request against the same server without payment, in alternated pairs of one run. Prints a
 * row a ratio: the median of the pairs with the smallest and largest, and the same by server CPU a request.
 */
public final class LoadRun {

    private static final int SECONDS = 3;
    private static final int CREDENTIALS_A_SAMPLE = 30_000;

    private final Path folder;
    private final LoadKeys keys;
    private final Process server;
    private final int plain;
    private final int unsigned;
    private final int paid;
    private final int pairs;
    private final String only;

    private LoadRun(Path folder, int pairs, String only) throws IOException {
        this.folder = folder;
        this.pairs = pairs;
        this.only = only;
        this.keys = LoadKeys.create(folder);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        this.server = new ProcessBuilder(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadServer.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        String ready = out.readLine();
        if (ready == null || !ready.startsWith("ready ")) {
            server.destroy();
            throw new IOException("the server did not start: " + ready);
        }
        String[] ports = ready.split(" ", -1);
        this.plain = Integer.parseInt(ports[1]);
        this.unsigned = Integer.parseInt(ports[2]);
        this.paid = Integer.parseInt(ports[3]);
    }

    /**
     * Makes the run.
     *
     * @param args how many pairs a ratio, 7 if left out; and the one ratio to measure, such as R4, all if left out
     * @throws Exception if server or wrk fail
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("farthing-load");
        LoadRun run =
                new LoadRun(folder, args.length == 0 ? 7 : Integer.parseInt(args[0]), args.length < 2 ? "R" : args[1]);
        try {
            run.all();
        } finally {
            run.server.getOutputStream().close();
            run.server.destroy();
        }
    }

    private void all() throws IOException, InterruptedException {
        System.out.println("warming up");
        for (String url : List.of(plainUrl(), url(paid, "/free"), url(unsigned, "/paid"), url(paid, "/paid"))) {
            Wrk.run(url, SECONDS, null);
        }
        pay();
        System.out.println(
                "| what | rate / plain, median [least, most] | server CPU plain / what | req/s | CPU µs/req |");
        ratio("R6 free route", 0, () -> Wrk.run(url(paid, "/free"), SECONDS, null));
        ratio("R5a 402, no signature", 1, () -> Wrk.run(url(unsigned, "/paid"), SECONDS, null));
        ratio("R5b 402, Ed25519 each", 1, () -> Wrk.run(url(paid, "/paid"), SECONDS, null));
        ratio("R4 paid by order", 0, this::pay);
    }

    private Wrk.Sample pay() throws IOException, InterruptedException {
        Path script = Wrk.payingScript(folder, keys.credentials(paid, CREDENTIALS_A_SAMPLE));
        return Wrk.run(url(paid, "/paid"), SECONDS, script);
    }

    /** A kind of request to measure. */
    private interface Subject {
        Wrk.Sample run() throws IOException, InterruptedException;
    }

    private record Measured(double rate, double cpu) {}

    private void ratio(String what, int expectedNot2xx, Subject subject) throws IOException, InterruptedException {
        if (!what.startsWith(only)) {
            return;
        }
        List<Double> byRate = new ArrayList<>();
        List<Double> byCpu = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        List<Double> cpus = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Measured base = measure(0, () -> Wrk.run(plainUrl(), SECONDS, null));
            Measured one = measure(expectedNot2xx, subject);
            byRate.add(one.rate() / base.rate());
            byCpu.add(base.cpu() / one.cpu());
            rates.add(one.rate());
            cpus.add(one.cpu());
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.0f | %.1f |%n",
                what,
                spread(byRate),
                spread(byCpu),
                median(rates),
                median(cpus));
    }

    private Measured measure(int expectedNot2xx, Subject subject) throws IOException, InterruptedException {
        long before = cpuMicros();
        Wrk.Sample sample = subject.run();
        long used = cpuMicros() - before;
        long wrong = expectedNot2xx == 0 ? sample.not2xx() : sample.requests() - sample.not2xx();
        if (wrong > 0) {
            System.out.println("  (" + wrong + " of " + sample.requests() + " answers with an unexpected status)");
        }
        return new Measured(sample.rate(), (double) used / sample.requests());
    }

    /** CPU time of the server process; the making of credentials is in this one and does not count. */
    private long cpuMicros() {
        return server.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1000;
    }

    private static String spread(List<Double> values) {
        return String.format(
                Locale.ROOT, "%.2f [%.2f, %.2f]", median(values), Collections.min(values), Collections.max(values));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private String plainUrl() {
        return url(plain, "/paid");
    }

    private static String url(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
