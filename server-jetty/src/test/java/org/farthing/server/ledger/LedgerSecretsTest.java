package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger keeps for others never shows in its logs, errors or texts, least of all when the store fails. */
@Requirement({"S40"})
class LedgerSecretsTest {

    private static final String BODY = "the-paid-content";
    private static final String RECEIPT = "the-signed-receipt";
    private static final String FIELD = "the-field-value";

    private static final StoredOutcome OUTCOME = StoredOutcome.whole(
            200, List.of(new StoredOutcome.Field("set-cookie", FIELD)), BODY.getBytes(StandardCharsets.UTF_8), RECEIPT);

    @TempDir
    private Path folder = Path.of("");

    private final PrintStream console = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(console);
    }

    @Test
    void capture_storeFails_logsTheFailureAndNoSecret() throws Exception {
        Path store = folder.resolve("ledger.db");
        Payments payments = new Payments(new TestClock());
        LedgerOptions options = LedgerOptions.builder(ForkJoinPool.commonPool())
                .clock(new TestClock())
                .build();
        try (Ledger ledger = SqliteLedger.open(store, options)) {
            await(ledger.register(Payments.registration(ALICE)));
            await(ledger.topUp(new TopUp(ALICE, USD, 1000, "first")));
            Reserved.Held held = (Reserved.Held) await(ledger.reserve(payments.hold("c1", 300)));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE outcome");
            }

            assertThatThrownBy(() -> await(ledger.capture(held.ref(), 300, OUTCOME)))
                    .isInstanceOfSatisfying(LedgerUnavailableException.class, e -> {
                        assertThat(e.effect()).isEqualTo(LedgerUnavailableException.Effect.NONE);
                        assertThat(e).hasStackTraceContaining("outcome");
                        assertThat(e.toString() + e.getCause()).doesNotContain(BODY, RECEIPT, FIELD, "hash-c1");
                    });
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("The ledger (farthing-ledger-writer) cannot serve")
                .doesNotContain(BODY, RECEIPT, FIELD, "hash-c1");
    }

    @Test
    void toString_ofAnOutcome_saysHowMuchNotWhat() {
        assertThat(OUTCOME.toString())
                .isEqualTo("StoredOutcome[status=200, fields=1, body=16 bytes, receipt=true]")
                .doesNotContain(BODY, RECEIPT, FIELD);
    }

    @Test
    void toString_ofWhatCarriesAToken_leavesItOut() {
        PaymentHold hold = new Payments(new TestClock()).vouched("c1", 300);
        VouchedPayment payment = new VouchedPayment(
                ALICE,
                hold.recipient(),
                "c1",
                hold.tokenId(),
                USD,
                300,
                0,
                0,
                VouchedPayment.State.HELD,
                hold.expires(),
                hold.expires(),
                hold.holdExpires());

        assertThat(List.of(hold, new Vouched.Held(payment, hold.token()), new Vouched.Known(payment, hold.token())))
                .allSatisfy(one -> assertThat(one.toString()).contains("c1").doesNotContain(hold.token()));
    }
}
