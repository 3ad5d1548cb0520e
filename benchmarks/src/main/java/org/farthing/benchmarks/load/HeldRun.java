package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farthing.benchmarks.ledger.Spread;

/** R11: answers held until their own charge is durable, beside plain answers of the same server, in alternated triples. */
public final class HeldRun {

    private static final int SECONDS = 2;
    private static final int WARM_UPS = 3;

    /** Of the times in {@code /proc}: the same on all machines with Linux. */
    private static final long MICROS_A_TICK = 10_000;

    private static final int PLAIN = 0;
    private static final int ECHO = 1;
    private static final int HELD = 2;

    private final LoadProcess server;
    private long charged;

    private HeldRun(LoadProcess server) {
        this.server = server;
    }

    /**
     * What was measured. CPU times are those of a request in all, of server and wrk, in microseconds: they share the cores.
     *
     * @param ratio requests a second, held / plain
     * @param allowed what plain / (plain + hand-off + two operations), by CPU time, allows
     * @param reached the first by the second
     * @param ofOneWriter held requests a second, by what one thread could do if it had two operations to do for each and nothing else
     * @param plainMicros a plain request
     * @param handOffMicros what waiting for another thread twice adds
     * @param heldMicros a held request
     * @param heldRate held requests a second
     */
    public record Result(
            Spread ratio,
            double allowed,
            Spread reached,
            Spread ofOneWriter,
            Spread plainMicros,
            Spread handOffMicros,
            Spread heldMicros,
            Spread heldRate) {}

    private record Measured(double rate, double micros) {}

    /**
     * Makes the run and checks the books.
     *
     * @param folder where the ledger lies
     * @param triples how many samples of each kind
     * @param operationMicros the ledger's CPU time for one operation, for as many callers as wrk has connections
     * @param commitMicros how long such a group commit takes
     * @return what was measured
     * @throws IOException if server or wrk fail, or the books are wrong
     * @throws InterruptedException if interrupted
     */
    public static Result of(Path folder, int triples, double operationMicros, long commitMicros)
            throws IOException, InterruptedException {
        try (LoadProcess server = LoadProcess.start(HeldServer.class, folder.toString(), Long.toString(commitMicros))) {
            return new HeldRun(server).measure(triples, operationMicros);
        }
    }

    private Result measure(int triples, double operationMicros) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            sample(PLAIN);
            sample(ECHO);
            sample(HELD);
        }
        List<Measured> plain = new ArrayList<>();
        List<Measured> echo = new ArrayList<>();
        List<Measured> held = new ArrayList<>();
        for (int i = 0; i < triples; i++) {
            plain.add(sample(PLAIN));
            echo.add(sample(ECHO));
            held.add(sample(HELD));
        }
        checkBooks();
        Spread plainMicros = Spread.of(plain.stream().map(Measured::micros).toList());
        Spread handOff = Spread.of(pairs(echo, plain, (one, other) -> one.micros() - other.micros()));
        double allowed = plainMicros.median() / (plainMicros.median() + handOff.median() + 2 * operationMicros);
        List<Double> ratios = pairs(held, plain, (one, other) -> one.rate() / other.rate());
        List<Double> rates = held.stream().map(Measured::rate).toList();
        return new Result(
                Spread.of(ratios),
                allowed,
                Spread.of(ratios.stream().map(ratio -> ratio / allowed).toList()),
                Spread.of(rates.stream()
                        .map(rate -> rate * 2 * operationMicros / 1e6)
                        .toList()),
                plainMicros,
                handOff,
                Spread.of(held.stream().map(Measured::micros).toList()),
                Spread.of(rates));
    }

    private interface Pair {
        double of(Measured one, Measured other);
    }

    private static List<Double> pairs(List<Measured> ones, List<Measured> others, Pair pair) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < ones.size(); i++) {
            values.add(pair.of(ones.get(i), others.get(i)));
        }
        return values;
    }

    private Measured sample(int port) throws IOException, InterruptedException {
        long before = server.cpuMicros() + wrkMicros();
        Wrk.Sample sample = Wrk.run(LoadPort.origin(server.port(port)).text() + "/", SECONDS, null);
        long used = server.cpuMicros() + wrkMicros() - before;
        if (sample.not2xx() > 0) {
            throw new IOException(sample.not2xx() + " answers with an unexpected status");
        }
        if (port == HELD) {
            charged += sample.requests();
        }
        return new Measured(sample.rate(), (double) used / sample.requests());
    }

    /** CPU time of the processes this one started that have ended: each wrk. */
    private static long wrkMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * MICROS_A_TICK;
    }

    /** wrk leaves without the answers that are under way when its time is up; their charges are in the books. */
    private void checkBooks() throws IOException {
        String sound = server.ask("check");
        long captured = Books.parse(server.ask("books")).payments();
        if (!sound.equals("sound") || captured < charged) {
            throw new IOException(
                    "the books are wrong: " + sound + ", " + captured + " charges for " + charged + " answers");
        }
    }
}
