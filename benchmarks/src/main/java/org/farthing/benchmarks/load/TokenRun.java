package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.farthing.benchmarks.ledger.Spread;

/**
 * Requests that are paid with one blind token each, beside plain ones, in alternated pairs; and beside what a plain request, one
 * verification and one durable claim allow, all measured in this run: by the CPU time of each, which one writer that waits for
 * a disk cannot reach, and by the time that each takes alone, with as many callers as there are payers.
 */
public final class TokenRun {

    private static final int SECONDS = 3;
    private static final int WARM_UPS = 5;
    private static final int TO_SPARE = 12_000;
    private static final int VERIFICATIONS = 1_000;
    private static final int CLAIMS = 10_000;

    /** Of the times in {@code /proc}: the same on all machines with Linux. */
    private static final long MICROS_A_TICK = 10_000;

    private final Path folder;
    private final LoadProcess server;
    private long paid;
    private long most;

    private TokenRun(Path folder, LoadProcess server) {
        this.folder = folder;
        this.server = server;
    }

    /** How many a second, and the CPU time of one; of a request that of server and wrk together, which share the cores. */
    private record Measured(double rate, double micros) {}

    /**
     * Makes the run and checks the books.
     *
     * @param args how many pairs, 7 if left out
     * @throws Exception if server or wrk fail, or the books are wrong
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("farthing-tokens");
        LoadKeys unused = LoadKeys.create(folder);
        try (LoadProcess server = LoadProcess.start(TokenServer.class, folder.toString())) {
            new TokenRun(folder, server).run(args.length == 0 ? 7 : Integer.parseInt(args[0]));
        }
    }

    private void run(int pairs) throws IOException, InterruptedException {
        System.out.println("warming up");
        double warm = claim().micros();
        for (int i = 0; i < WARM_UPS; i++) {
            warm += plain().rate() + token().rate();
        }
        System.out.println(warm > 0 ? "warm" : "nothing answered");
        List<Measured> plains = new ArrayList<>();
        List<Measured> tokens = new ArrayList<>();
        List<Double> verifications = new ArrayList<>();
        List<Measured> claims = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            plains.add(plain());
            tokens.add(token());
            verifications.add(Double.parseDouble(server.ask("verify " + VERIFICATIONS)));
            claims.add(claim());
        }
        Spread plain = spread(plains, Measured::micros);
        Spread verify = Spread.of(verifications);
        Spread claim = spread(claims, Measured::micros);
        double allowed = plain.median() / (plain.median() + verify.median() + claim.median());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            ratios.add(tokens.get(i).rate() / plains.get(i).rate());
        }
        System.out.println("paid by one blind token / plain, requests per second: " + Spread.of(ratios) + " ("
                + Math.round(spread(tokens, Measured::rate).median()) + " beside "
                + Math.round(spread(plains, Measured::rate).median()) + ")");
        System.out.printf(
                Locale.ROOT,
                "allowed by CPU: %.4f (plain %s µs, verify %s µs, claim and capture %s µs; paid %s µs)%n",
                allowed,
                plain,
                verify,
                claim,
                spread(tokens, Measured::micros));
        System.out.println("reached of it: "
                + Spread.of(ratios.stream().map(ratio -> ratio / allowed).toList()));
        printByTheClock(plains, tokens, verifications, claims);
        checkBooks();
    }

    /** Verifications go on all cores at once; claims are one after the other, and what the disk takes is in them. */
    private static void printByTheClock(
            List<Measured> plains, List<Measured> tokens, List<Double> verifications, List<Measured> claims) {
        List<Double> reached = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            double seconds = 1 / plains.get(i).rate()
                    + verifications.get(i) / 1e6 / Runtime.getRuntime().availableProcessors()
                    + 1 / claims.get(i).rate();
            reached.add(tokens.get(i).rate() * seconds);
        }
        System.out.println(
                "reached of what the time of each alone allows: " + Spread.of(reached) + " (claim and capture alone: "
                        + Math.round(spread(claims, Measured::rate).median()) + " a second)");
    }

    private static Spread spread(List<Measured> all, ToDoubleFunction<Measured> what) {
        return Spread.of(all.stream().map(what::applyAsDouble).toList());
    }

    private Measured claim() throws IOException {
        paid += CLAIMS;
        String[] cpuAndClock = server.ask("claim " + CLAIMS).split(" ", -1);
        return new Measured(1e6 / Double.parseDouble(cpuAndClock[1]), Double.parseDouble(cpuAndClock[0]));
    }

    private Measured plain() throws IOException, InterruptedException {
        return sample(server.port(0), null);
    }

    private Measured token() throws IOException, InterruptedException {
        Path fields = folder.resolve("tokens");
        long count = 2 * most + TO_SPARE;
        String unused = server.ask("issue " + count + " " + fields);
        Path script = Wrk.payingScript(folder, fields);
        long before = used();
        Wrk.Sample sample = Wrk.run(url(server.port(1)), SECONDS, script);
        long micros = used() - before - sample.preparedMicros();
        if (sample.not2xx() > 0 || sample.requests() >= count - Wrk.CONNECTIONS) {
            throw new IOException(sample.not2xx() + " answers with an unexpected status, of " + sample.requests()
                    + " with " + count + " tokens");
        }
        most = Math.max(most, sample.requests());
        paid += sample.requests();
        return new Measured(sample.rate(), (double) micros / sample.requests());
    }

    private Measured sample(int port, Path script) throws IOException, InterruptedException {
        long before = used();
        Wrk.Sample sample = Wrk.run(url(port), SECONDS, script);
        return new Measured(sample.rate(), (double) (used() - before) / sample.requests());
    }

    private static String url(int port) {
        return LoadPort.origin(port).text() + "/paid";
    }

    /** CPU time of the server, and of each wrk that has ended. */
    private long used() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return server.cpuMicros() + (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * MICROS_A_TICK;
    }

    /** wrk leaves without the answers that are under way when its time is up; their charges are in the books. */
    private void checkBooks() throws IOException {
        String sound = server.ask("check");
        long captured = Books.parse(server.ask("books")).payments();
        System.out.println(captured + " payments in the books, which are " + sound);
        if (!sound.equals("sound") || captured < paid) {
            throw new IOException("the books are wrong: " + sound + ", " + captured + " charges for " + paid);
        }
    }
}
