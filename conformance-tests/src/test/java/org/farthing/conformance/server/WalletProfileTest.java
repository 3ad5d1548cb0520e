package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.reference.Breaking;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases on orders and evidence pass our server, and each fails a server that is broken where it looks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WalletProfileTest {

    private static final Suite<Site> SUITE = Suite.<Site>empty()
            .with(WalletOrderCases.class, WalletOrderCases::new)
            .with(EvidenceCases.class, EvidenceCases::new)
            .with(ReceiptTokenCases.class, ReceiptTokenCases::new);

    private final MovingClock clock = new MovingClock(Instant.parse("2026-11-22T10:00:00Z"));
    private Breaking breaking = unset();
    private ReferenceServer server = unset();
    private Site site = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    void start() throws IOException {
        // The wallet service is opened before the shop, so that what breaks is the shop.
        server = ReferenceServer.open(
                ReferenceSettings.temporary().at(clock).withWalletService(true).inside(handler -> {
                    breaking = new Breaking(handler);
                    return breaking;
                }));
        URI origin = URI.create(server.origin().text());
        SiteConfig config = SiteConfig.read(server.config(), origin);
        Wire wire = new Wire(origin, Duration.ofMinutes(1), Trust.of(null));
        site = new Site(
                config.pages(),
                wire,
                Payers.of(config.payment()),
                clock,
                Payers.second(config.payment()),
                config.walletService(),
                null,
                null);
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    private static Set<String> failed(List<CaseResult> results) {
        return results.stream()
                .filter(result -> result.verdict().isFailure())
                .map(result -> result.info().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Requirement({"F-CO-56", "F-CO-57"})
    void cases_referenceServer_pass() {
        breaking.mend();

        assertThat(SUITE.run(site, Watcher.NONE, Stopwatch.system()))
                .allSatisfy(result -> assertThat(result.verdict())
                        .as(result.info().id() + result.exchanges())
                        .isInstanceOf(Verdict.Passed.class));
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"F-CO-56", "F-CO-57"})
    void cases_flawedServer_failWhereItIsBroken(WalletProfileFlaw flaw) {
        breaking.breakBy(flaw);
        try {
            Suite<Site> looking = SUITE.only(info -> flaw.trips().contains(info.id()));

            assertThat(failed(looking.run(site, Watcher.NONE, Stopwatch.system())))
                    .containsExactlyInAnyOrderElementsOf(flaw.trips());
        } finally {
            breaking.mend();
        }
    }

    @Test
    @Requirement({"F-CO-56", "F-CO-57"})
    void cases_each_haveAFlawThatTripsThem() {
        Set<String> tripped = Stream.of(WalletProfileFlaw.values())
                .flatMap(flaw -> flaw.trips().stream())
                .collect(Collectors.toSet());

        assertThat(SUITE.cases()).extracting(CaseInfo::id).containsExactlyInAnyOrderElementsOf(tripped);
    }

    @Test
    @Requirement({"F-CO-1", "T53"})
    void balance_refusalsThatAreNumbered_tellNothing() {
        AtomicInteger number = new AtomicInteger(12_345_678);
        breaking.breakBy((asked, said) -> said.saying(said.text()
                .replace("could not be verified.", "could not be verified (" + number.incrementAndGet() + ").")));
        Suite<Site> balance = Suite.<Site>empty()
                .with(SignedOrderCases.class, SignedOrderCases::new)
                .only(info -> info.id().equals("T53-balance-is-not-told"));
        try {
            assertThat(balance.run(site, Watcher.NONE, Stopwatch.system()))
                    .singleElement()
                    .satisfies(result -> assertThat(result.verdict()).isInstanceOf(Verdict.Passed.class));
            assertThat(number).hasValueGreaterThan(12_345_679);
        } finally {
            breaking.mend();
        }
    }
}
