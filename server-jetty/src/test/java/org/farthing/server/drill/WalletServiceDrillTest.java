package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.FILLED;
import static org.farthing.server.drill.TwoBooks.PRICE;
import static org.farthing.server.drill.TwoBooks.await;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaidResponse;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.protocol.Money;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Payee and wallet service as processes of their own, killed and stopped at every step; both books agree afterwards.
 *
 * <p>One life after the other, on the same books: each case finds what the one before left.
 */
@Requirement({"T45", "T47", "T61", "F-ST-30"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletServiceDrillTest {

    private TwoBooks books;
    private long available = FILLED;
    private long earnedBefore;
    private boolean compared;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        books = new TwoBooks(folder);
    }

    @BeforeEach
    void startPayee() throws Exception {
        if (compared) {
            books.payee = books.startPayee();
            compared = false;
        }
    }

    @AfterAll
    void stop() {
        books.close();
    }

    @Test
    void bothRunning_servedCapturedAndBothBooksAgree() throws Exception {
        served(books.buy("/docs/a"));
        books.drain();
        assertAgreed(PRICE);
    }

    @Test
    void serviceStoppedBetweenPaymentAndCapture_servedNowAndCapturedLater() throws Exception {
        books.payee.arm("in handler");
        CompletableFuture<PaidResponse<String>> answer = books.buy("/docs/a");
        books.payee.expect("at in handler");
        books.service.kill();
        books.payee.tell("go on");
        served(answer);
        books.payee.kill();
        books.service = books.startService();
        assertThat(books.reconcile()).as(books.report()).isEqualTo(3);
        books.payee = books.startPayee();
        books.drain();
        assertAgreed(PRICE);
    }

    @Test
    @Requirement({"T73", "F-OU-13"})
    void handlerFails_bothBooksShowTheReleaseAndTheBudgetComesBackByEvidence() throws Exception {
        assertReleased(books.buy("/docs/fail"));
        books.drain();
        assertAgreed(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before ledger.reserve",
                "after ledger.reserve",
                "in handler",
                "before ledger.capture",
                "after ledger.capture",
                "after outbox.due",
                "before outbox.done",
                "after outbox.done"
            })
    void payeeKilled_chargedOnceAndBothBooksAgree(String step) throws Exception {
        books.payee.arm(step);
        CompletableFuture<PaidResponse<String>> answer = books.buy("/docs/a");
        books.payee.expect("at " + step);
        books.killPayee();
        served(answer);
        books.drain();
        assertAgreed(PRICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before ledger.release", "after ledger.release"})
    void payeeKilledWhileGivingBack_nothingIsChargedAndBothBooksAgree(String step) throws Exception {
        books.payee.arm(step);
        CompletableFuture<PaidResponse<String>> answer = books.buy("/docs/fail");
        books.payee.expect("at " + step);
        books.killPayee();
        assertReleased(answer);
        books.drain();
        assertAgreed(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"before payments.hold", "after payments.hold", "before payments.settle", "after payments.settle"
            })
    void serviceKilled_chargedOnceAndBothBooksAgree(String step) throws Exception {
        books.service.arm(step);
        CompletableFuture<PaidResponse<String>> answer = books.buy("/docs/a");
        books.service.expect("at " + step);
        books.killService();
        served(answer);
        books.drain();
        assertAgreed(PRICE);
    }

    private void served(CompletableFuture<PaidResponse<String>> answer) {
        PaidResponse<String> response = await(answer);
        assertThat(response.outcome()).isInstanceOf(Served.class);
        assertThat(((Served) response.outcome()).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(response.response().orElseThrow().body()).isEqualTo("bought");
    }

    private void assertReleased(CompletableFuture<PaidResponse<String>> answer) throws Exception {
        PaymentOutcome outcome = await(answer).outcome();
        assertThat(outcome).isInstanceOf(NotCharged.class);
        assertThat(((NotCharged) outcome).evidence()).isEqualTo(Evidence.WALLET);
        assertThat(((NotCharged) outcome).payment().counted()).isFalse();
    }

    /** To the base unit: what left the wallet is what the payee earned, and nothing is held. Ends the payee. */
    private void assertAgreed(long earned) throws Exception {
        compared = true;
        assertThat(books.reconcile()).as(books.report()).isZero();
        long all = books.earned();
        assertThat(all).isEqualTo(earnedBefore + earned);
        assertThat(books.available()).isEqualTo(available - earned);
        assertThat(books.client.journal().spent("usd", true)).isEqualTo(new Money(BigDecimal.valueOf(all, 6), "usd"));
        earnedBefore = all;
        available -= earned;
    }
}
