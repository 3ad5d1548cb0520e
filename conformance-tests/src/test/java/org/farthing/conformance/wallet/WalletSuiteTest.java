package org.farthing.conformance.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.reference.Breaking;
import org.farthing.conformance.reference.Breaking.Flaw;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.conformance.reference.ReferenceWalletService;
import org.farthing.conformance.report.SecretsInReports;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wallet suite passes the reference service, and each of its cases fails a service that is broken where it looks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletSuiteTest {

    private static final Suite<WalletSite> SUITE = WalletSuite.all();

    private @Nullable Breaking first;
    private Breaking breaking = unset();
    private ReferenceServer server = unset();
    private WalletSite site = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    void start() throws Exception {
        server = ReferenceServer.open(
                ReferenceSettings.temporary().withWalletService(true).inside(handler -> {
                    Breaking around = new Breaking(handler);
                    first = first == null ? around : first;
                    return around;
                }));
        breaking = Objects.requireNonNull(first);
        site = site(server.service().orElseThrow(), true);
    }

    private static WalletSite site(ReferenceWalletService service, boolean administrator) throws Exception {
        String secret = Files.readString(service.adminFile()).strip();
        return WalletSite.onLoopback(wire(service), administrator ? secret : null, InstantSource.system());
    }

    private static WalletSite site(ReferenceWalletService service, InstantSource clock) throws Exception {
        return WalletSite.onLoopback(
                wire(service), Files.readString(service.adminFile()).strip(), clock);
    }

    /** It waits a minute, so that nothing hangs. */
    private static Wire wire(ReferenceWalletService service) throws Exception {
        return new Wire(URI.create(service.origin().text()), Duration.ofMinutes(1), SSLContext.getDefault());
    }

    @AfterAll
    void stop() throws IOException {
        site.close();
        server.close();
    }

    private static List<CaseResult> run(Suite<WalletSite> suite, WalletSite site) {
        return suite.run(site, Watcher.NONE, Stopwatch.system());
    }

    private static String said(CaseResult result) {
        return result.exchanges().stream()
                .map(exchange -> exchange.request() + exchange.response())
                .collect(Collectors.joining());
    }

    private static Set<String> failed(List<CaseResult> results) {
        return results.stream()
                .filter(result -> result.verdict().isFailure())
                .map(result -> result.info().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Requirement({"F-CO-53", "F-CO-95"})
    void suite_referenceService_passesEveryCase() throws IOException {
        breaking.mend();

        List<CaseResult> results = run(SUITE, site);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.verdict())
                        .as(result.info().id() + result.exchanges())
                        .isInstanceOf(Verdict.Passed.class));
        Path administrator = server.service().orElseThrow().adminFile();
        SecretsInReports.assertNone(results, Files.readString(administrator).strip());
    }

    @ParameterizedTest
    @EnumSource
    @Requirement("F-CO-54")
    void suite_flawedService_failsTheCasesThatLookThere(ServiceFlaw flaw) {
        breaking.breakBy(flaw);
        try {
            assertThat(failed(run(SUITE.only(info -> flaw.trips().contains(info.id())), site)))
                    .containsExactlyInAnyOrderElementsOf(flaw.trips());
        } finally {
            breaking.mend();
        }
    }

    @Test
    @Requirement("F-CO-54")
    void suite_eachCase_hasAFlawThatTripsIt() {
        Set<String> tripped = Stream.of(ServiceFlaw.values())
                .flatMap(flaw -> flaw.trips().stream())
                .collect(Collectors.toSet());

        assertThat(SUITE.cases()).extracting(CaseInfo::id).containsExactlyInAnyOrderElementsOf(tripped);
    }

    @Test
    @Requirement("F-CO-53")
    void suite_withoutTheAdministrator_checksWhatNeedsNoMoneyAndSaysWhatIsMissing() throws Exception {
        breaking.mend();
        try (WalletSite poor = site(server.service().orElseThrow(), false)) {
            List<CaseResult> results = run(SUITE, poor);

            assertThat(failed(results)).isEmpty();
            assertThat(results)
                    .filteredOn(result -> result.verdict() instanceof Verdict.Passed)
                    .hasSizeGreaterThan(25);
            assertThat(results)
                    .filteredOn(result -> result.verdict() instanceof Verdict.Skipped)
                    .isNotEmpty()
                    .allSatisfy(result -> assertThat(((Verdict.Skipped) result.verdict()).why())
                            .contains("--admin"));
        }
    }

    @Test
    @Requirement("F-CO-53")
    void evidence_holdsNoSecret() throws Exception {
        breaking.mend();
        String secret =
                Files.readString(server.service().orElseThrow().adminFile()).strip();

        assertThat(run(SUITE.only(info -> info.rows().contains("F-WS-8")), site))
                .allSatisfy(result -> assertThat(said(result))
                        .doesNotContain(secret)
                        .doesNotContainPattern("\"d\":|eyJ[A-Za-z0-9_-]{20,}\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]{40,}"));
    }

    private static List<CaseResult> one(String id, WalletSite site) {
        return run(SUITE.only(info -> info.id().equals(id)), site);
    }

    @Test
    @Requirement({"F-CO-1", "F-WA-24"})
    void statement_cursorWithSigns_comesBackAsItWas() {
        breaking.breakBy((asked, said) -> {
            if (!asked.at("/statement")) {
                return said;
            }
            return asked.target().endsWith("&cursor=a%2Bb%26c%3D")
                    ? said.with(200, "{\"transfers\":[{\"amount\":\"1\"}]}")
                    : said.saying(said.text().replaceFirst("\"next\":\"[^\"]*\"", "\"next\":\"a+b&c=\""));
        });
        try {
            assertThat(one("F-WA-24-statement", site))
                    .singleElement()
                    .satisfies(result -> assertThat(result.verdict()).isInstanceOf(Verdict.Passed.class));
        } finally {
            breaking.mend();
        }
    }

    @Test
    @Requirement({"F-CO-1", "F-WA-31"})
    void limit_dayTurnsBetweenTwoPayments_isSeenToBindTheDayAfter() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T23:59:59Z"));
        AtomicInteger paid = new AtomicInteger();
        Flaw midnight = (asked, said) -> {
            if (asked.target().equals("/v1/payments") && said.status() == 201 && paid.incrementAndGet() == 1) {
                now.set(Instant.parse("2026-11-23T00:00:01Z"));
            }
            return said;
        };
        ReferenceSettings settings = ReferenceSettings.temporary().at(now::get).withWalletService(true);
        try (ReferenceServer late = ReferenceServer.open(settings.inside(handler -> {
                    Breaking around = new Breaking(handler);
                    around.breakBy(midnight);
                    return around;
                }));
                WalletSite there = site(late.service().orElseThrow(), now::get)) {
            assertThat(one("F-WA-31-limit-binds", there))
                    .singleElement()
                    .satisfies(result -> assertThat(result.verdict())
                            .as(String.valueOf(result.verdict()))
                            .isInstanceOf(Verdict.Passed.class));
            assertThat(paid).hasValue(3);
        }
    }
}
