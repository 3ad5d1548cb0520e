package org.farthing.server.gate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Intent;
import org.farthing.server.method.MethodId;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.Presentation;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceFact;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Signatures made ahead: for busy pages only, each given out once, fresh, and bound to the request that gets it. */
@Requirement({"F-CH-46", "F-CH-47", "F-CH-44", "T39", "S51"})
class ChallengePoolTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Origin ORIGIN = new Origin("https://api.example.com");
    private static final PriceFact PAGES = PriceFact.query("pages");
    private static final Route FIXED = PriceList.builder()
            .charge("/docs/*", Offer.of("0.002usd").build())
            .build()
            .routes()
            .get(0);
    private static final Route BY_PAGES = PriceList.builder()
            .charge(
                    Set.of(),
                    "/pages/*",
                    Offer.of("0.002usd").build(),
                    Set.of(PAGES),
                    facts -> Amount.of(Long.parseLong(facts.value(PAGES).orElse("1"))))
            .build()
            .routes()
            .get(0);

    private final TestClock clock = new TestClock();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Coins coins = new Coins();
    private final AtomicReference<GateKeys> keys = new AtomicReference<>(keys());
    private final ChallengeIssuer issuer = new ChallengeIssuer(
            List.of(coins), keys::get, Duration.ofMinutes(5), CredentialField.AUTHORIZATION, RANDOM);

    ChallengePoolTest() {
        issuer.prepare(tasks::add, clock, 64);
    }

    /** Counts the requests it makes, so that a test sees which were made for a request and which ahead. */
    private static final class Coins implements PaymentMethod {

        final AtomicInteger made = new AtomicInteger();
        boolean ahead = true;
        boolean broken;

        @Override
        public MethodId id() {
            return new MethodId("coin");
        }

        @Override
        public Set<Intent> intents() {
            return Set.of(Intent.CHARGE);
        }

        @Override
        public boolean offersAhead() {
            return ahead;
        }

        @Override
        public PaymentRequest offer(Offer offer, RequestFacts facts) {
            if (broken) {
                throw new IllegalStateException("no coins");
            }
            made.incrementAndGet();
            return new PaymentRequest(
                    offer.amount(), offer.currency(), facts.origin().text(), null, null, Map.of(), Map.of());
        }

        @Override
        public CompletionStage<Authorization> verify(Presentation presentation) {
            return CompletableFuture.completedFuture(
                    new Authorization.Refused(ProblemType.VERIFICATION_FAILED, "never asked"));
        }
    }

    private static GateKeys keys() {
        return GateKeys.of(
                SigningKey.generate(Algorithm.ED25519, null, RANDOM),
                SecretRing.builder().current(RANDOM.generateSeed(32)).build());
    }

    private Challenge ask(String path) {
        return ask(FIXED, path, null, null);
    }

    private Challenge ask(Route route, String path, @Nullable String query, @Nullable ContentDigest digest) {
        try {
            RequestTarget target = RequestTarget.of("GET", ORIGIN, path, query);
            RequestFacts facts = new RequestFacts(target, digest, route.facts(target, name -> List.of()));
            Instant now = clock.instant();
            return issuer.issue(
                            route, route.quotes(facts.priced()), facts, AcceptPayment.orAll(List.of()), List.of(), now)
                    .get(0);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Asks until this page has some ready. */
    private List<Challenge> makeBusy(String path, int times) {
        List<Challenge> first = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            first.add(ask(path));
        }
        work();
        assertThat(issuer.ready()).isPositive();
        return first;
    }

    @Test
    void askedOnce_nothingIsPrepared() {
        ask("/docs/a");
        ask("/docs/b");
        work();
        assertThat(issuer.ready()).isZero();
        assertThat(coins.made).hasValue(2);
    }

    @Test
    @Requirement({"F-CH-41", "F-CH-43", "S49"})
    void busyPage_getsPreparedOnes_eachOnceAndSigned() throws Exception {
        Set<String> ids = new HashSet<>();
        makeBusy("/docs/a", 8).forEach(challenge -> ids.add(challenge.id()));
        assertThat(issuer.ready()).isEqualTo(8);
        int made = coins.made.get();
        assertThat(made).isEqualTo(16);
        for (int i = 0; i < 8; i++) {
            Challenge challenge = ask("/docs/a");
            assertThat(challenge.jws()).isNotNull();
            assertThat(requireNonNull(keys.get()).secrets().verify(challenge, clock.instant()))
                    .isTrue();
            ids.add(challenge.id());
        }
        assertThat(coins.made).as("none was made for a request").hasValue(made);
        assertThat(ids).hasSize(16);
    }

    @Test
    @Requirement("F-CH-41")
    void manyAskAtOnce_nobodyGetsTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            issuer.prepare(threads, clock, 64);
            List<Future<List<String>>> askers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                askers.add(threads.submit(() -> {
                    List<String> ids = new ArrayList<>();
                    for (int j = 0; j < 250; j++) {
                        ids.add(ask("/docs/a").id());
                    }
                    return ids;
                }));
            }
            Set<String> all = new HashSet<>();
            for (Future<List<String>> asker : askers) {
                all.addAll(asker.get(60, TimeUnit.SECONDS));
            }
            assertThat(all).hasSize(2_000);
        } finally {
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(issuer.ready()).isBetween(1, 64);
    }

    @Test
    void takenOnes_areReplaced() {
        makeBusy("/docs/a", 8);
        for (int i = 0; i < 4; i++) {
            ask("/docs/a");
        }
        work();
        assertThat(issuer.ready()).isGreaterThanOrEqualTo(8);
    }

    @Test
    @Requirement({"F-CH-42", "F-CH-41"})
    void whatLaysReadyForHalfAMinute_isThrownAway() throws Exception {
        makeBusy("/docs/a", 8);
        clock.advance(Duration.ofMillis(29_999));
        int made = coins.made.get();
        Challenge old = ask("/docs/a");
        assertThat(coins.made).hasValue(made);
        assertThat(Duration.between(clock.instant(), old.expiresAt()))
                .isGreaterThanOrEqualTo(Duration.ofMinutes(5).minusSeconds(30));

        clock.advance(Duration.ofMillis(1));
        Challenge fresh = ask("/docs/a");
        assertThat(coins.made).hasValue(made + 1);
        assertThat(fresh.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(5)));
        assertThat(issuer.ready()).isZero();
    }

    @Test
    void pageThatIsQuietAgain_isNotPreparedFor() {
        makeBusy("/docs/a", 8);
        clock.advance(Duration.ofSeconds(40));
        ask("/docs/a");
        work();
        assertThat(issuer.ready()).isZero();
    }

    @Test
    @Requirement({"F-BI-20", "T4"})
    void anotherRequest_neverGetsIt() throws Exception {
        makeBusy("/docs/a", 8);
        Challenge other = ask("/docs/b");
        assertThat(Opaque.parse(String.valueOf(other.opaque())).rb())
                .isEqualTo(RequestTarget.of("GET", ORIGIN, "/docs/b", null).rb());
        Challenge withQuery = ask(FIXED, "/docs/a", "x=1", null);
        assertThat(Opaque.parse(String.valueOf(withQuery.opaque())).rb())
                .isEqualTo(RequestTarget.of("GET", ORIGIN, "/docs/a", "x=1").rb());
        assertThat(issuer.ready()).isEqualTo(8);
    }

    @Test
    @Requirement({"F-BI-40", "T6"})
    void requestWithABody_neverGetsIt() {
        makeBusy("/docs/a", 8);
        ContentDigest digest = ContentDigest.of(new byte[] {1});
        for (int i = 0; i < 3; i++) {
            assertThat(ask(FIXED, "/docs/a", null, digest).digest()).isEqualTo(digest.format());
        }
        assertThat(issuer.ready()).isEqualTo(8);
    }

    @Test
    @Requirement({"T8", "T9"})
    void anotherPriceOrFact_neverGetsIt() throws Exception {
        for (int i = 0; i < 8; i++) {
            ask(BY_PAGES, "/pages/a", "pages=3", null);
        }
        work();
        assertThat(issuer.ready()).isEqualTo(8);
        int made = coins.made.get();
        Challenge same = ask(BY_PAGES, "/pages/a", "pages=3", null);
        assertThat(same.paymentRequest().amount()).isEqualTo(Amount.of(3));
        assertThat(coins.made).hasValue(made);
        Challenge dearer = ask(BY_PAGES, "/pages/a", "pages=30", null);
        assertThat(dearer.paymentRequest().amount()).isEqualTo(Amount.of(30));
        assertThat(Opaque.parse(String.valueOf(dearer.opaque())).pf())
                .isNotEqualTo(Opaque.parse(String.valueOf(same.opaque())).pf());
    }

    @Test
    @Requirement({"F-KY-33", "F-KY-34", "T36", "T37"})
    void keysChanged_whatWasMadeWithTheOldOnesIsThrownAway() {
        makeBusy("/docs/a", 8);
        GateKeys old = keys.getAndSet(keys());
        Challenge challenge = ask("/docs/a");
        assertThat(requireNonNull(keys.get()).secrets().verify(challenge, clock.instant()))
                .isTrue();
        assertThat(old.secrets().verify(challenge, clock.instant())).isFalse();
        assertThat(issuer.ready()).isZero();
    }

    @Test
    void methodThatMakesSomethingForEachRequest_isNeverAskedAhead() {
        coins.ahead = false;
        for (int i = 0; i < 20; i++) {
            ask("/docs/a");
        }
        work();
        assertThat(coins.made).hasValue(20);
        assertThat(issuer.ready()).isZero();
    }

    @Test
    void flood_ofOnePageOrOfMany_isBounded() {
        for (int i = 0; i < 500; i++) {
            ask("/docs/a");
        }
        work();
        assertThat(issuer.ready()).isEqualTo(64);
        for (int i = 0; i < 2_000; i++) {
            ask("/docs/" + i);
            ask("/docs/" + i);
        }
        work();
        assertThat(issuer.ready()).isLessThanOrEqualTo(64);
    }

    @Test
    void fullOfWhatNobodyWants_makesRoomAgain() {
        for (int i = 0; i < 500; i++) {
            ask("/docs/a");
        }
        work();
        assertThat(issuer.ready()).isEqualTo(64);
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 8; i++) {
            ask("/docs/b");
        }
        work();
        assertThat(issuer.ready()).isEqualTo(8);
    }

    @Test
    void makingThatFails_leavesTheRequestsToTheirOwn() {
        for (int i = 0; i < 8; i++) {
            ask("/docs/a");
        }
        coins.broken = true;
        work();
        assertThat(issuer.ready()).isZero();
        coins.broken = false;
        ask("/docs/a");
        work();
        assertThat(issuer.ready()).as("and it begins again").isPositive();
    }

    @Test
    void executorThatRefuses_costsNoRequest() {
        issuer.prepare(
                task -> {
                    throw new RejectedExecutionException("stopping");
                },
                clock,
                64);
        for (int i = 0; i < 8; i++) {
            assertThat(ask("/docs/a").jws()).isNotNull();
        }
        assertThat(issuer.ready()).isZero();
    }
}
