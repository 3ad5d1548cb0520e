package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that SQLite itself cannot write any more: 503, nothing unpaid, and payments go on when there is room again. */
@Requirement({"T43", "T47", "F-SV-71", "F-SV-74"})
class StoreFullTest {

    private static final int REFUSED = 20;

    @TempDir
    private Path folder = Path.of("");

    private SqliteFaults faults;
    private Paywall paywall;

    @BeforeEach
    void start() throws Exception {
        faults = SqliteFaults.in(folder);
        paywall = Paywall.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        try {
            faults.heal();
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
            faults.close();
        }
    }

    @Test
    @Requirement("F-SV-71")
    void full_503UntilThereIsRoomAndEachCredentialEndsInOneChargeOrNone() throws Exception {
        faults.fill();
        List<String> refused = new ArrayList<>();
        int served = 0;
        while (refused.size() < REFUSED) {
            assertThat(served).as("payments the full store still took").isLessThan(5_000);
            String value = credential("/docs/a");
            HttpTester.Response answer = paywall.get("/docs/a", value);
            if (answer.getStatus() == 200) {
                served++;
            } else {
                assertNothingServed(answer);
                refused.add(value);
            }
        }
        assertThat(paywall.get("/docs/a").getStatus()).isEqualTo(402);
        assertThat(paywall.get("/open").getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(served * Paywall.PRICE);

        faults.heal();
        assertThat(paywall.buy("/docs/a").getStatus()).isEqualTo(200);
        served++;
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        for (String value : refused) {
            HttpTester.Response answer = paywall.get("/docs/a", value);
            if (answer.getStatus() == 200) {
                served++;
            } else {
                assertThat(answer.get("Payment-Outcome")).startsWith("released;");
            }
        }
        assertThat(paywall.spent(paywall.alice)).isEqualTo(served * Paywall.PRICE);
        assertThat(paywall.account(paywall.alice).held()).isZero();
    }

    @Test
    void readOnly_503AndTheSameBytesAreServedAfterwards() throws Exception {
        String value = credential("/docs/a");
        faults.forbidWriting();
        assertAway(paywall.get("/docs/a", value));
        assertAway(paywall.get("/docs/a", value));
        assertThat(paywall.executions).hasValue(0);
        faults.heal();
        assertThat(paywall.get("/docs/a", value).getStatus()).isEqualTo(200);
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-ST-36", "F-ST-23"})
    void readOnlyFromTheHandlerOn_theAnswerIsHeldBackAndNothingIsCharged() throws Exception {
        String value = credential("/docs/a");
        paywall.app(Paywall.of((request, response, callback) -> {
            faults.forbidWriting();
            Paywall.text("the document").handle(request, response, callback);
        }));
        HttpTester.Response answer = paywall.get("/docs/a", value);
        assertAway(answer);
        faults.heal();
        HttpTester.Response again = paywall.get("/docs/a", value);
        assertThat(again.getStatus()).isEqualTo(409);
        assertThat(again.get("Payment-Outcome")).startsWith("pending;");
        paywall.clock.advance(Duration.ofSeconds(31));
        Paywall.await(paywall.ledger().sweep());
        HttpTester.Response told = paywall.get("/docs/a", value);
        assertThat(told.get("Payment-Outcome")).startsWith("released;");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    private String credential(String path) {
        return "Authorization: " + paywall.alice.pay(paywall.get(path));
    }

    private static void assertAway(HttpTester.Response answer) throws Exception {
        assertNothingServed(answer);
        assertThat(answer.get("Payment-Outcome")).startsWith("pending;");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
    }

    private static void assertNothingServed(HttpTester.Response answer) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(503);
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.get("Retry-After")).isEqualTo("1");
        assertThat(answer.get("WWW-Authenticate")).isNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        // The id of the challenge is random and may have any letters in it, but no space.
        assertThat(answer.getContent()).doesNotContain("the document", "SQLITE", "or disk", "database");
    }
}
