package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.ChildProcess;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Credential;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL at every step: the budget is right to the base unit, and what was paid for is had without a second charge. */
@Timeout(120)
class PaymentCrashTest {

    @TempDir
    Path temp;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private List<String> credentials() {
        return fixture.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .map(Credential::token68)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "PaymentRequired, -, 0",
        "Checked, -, 0",
        "Counted, INTENT, 0",
        "Signed, INTENT, 0",
        "Stored, SIGNED, 0",
        "Sending, SENT, 0",
        "Answered, SENT, 1",
        "Finished, SERVED, 1",
    })
    @Requirement({"F-CL-41", "F-CL-44", "F-OU-14", "F-CR-31", "T12"})
    void resume_afterAKillAtEachStep_oneChargeAndTheContent(String step, String left, int sent) throws Exception {
        Process process =
                ChildProcess.startReadable(PayingProcess.class, temp.resolve("purse"), step, fixture.uri("/page"));
        String line = process.inputReader().readLine();
        while (!line.equals("reached")) {
            line = process.inputReader().readLine();
        }
        ChildProcess.kill(process);

        assertThat(credentials()).hasSize(sent);
        if (left.equals("-")) {
            assertThat(fixture.client.journal().entries()).isEmpty();
            return;
        }
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.valueOf(left));
        assertThat(fixture.spent()).isEqualTo(2500);
        if (fixture.onlyPayment().state().isOpen()) {
            PaidResponse<String> resumed = fixture.client.resume(fixture.onlyPayment(), BodyHandlers.ofString());
            assertThat(resumed.outcome()).isInstanceOf(Served.class);
            assertThat(resumed.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        }
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SERVED);
        assertThat(credentials()).isNotEmpty().containsOnly(credentials().get(0));
        assertThat(fixture.payee.takable()).isEqualTo(2500);
        assertThat(fixture.spent()).isEqualTo(2500);
        assertThat(fixture.server.received())
                .extracting(Received::target)
                .as("the first request was not made again")
                .hasSizeLessThanOrEqualTo(3);
    }
}
