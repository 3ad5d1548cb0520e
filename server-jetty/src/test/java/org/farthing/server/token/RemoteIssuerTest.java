package org.farthing.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.method.ExposureLimits;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a payee knows of an issuer elsewhere, and for how long (spec/token-remote.md, "Issuers and their keys"). */
class RemoteIssuerTest {

    private static final Origin ISSUER = new Origin("https://issuer.example");
    private static final CurrencyId CURRENCY = new CurrencyId("usd.e4");

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final Instant begin = clock.instant();
    private final AtomicInteger fetches = new AtomicInteger();
    private CompletableFuture<IssuerDirectory> published =
            CompletableFuture.completedFuture(directory(ISSUER, 5, 0, 1));
    private Duration age = Duration.ZERO;
    private Optional<Duration> left = Optional.empty();
    private Ledger ledger;
    private RemoteIssuer issuer;

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                folder.resolve("payee.db"),
                LedgerOptions.builder(ForkJoinPool.commonPool()).clock(clock).build());
        issuer = new RemoteIssuer(ISSUER, this::fetch, RemoteIssuer.Trust.DEFAULT, ledger.tokens(), clock);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private CompletableFuture<DirectorySource.Fetched> fetch(Origin origin) {
        assertThat(origin).isEqualTo(ISSUER);
        fetches.incrementAndGet();
        return published.thenApply(directory -> new DirectorySource.Fetched(directory, age, left));
    }

    private IssuerDirectory directory(Origin origin, long firstValue, int... keys) {
        List<PublishedKey> list = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            list.add(new PublishedKey(
                    TestTokenKeys.publicKey(keys[i]),
                    Amount.of(firstValue + i),
                    CURRENCY,
                    begin,
                    begin.plus(Duration.ofDays(30)),
                    begin.plus(Duration.ofDays(60)),
                    begin.plus(Duration.ofDays(67)),
                    begin.plus(Duration.ofDays(90))));
        }
        return IssuerDirectory.of(
                origin, IssuerLinks.at(origin), list, List.of(new Bundle(Amount.of(5), Map.of(5L, 1))));
    }

    private void publish(IssuerDirectory directory) {
        published = CompletableFuture.completedFuture(directory);
    }

    // ---- what counts ---------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-103", "F-TK-106", "F-TK-108"})
    void fetchedDirectory_counts_onceTheLedgerKnowsEveryKey() {
        assertThat(issuer.directory()).isEmpty();
        assertThat(await(issuer.refresh())).isTrue();
        assertThat(issuer.directory().map(IssuerDirectory::hash))
                .contains(published.join().hash());
        assertThat(await(ledger.tokens().keys()).stream().map(TokenKeyState::terms))
                .allSatisfy(terms -> {
                    assertThat(terms.issuer()).isEqualTo(ISSUER.text());
                    assertThat(terms.mine()).isFalse();
                    assertThat(terms.redeemUntil()).isEqualTo(begin.plus(Duration.ofDays(67)));
                })
                .extracting(terms -> terms.value())
                .containsExactly(5L, 6L);
    }

    @Test
    @Requirement({"F-TK-105", "T37"})
    void oldDirectory_countsNoMore_untilItIsRenewed() {
        await(issuer.refresh());
        published = CompletableFuture.failedFuture(new IllegalStateException("no route to host"));
        clock.advance(RemoteIssuer.DEFAULT_MAX_AGE.minusMillis(1));
        assertThat(await(issuer.refresh())).isFalse();
        assertThat(issuer.directory()).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(issuer.directory()).isEmpty();
        assertThat(issuer.link(IssuerLinks::redemption)).contains(URI.create(ISSUER + "/token-redemptions"));
        publish(directory(ISSUER, 5, 0, 1));
        assertThat(await(issuer.refresh())).isTrue();
        assertThat(issuer.directory()).isPresent();
    }

    @Test
    @Requirement({"F-TK-105", "F-KY-52"})
    void ageCountsFromTheQuestion_andRefreshesAtATimeAreOne() {
        CompletableFuture<IssuerDirectory> slow = new CompletableFuture<>();
        IssuerDirectory first = published.join();
        published = slow;
        CompletableFuture<Boolean> one = issuer.refresh().toCompletableFuture();
        CompletableFuture<Boolean> other = issuer.refresh().toCompletableFuture();
        assertThat(fetches).hasValue(1);
        clock.advance(RemoteIssuer.DEFAULT_MAX_AGE);
        slow.complete(first);
        assertThat(await(one)).isTrue();
        assertThat(await(other)).isTrue();
        assertThat(issuer.directory()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-157", "F-TK-105", "T37"})
    void ageThatACacheGaveIt_countsToo_andAnOlderOneDoesNotReplaceIt() {
        age = Duration.ofMinutes(5);
        await(issuer.refresh());
        clock.advance(RemoteIssuer.DEFAULT_MAX_AGE.minus(age).minusMillis(1));
        String known = issuer.directory().orElseThrow().hash();
        publish(directory(ISSUER, 6, 2));
        age = Duration.ofMinutes(20);
        await(issuer.refresh());
        assertThat(issuer.directory().orElseThrow().hash()).isEqualTo(known);
        clock.advance(Duration.ofMillis(1));
        assertThat(issuer.directory()).isEmpty();
        age = Duration.ZERO;
        await(issuer.refresh());
        assertThat(issuer.directory().orElseThrow().hash())
                .isEqualTo(published.join().hash());
    }

    @Test
    @Requirement({"F-TK-156", "F-TK-103"})
    void directoryThatIsToChange_isAskedForWhenItChanges_withinTheLimits() {
        assertThat(issuer.refreshIn()).isEqualTo(RemoteIssuer.REFRESH_EVERY);
        for (Map.Entry<Duration, Duration> said : Map.of(
                        Duration.ofSeconds(100), Duration.ofSeconds(100),
                        Duration.ofSeconds(5), RemoteIssuer.SOONEST,
                        Duration.ofHours(1), RemoteIssuer.REFRESH_EVERY)
                .entrySet()) {
            left = Optional.of(said.getKey());
            await(issuer.refresh());
            assertThat(issuer.refreshIn()).isEqualTo(said.getValue());
        }
    }

    @Test
    @Requirement("F-TK-107")
    void keyThatIsNoLongerListed_countsNoMore() {
        await(issuer.refresh());
        publish(directory(ISSUER, 6, 1));
        await(issuer.refresh());
        IssuerDirectory now = issuer.directory().orElseThrow();
        assertThat(now.key(TestTokenKeys.publicKey(0).keyId())).isEmpty();
        assertThat(now.key(TestTokenKeys.publicKey(1).keyId())).isPresent();
    }

    @Test
    @Requirement("F-TK-108")
    void sameDirectoryAgain_isTheSameObject() {
        await(issuer.refresh());
        Optional<IssuerDirectory> first = issuer.directory();
        publish(directory(ISSUER, 5, 0, 1));
        await(issuer.refresh());
        assertThat(issuer.directory().orElseThrow()).isSameAs(first.orElseThrow());
    }

    // ---- what does not count -------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-104", "T21"})
    void directoryOfAnotherIssuer_isNotUsed() {
        publish(directory(new Origin("https://other.example"), 5, 0));
        assertThat(await(issuer.refresh())).isFalse();
        assertThat(issuer.directory()).isEmpty();
        assertThat(await(ledger.tokens().keys())).isEmpty();
    }

    @Test
    @Requirement({"F-TK-106", "T58", "T69"})
    void directoryThatSaysSomethingElseOfAKey_isNotUsedAsAWhole() {
        await(issuer.refresh());
        IssuerDirectory before = issuer.directory().orElseThrow();
        publish(directory(ISSUER, 7, 0, 2));
        assertThat(await(issuer.refresh())).isFalse();
        assertThat(issuer.directory()).contains(before);
        clock.advance(RemoteIssuer.DEFAULT_MAX_AGE);
        assertThat(await(issuer.refresh())).isFalse();
        assertThat(issuer.directory()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-106", "T47"})
    void ledgerAway_leavesTheDirectoryUnused() {
        ledger.close();
        assertThat(await(issuer.refresh())).isFalse();
        assertThat(issuer.directory()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-109", "T61"})
    void exposure_isLimitedByCurrency() {
        RemoteIssuer trusted = new RemoteIssuer(
                ISSUER,
                this::fetch,
                new RemoteIssuer.Trust(ExposureLimits.DEFAULT.with("5usd"), RemoteIssuer.DEFAULT_MAX_AGE),
                ledger.tokens(),
                clock);
        assertThat(trusted.exposureLimit(CURRENCY, Amount.of(1))).isEqualTo(50_000);
        assertThat(issuer.exposureLimit(CURRENCY, Amount.of(1))).isEqualTo(100_000);
        assertThat(issuer.sharesLedger()).isFalse();
        assertThatThrownBy(() -> new RemoteIssuer.Trust(ExposureLimits.DEFAULT, RemoteIssuer.REFRESH_EVERY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
