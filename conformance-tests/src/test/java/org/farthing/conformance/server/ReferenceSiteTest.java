package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.reference.FixedTokenKeys;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.conformance.report.SecretsInReports;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our own server, checked by the suite: everything holds. */
@Requirement({"F-CO-1", "F-CO-11", "F-CO-95", "F-CO-99", "F-CO-100", "F-CO-101", "F-CO-103"})
class ReferenceSiteTest {

    private static final MovingClock CLOCK = new MovingClock(Instant.parse("2026-11-22T10:00:00Z"));

    private static ReferenceServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ReferenceServer.open(ReferenceSettings.temporary()
                .at(CLOCK)
                .withWalletService(true)
                .withTokens(FixedTokenKeys.at(CLOCK.instant())));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static Site site(Payer payer) throws IOException {
        URI origin = URI.create(server.origin().text());
        Wire wire = new Wire(origin, Duration.ofMinutes(1), Trust.of(null));
        SiteConfig config = SiteConfig.read(server.config(), origin);
        Payer second = payer instanceof TokenBuyer ? payer : Payers.second(config.payment());
        return new Site(
                config.pages(),
                wire,
                payer,
                CLOCK,
                second,
                config.walletService(),
                Payers.remote(config.remotePayee()),
                Payers.token(config.expiredToken()));
    }

    @Test
    void referenceServer_everyCase_holds() throws IOException {
        Payer payer = Payers.of(SiteConfig.Payment.wallet(server.walletFile()));
        List<CaseResult> results = ServerSuite.of(Profile.TOKEN).run(site(payer), Watcher.NONE, Stopwatch.system());
        assertThat(results)
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.verdict())
                        .as(result.info().id() + " " + result.verdict())
                        .matches(verdict -> !verdict.isFailure()));
        assertThat(results)
                .filteredOn(result -> result.info().profile() == Profile.TOKEN)
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.verdict())
                        .as(result.info().id() + " " + result.verdict())
                        .isInstanceOf(Verdict.Passed.class));
        SecretsInReports.assertNone(
                results,
                Files.readString(server.walletFile()).split("\"d\":\"", 2)[1].substring(0, 43));
    }

    @Test
    @Requirement({"F-CO-102", "F-TK-59"})
    void referenceServerPaidByTokens_casesOnPayments_hold() throws IOException {
        SiteConfig.Payment tokens = new SiteConfig.Payment(
                server.walletFile(), null, null, null, List.of(), "token", null, SiteConfig.PATIENCE);
        Suite<Site> payments = ServerSuite.of(Profile.CORE)
                .only(info -> Set.of("Paid", "Replay", "Once").contains(info.group()));

        List<CaseResult> results = payments.run(site(Payers.of(tokens)), Watcher.NONE, Stopwatch.system());

        assertThat(results)
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.verdict())
                        .as(result.info().id() + " " + result.verdict())
                        .matches(verdict -> !verdict.isFailure()))
                .anySatisfy(result -> assertThat(result.verdict()).isInstanceOf(Verdict.Passed.class));
    }
}
