package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.IncomeLine;
import org.farthing.server.ledger.IncomeLine.By;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Transfer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Books} must do where it reads row by row, for the operator's tools. */
public abstract class BooksContract extends ChargeKit {

    /** For the store's own test. */
    protected BooksContract() {}

    private void pay(String id, long amount) {
        await(ledger().capture(hold(id, amount).ref(), amount, ANSWER));
    }

    private List<Transfer> transfers(Instant from, Instant until) {
        List<Transfer> all = new ArrayList<>();
        assertThat(await(ledger().eachTransfer(from, until, all::add))).isEqualTo(all.size());
        return all;
    }

    private List<IncomeLine> income(By by) {
        List<IncomeLine> lines = new ArrayList<>();
        assertThat(await(ledger().eachIncome(Instant.MIN, Instant.MAX, by, lines::add)))
                .isEqualTo(lines.size());
        return lines;
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_givesAllInTheirOrder() {
        pay("c1", 30);
        clock.advance(Duration.ofSeconds(1));
        await(ledger().refund(new RefundRequest("c1", 10, "r1", "say \"sorry\", ünicode")));

        List<Transfer> all = transfers(Instant.MIN, Instant.MAX);

        assertThat(all)
                .extracting(Transfer::kind)
                .containsExactly(Transfer.Kind.TOP_UP, Transfer.Kind.HOLD, Transfer.Kind.CAPTURE, Transfer.Kind.REFUND);
        assertThat(all).extracting(Transfer::sequence).isSorted();
        assertThat(all).extracting(Transfer::method).containsExactly(null, "wallet", "wallet", "wallet");
        assertThat(all.get(3))
                .isEqualTo(new Transfer(
                        await(ledger().lastSequence()),
                        all.get(3).id(),
                        Transfer.Kind.REFUND,
                        ALICE,
                        "c1",
                        "payee:" + PAYEE,
                        "available:" + ALICE,
                        USD,
                        10,
                        "wallet",
                        "say \"sorry\", ünicode",
                        clock.instant()));
        assertThat(transfers(clock.instant(), Instant.MAX)).containsExactly(all.get(3));
        assertThat(transfers(Instant.MIN, clock.instant())).isEqualTo(all.subList(0, 3));
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_whatAServiceVouchedFor_belongsToNoWallet() {
        Reserved.Held held = (Reserved.Held) await(ledger().reserve(payments.backed("b1", 70, 1000)));
        await(ledger().capture(held.ref(), 70, ANSWER));

        Transfer capture = transfers(Instant.MIN, Instant.MAX).get(1);

        assertThat(capture.wallet()).isNull();
        assertThat(capture.challengeId()).isEqualTo("b1");
        assertThat(capture.to()).isEqualTo("payee:" + PAYEE);
    }

    @Test
    void eachTransfer_sinkThrows_endsAndFailsWithIt_andTheBooksServeOn() {
        pay("c1", 30);
        List<Transfer> taken = new ArrayList<>();

        assertThatThrownBy(() -> await(ledger().eachTransfer(Instant.MIN, Instant.MAX, transfer -> {
                    taken.add(transfer);
                    throw new IllegalStateException("the disk is full");
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the disk is full");

        assertThat(taken).hasSize(1);
        assertThat(transfers(Instant.MIN, Instant.MAX)).hasSize(3);
    }

    @Test
    @Requirement({"F-OP-10"})
    void eachTransfer_whatIsWrittenMeanwhile_isNotSeen_andNobodyWaits() {
        pay("c1", 30);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        List<Transfer> seen = new ArrayList<>();
        CompletableFuture<Long> read = ledger().eachTransfer(Instant.MIN, Instant.MAX, transfer -> {
                    seen.add(transfer);
                    reading.countDown();
                    join(written);
                })
                .toCompletableFuture();
        join(reading);

        pay("c2", 40);
        written.countDown();

        assertThat(await(read)).isEqualTo(3);
        assertThat(seen).hasSize(3);
        assertThat(transfers(Instant.MIN, Instant.MAX)).hasSize(5);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement({"F-OP-11"})
    void check_tellsHowManyTransfersItHasRead() {
        pay("c1", 30);
        List<Long> told = new ArrayList<>();

        CheckReport report = await(ledger().check(told::add));

        assertThat(told).isSorted().last().isEqualTo(report.transfers());
        assertThat(report.transfers()).isEqualTo(3);
    }

    @Test
    @Requirement({"F-OP-30"})
    void eachIncome_byDayAndByMonth_endsAtMidnightUtc() {
        pay("c1", 30);
        clock.advance(Duration.ofHours(14).minusMillis(1));
        pay("c2", 20);
        clock.advance(Duration.ofMillis(1));
        pay("c3", 7);
        await(ledger().refund(new RefundRequest("c1", 5, "r1", "why")));
        clock.advance(Duration.ofDays(8));
        pay("c4", 1);

        assertThat(income(By.DAY))
                .containsExactly(
                        line("2026-11-22", 50, 0, 2), line("2026-11-23", 7, 5, 1), line("2026-12-01", 1, 0, 1));
        assertThat(income(By.MONTH)).containsExactly(line("2026-11-01", 57, 5, 3), line("2026-12-01", 1, 0, 1));
    }

    private static IncomeLine line(String begins, long captured, long refunded, long captures) {
        return new IncomeLine(LocalDate.parse(begins), new Income(PAYEE, USD, "wallet", captured, refunded, captures));
    }

    @Test
    @Requirement({"F-OP-30"})
    void eachIncome_withinATime_agreesWithTheSumOfIt() {
        pay("c1", 30);
        clock.advance(Duration.ofDays(1));
        Instant from = clock.instant();
        pay("c2", 20);
        clock.advance(Duration.ofDays(1));
        pay("c3", 7);
        Instant until = clock.instant();

        List<IncomeLine> lines = new ArrayList<>();
        await(ledger().eachIncome(from, until, By.MONTH, lines::add));

        assertThat(lines).extracting(IncomeLine::income).isEqualTo(await(ledger().income(from, until)));
        assertThat(lines).containsExactly(line("2026-11-01", 20, 0, 1));
    }
}
