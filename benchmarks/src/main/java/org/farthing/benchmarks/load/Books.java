package org.farthing.benchmarks.load;

import java.time.Instant;
import java.util.List;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.Ledger;

/**
 * What one ledger says of a run: the payee's of what it sold, the wallet service's of what was collected there. The processes
 * tell it as a line.
 *
 * @param payments how many were captured
 * @param amount what they are worth, in base units
 */
record Books(long payments, long amount) {

    static Books of(Ledger ledger) {
        List<Income> income = ledger.income(Instant.EPOCH, Instant.now().plusSeconds(1))
                .toCompletableFuture()
                .join();
        return new Books(
                income.stream().mapToLong(Income::captures).sum(),
                income.stream()
                        .mapToLong(earned -> earned.captured() - earned.refunded())
                        .sum());
    }

    /** Verifies every row, which takes long. */
    static String check(Ledger ledger) {
        CheckReport report = ledger.check().toCompletableFuture().join();
        return report.sound() ? "sound" : "not sound: " + report.findings();
    }

    static Books parse(String line) {
        String[] numbers = line.split(" ", -1);
        return new Books(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    @Override
    public String toString() {
        return payments + " payments of " + amount + " " + LoadChallenges.CURRENCY.text() + " in all";
    }

    /** As a line for {@link #parse}. */
    String format() {
        return payments + " " + amount;
    }
}
