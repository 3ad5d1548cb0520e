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
import org.farthing.server.ledger.Account;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payee and wallet service as processes of their own, killed and stopped at every step; both books agree afterwards. */
@Requirement({"T45", "T47", "T61", "F-ST-30"})
class WalletServiceDrillTest {

    @TempDir
    private Path folder = Path.of("");

    private TwoBooks books;

    @BeforeEach
    void start() throws Exception {
        books = new TwoBooks(folder);
    }

    @AfterEach
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
        books.payee.tell("arm in handler");
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
        books.payee.tell("arm " + step);
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
        books.payee.tell("arm " + step);
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
        books.service.tell("arm " + step);
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
        assertThat(books.client.journal().spent("usd", true)).isEqualTo(Money.zero("usd"));
    }

    /** To the base unit: what left the wallet is what the payee earned, and nothing is held. */
    private void assertAgreed(long earned) throws Exception {
        assertThat(books.reconcile()).as(books.report()).isZero();
        assertThat(books.earned()).isEqualTo(earned);
        Account account = books.account();
        assertThat(account.available()).isEqualTo(FILLED - earned);
        assertThat(account.held()).isZero();
        if (earned > 0) {
            assertThat(books.client.journal().spent("usd", true))
                    .isEqualTo(new Money(BigDecimal.valueOf(earned, 6), "usd"));
        }
    }
}
