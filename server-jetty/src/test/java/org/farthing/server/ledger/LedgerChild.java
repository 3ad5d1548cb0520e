package org.farthing.server.ledger;

import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.postgres.TestPostgres;

/**
 * A ledger in a process of its own, which the tests kill: it does what its second argument says, prints a line for everything
 * the ledger has acknowledged, and then waits for its end.
 */
final class LedgerChild {

    private LedgerChild() {}

    public static void main(String[] args) throws IOException {
        TestClock clock = new TestClock();
        Payments payments = new Payments(clock);
        LedgerOptions options = LedgerOptions.builder(Executors.newCachedThreadPool())
                .clock(clock)
                .maxHolds(1000)
                .build();
        Ledger ledger;
        try {
            ledger = args[0].startsWith("jdbc:")
                    ? PostgresLedger.open(TestPostgres.at(args[0]), options, clock)
                    : SqliteLedger.open(Path.of(args[0]), options);
        } catch (StoreRefusedException e) {
            System.out.println(e.getMessage());
            return;
        }
        await(ledger.register(Payments.registration(ALICE)));
        await(ledger.topUp(new TopUp(ALICE, USD, 100_000, "first")));
        switch (args[1]) {
            case "open" -> System.out.println("open");
            case "hold" -> System.out.println(hold(ledger, payments, "c1").ref());
            case "upfront" -> {
                await(ledger.chargeUpfront(payments.hold("c1", 300)));
                System.out.println("charged");
            }
            case "storm" -> storm(ledger, payments);
            case "tokens" -> TokenStorm.run(ledger, clock);
            default -> throw new IllegalArgumentException(args[1]);
        }
        var unused = System.in.read();
    }

    private static Reserved.Held hold(Ledger ledger, Payments payments, String id) {
        return (Reserved.Held) await(ledger.reserve(payments.hold(id, 300)));
    }

    /** Pays on eight threads without end. */
    private static void storm(Ledger ledger, Payments payments) {
        for (int thread = 0; thread < 8; thread++) {
            String prefix = "c" + thread + "-";
            new Thread(() -> {
                        for (int i = 0; ; i++) {
                            Reserved reserved = await(ledger.reserve(payments.hold(prefix + i, 3)));
                            if (!(reserved instanceof Reserved.Held held)) {
                                return;
                            }
                            await(ledger.capture(held.ref(), 1 + i % 3, ANSWER));
                            System.out.println(prefix + i);
                        }
                    })
                    .start();
        }
    }

    /** Starts a child on a store: a file, or the address of a schema of {@link TestPostgres}. */
    static Process start(Object store, String what) throws IOException, URISyntaxException {
        return start(LedgerChild.class, store, what);
    }

    /** Starts a program of the tests on a store, in a process of its own. */
    static Process start(Class<?> program, Object store, String... what) throws IOException, URISyntaxException {
        List<String> path = new ArrayList<>(List.of("target/classes", "target/test-classes"));
        for (Class<?> used : List.of(
                org.farthing.protocol.Money.class,
                org.slf4j.Logger.class,
                org.sqlite.JDBC.class,
                org.postgresql.Driver.class)) {
            path.add(Path.of(used.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(System.getProperty("path.separator"), path),
                program.getName(),
                store.toString()));
        command.addAll(List.of(what));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static BufferedReader lines(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    }
}
