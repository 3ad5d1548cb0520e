package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.ChildProcess;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL at every step of a payment through a wallet service: one order, one token, and a budget right to the base unit. */
@Timeout(120)
class WalletServiceCrashTest {

    @TempDir
    Path temp;

    private ServiceFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServiceFixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void killAt(String step) throws Exception {
        Process process = ChildProcess.startReadable(
                PayingProcess.class, temp.resolve("purse"), step, fixture.fixture.uri("/page"));
        String line = process.inputReader().readLine();
        while (!line.equals("reached")) {
            line = process.inputReader().readLine();
        }
        ChildProcess.kill(process);
    }

    private String stored() throws Exception {
        try (var files = Files.list(temp.resolve("purse/journal.jsonl.open"))) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Checked, -, 0, 0",
        "Counted, INTENT, 0, 0",
        "Signed, INTENT, 0, 0",
        "Stored, SIGNED, 0, 0",
        "Exchanging, SENT, 0, 0",
        "Vouched, SENT, 1, 0",
        "Sending, SENT, 1, 0",
        "Answered, SENT, 1, 1",
        "Finished, SERVED, 1, 1",
    })
    @Requirement({"F-CL-41", "F-CL-44", "F-CL-62", "F-CL-63", "F-OU-14", "F-CR-31", "T12"})
    void resume_afterAKillAtEachStep_oneOrderOneTokenAndTheContent(String step, String left, int orders, int tokens)
            throws Exception {
        killAt(step);
        assertThat(fixture.service.orders()).hasSize(orders);
        assertThat(fixture.credentials()).hasSize(tokens);
        if (left.equals("-")) {
            assertThat(fixture.fixture.client.journal().entries()).isEmpty();
            return;
        }
        assertThat(fixture.fixture.onlyPayment().state()).isEqualTo(State.valueOf(left));
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        if (fixture.fixture.onlyPayment().state().isOpen()) {
            String before = left.equals("INTENT") ? "" : stored();
            PaidResponse<String> resumed =
                    fixture.fixture.client.resume(fixture.fixture.onlyPayment(), BodyHandlers.ofString());
            assertThat(resumed.outcome()).isInstanceOf(Served.class);
            assertThat(resumed.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
            if (orders == 1) {
                assertThat(fixture.credentials())
                        .as("what was stored is what is sent")
                        .containsOnly(before);
            }
        }
        assertThat(fixture.fixture.onlyPayment().state()).isEqualTo(State.SERVED);
        assertThat(fixture.service.orders())
                .isNotEmpty()
                .containsOnly(fixture.service.orders().get(0));
        assertThat(fixture.service.taken()).isEqualTo(2500);
        assertThat(fixture.credentials())
                .isNotEmpty()
                .containsOnly(fixture.credentials().get(0));
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        assertThat(temp.resolve("purse/journal.jsonl.open")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"true, GIVEN_BACK, 0", "false, SENT, 2500"})
    @Requirement({"F-CL-44", "F-OU-13", "F-OU-16"})
    void resume_afterAKillWhileTheWalletWasAsked_itsWordStillDecides(boolean released, State end, long spent)
            throws Exception {
        fixture.payee((request, paid) -> Reply.problem((released
                                ? fixture.payee().released(paid, "yes")
                                : org.farthing.protocol.Problem.of(
                                        org.farthing.protocol.ProblemType.INTERNAL_PAYMENT_ERROR, "No."))
                        .withStatus(503))
                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)));
        killAt("WalletSaid");
        assertThat(fixture.fixture.onlyPayment().state()).isEqualTo(State.SENT);
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        PaidResponse<String> resumed =
                fixture.fixture.client.resume(fixture.fixture.onlyPayment(), BodyHandlers.ofString());
        assertThat(resumed.outcome()).isInstanceOf(PaymentOutcome.NotCharged.class);
        assertThat(fixture.fixture.onlyPayment().state()).isEqualTo(end);
        assertThat(fixture.fixture.spent()).isEqualTo(spent);
        assertThat(fixture.service.orders()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-32", "F-CL-40", "T11"})
    void send_severalProcessesThroughOneService_neverAboveTheBudget() throws Exception {
        fixture.fixture.server.script(fixture.payee()
                .script(
                        fixture.fixture.payer(),
                        request -> fixture.payee().demand(request, offer -> {
                            fixture.throughService(offer);
                            offer.amount = 10_000;
                        }),
                        (request, paid) -> fixture.payee().serve(paid)));
        List<Process> processes = new ArrayList<>();
        for (int process = 0; process < 3; process++) {
            List<Object> arguments = new ArrayList<>(List.of(temp.resolve("purse"), "-"));
            for (int page = 0; page < 5; page++) {
                arguments.add(fixture.fixture.uri("/page?" + process + "." + page));
            }
            processes.add(ChildProcess.startReadable(PayingProcess.class, arguments.toArray()));
        }
        for (Process process : processes) {
            String output = process.inputReader().lines().collect(java.util.stream.Collectors.joining("\n"));
            assertThat(output).endsWith("done");
            assertThat(ChildProcess.await(process)).isZero();
        }
        assertThat(fixture.service.taken()).as("a budget of ten payments").isEqualTo(100_000);
        assertThat(fixture.fixture.spent()).isEqualTo(100_000);
        assertThat(fixture.fixture.client.journal().entries())
                .hasSize(10)
                .allMatch(entry -> entry.state() == State.SERVED)
                .extracting(entry -> entry.proposal().amount())
                .containsOnly(Amount.of(10_000));
    }
}
