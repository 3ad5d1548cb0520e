package org.farthing.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Measures two kinds of request against one server in alternated pairs, and prints their ratio as a row. */
final class Comparison {

    static final String HEADING = "| what / beside what | rate, median [least, most]"
            + " | server CPU beside / what | req/s | CPU µs/req | beside: req/s | CPU µs/req |";

    private final LoadProcess server;
    private final int pairs;

    Comparison(LoadProcess server, int pairs) {
        this.server = server;
        this.pairs = pairs;
    }

    /** Sends requests for one sample and returns when the server has nothing left to do for them. */
    interface Load {
        Wrk.Sample run() throws IOException, InterruptedException;
    }

    /**
     * A kind of request.
     *
     * @param name what the row calls it
     * @param refused whether it is answered with 402, which is then what counts as right
     * @param load sends it
     * @param before gets the server ready for it; its time and CPU are not measured
     */
    record Subject(String name, boolean refused, Load load, Preparation before) {

        Subject(String name, boolean refused, Load load) {
            this(name, refused, load, () -> {});
        }
    }

    /** Gets a server ready for a sample. */
    interface Preparation {
        void run() throws IOException, InterruptedException;
    }

    private record Measured(double rate, double cpu) {}

    String row(Subject what, Subject beside) throws IOException, InterruptedException {
        List<Measured> whats = new ArrayList<>();
        List<Measured> besides = new ArrayList<>();
        List<Double> byRate = new ArrayList<>();
        List<Double> byCpu = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Measured base = measure(beside);
            Measured one = measure(what);
            besides.add(base);
            whats.add(one);
            byRate.add(one.rate() / base.rate());
            byCpu.add(base.cpu() / one.cpu());
        }
        return "| " + what.name() + " / " + beside.name() + " | " + spread(byRate) + " | " + spread(byCpu) + " | "
                + medians(whats) + " | " + medians(besides) + " |";
    }

    private Measured measure(Subject subject) throws IOException, InterruptedException {
        subject.before().run();
        long before = server.cpuMicros();
        Wrk.Sample sample = subject.load().run();
        long used = server.cpuMicros() - before;
        long wrong = subject.refused() ? sample.requests() - sample.not2xx() : sample.not2xx();
        if (wrong > 0) {
            System.out.println("  (" + wrong + " of " + sample.requests() + " answers with an unexpected status)");
        }
        return new Measured(sample.rate(), (double) used / sample.requests());
    }

    private static String medians(List<Measured> measured) {
        return String.format(
                Locale.ROOT,
                "%.0f | %.1f",
                median(measured.stream().map(Measured::rate).toList()),
                median(measured.stream().map(Measured::cpu).toList()));
    }

    /** Small ratios need their leading digits, not two places. */
    private static String spread(List<Double> values) {
        String number = median(values) < 0.1 ? "%.4f" : "%.2f";
        return String.format(
                Locale.ROOT,
                number + " [" + number + ", " + number + "]",
                median(values),
                Collections.min(values),
                Collections.max(values));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
