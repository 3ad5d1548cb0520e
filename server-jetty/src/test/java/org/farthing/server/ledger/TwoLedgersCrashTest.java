package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.COLLECT;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.TwoLedgers;
import org.farthing.server.ledger.kit.TwoLedgers.Stand;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A payee and a wallet service that die amid payments: afterwards both ledgers come to the same, to the base unit. */
@Timeout(120)
class TwoLedgersCrashTest {

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();

    @RepeatedTest(3)
    @Requirement({"F-ST-72", "F-ST-73", "F-ST-82", "F-ST-85", "T45", "T54", "T61"})
    void kill_amidPayments_bothLedgersComeToTheSame() throws Exception {
        List<String> said = killAfter(150);

        try (Ledger payee = SqliteLedger.open(folder.resolve("payee.db"), options());
                Ledger service = SqliteLedger.open(folder.resolve("service.db"), options())) {
            TwoLedgers both = new TwoLedgers(clock, payee, service);
            sound(payee);
            sound(service);
            Map<String, Stand> vouched = both.atTheService();
            Map<String, Stand> collected = both.atThePayee();
            for (String line : said) {
                String token = "t-" + line.substring(line.indexOf(' ') + 1);
                assertThat(vouched).containsKey(token);
                if (line.startsWith("served")) {
                    assertThat(collected).containsKey(token);
                    assertThat(collected
                                    .getOrDefault(token, new Stand(0, 0, false))
                                    .captured())
                            .isPositive();
                }
            }

            clock.advance(HOLD.plusMillis(1));
            drain(both, payee);
            sweepAll(payee);
            drain(both, payee);

            assertThat(await(payee.outbox().status())).isEmpty();
            assertThat(both.atThePayee()).isEqualTo(endedOf(both));
            clock.advance(VALID.plus(COLLECT));
            sweepAll(service);
            assertThat(both.atTheService().values()).allMatch(Stand::ended);
            sound(payee);
            sound(service);
            assertThat(await(payee.totals()).get(0).receivable())
                    .isEqualTo(await(service.totals()).get(0).payees());
        }
    }

    private static void drain(TwoLedgers both, Ledger payee) {
        while (both.carry(true) > 0) {
            assertThat(await(payee.outbox().items(OutboxItem.State.FAILED, 0, 10)))
                    .isEmpty();
        }
    }

    private static void sweepAll(Ledger ledger) {
        boolean more = true;
        while (more) {
            more = await(ledger.sweep()).more();
        }
    }

    /** What the payee has seen; tokens it was never shown are still held, and come back to their wallet in time. */
    private static Map<String, Stand> endedOf(TwoLedgers both) {
        Map<String, Stand> all = both.atTheService();
        all.keySet().retainAll(both.atThePayee().keySet());
        return all;
    }

    private static void sound(Ledger ledger) {
        CheckReport report = await(ledger.check());
        assertThat(report.findings()).isEmpty();
        assertThat(report.totals()).allMatch(total -> total.sum() == 0);
    }

    private List<String> killAfter(int lines) throws Exception {
        List<String> said = new ArrayList<>();
        Process child = LedgerChild.start(TwoLedgersChild.class, folder);
        try (BufferedReader out = LedgerChild.lines(child)) {
            for (int i = 0; i < lines; i++) {
                said.add(out.readLine());
            }
            // By its handle: Process.destroyForcibly would also close the stream with what it has said so far.
            child.toHandle().destroyForcibly();
            // The last line may have been cut, and then names another payment.
            List<String> rest = out.lines().toList();
            said.addAll(rest.subList(0, Math.max(0, rest.size() - 1)));
        }
        assertThat(child.waitFor()).isNotZero();
        assertThat(said).doesNotContainNull();
        return said;
    }

    private LedgerOptions options() {
        return TwoLedgersChild.options(clock, ForkJoinPool.commonPool());
    }
}
