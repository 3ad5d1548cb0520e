package org.farthing.client;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farthing.client.testing.ChildProcess;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything the client logs, prints and throws, at the finest level, against every secret there was. */
@Timeout(120)
class LogLeakTest {

    @TempDir
    Path temp;

    @Test
    @Requirement({"F-CL-55", "F-CR-32", "F-WA-11", "C18", "S40", "T38"})
    void output_ofEveryKindOfPayment_holdsNoSecret() throws Exception {
        List<String> secrets = new ArrayList<>();
        try (Fixture fixture = new Fixture(temp)) {
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(
                            request, offer -> offer.amount = request.target().equals("/dear") ? 50_000 : 2500),
                    (request, paid) -> {
                        synchronized (secrets) {
                            secrets.add(paid.token68());
                            secrets.add(String.valueOf(paid.payload().get("jws")));
                            secrets.add(fixture.payee
                                    .receipt(paid.challenge())
                                    .jws()
                                    .orElseThrow());
                        }
                        return switch (request.target()) {
                            case "/lost" -> Reply.drop();
                            case "/released" ->
                                Reply.problem(fixture.payee.released(paid, "yes"))
                                        .header(
                                                "Payment-Outcome",
                                                TestPayee.outcome(ChargeOutcome.State.RELEASED, paid));
                            case "/bad-receipt" -> Reply.ok("x").header("Payment-Receipt", paid.token68());
                            default -> fixture.payee.serve(paid);
                        };
                    }));
            secrets.add(Files.readString(temp.resolve("purse/purse.json"))
                    .replaceAll("(?s).*\"seed\":\"([^\"]+)\".*", "$1"));
            Process process = ChildProcess.startReadable(
                    PayingProcess.class,
                    temp.resolve("purse"),
                    "-",
                    fixture.uri("/ok"),
                    fixture.uri("/dear"),
                    fixture.uri("/lost"),
                    fixture.uri("/released"),
                    fixture.uri("/bad-receipt"));
            String output = process.inputReader().lines().collect(joining("\n"));
            assertThat(ChildProcess.await(process)).isZero();
            assertThat(output)
                    .contains("INFO")
                    .contains("Paid 0.0025 USD")
                    .contains("Unknown")
                    .endsWith("done");
            assertThat(secrets).hasSizeGreaterThanOrEqualTo(13);
            for (String secret : secrets) {
                assertThat(output).doesNotContain(secret);
            }
        }
    }

    @Test
    @Requirement({"F-CL-55", "F-CR-32", "F-CL-63", "T38"})
    void output_ofPaymentsThroughAService_holdsNoOrderAndNoToken() throws Exception {
        List<String> secrets = new ArrayList<>();
        try (ServiceFixture fixture = new ServiceFixture(temp)) {
            var honest = fixture.service.honest();
            fixture.wallets.script(request -> {
                Reply reply = honest.apply(request);
                synchronized (secrets) {
                    request.header("Authorization").ifPresent(bearer -> secrets.add(bearer.substring(7)));
                }
                return request.target().startsWith("/v1/payments/") ? Reply.of(500) : reply;
            });
            fixture.payee((request, paid) -> {
                synchronized (secrets) {
                    secrets.add(paid.token68());
                    secrets.add(String.valueOf(paid.payload().get("receipt")));
                }
                return switch (request.target()) {
                    case "/lost" -> Reply.drop();
                    case "/released" ->
                        Reply.problem(fixture.payee().released(paid, "yes"))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid));
                    default -> fixture.payee().serve(paid);
                };
            });
            Process process = ChildProcess.startReadable(
                    PayingProcess.class,
                    temp.resolve("purse"),
                    "-",
                    fixture.fixture.uri("/ok"),
                    fixture.fixture.uri("/lost"),
                    fixture.fixture.uri("/released"));
            String output = process.inputReader().lines().collect(joining("\n"));
            assertThat(ChildProcess.await(process)).isZero();
            assertThat(output).contains("Vouched", "WalletSaid", "Unknown").endsWith("done");
            secrets.addAll(fixture.service.orders());
            assertThat(secrets).hasSizeGreaterThanOrEqualTo(12);
            for (String secret : secrets) {
                assertThat(output).doesNotContain(secret);
            }
            assertThat(java.nio.file.Files.readString(temp.resolve("purse/journal.jsonl")))
                    .contains("\"service\":\"" + fixture.wallets.origin())
                    .doesNotContain(secrets);
        }
    }
}
