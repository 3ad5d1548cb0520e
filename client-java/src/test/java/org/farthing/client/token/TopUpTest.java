package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentTimer;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Amount;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Buying ahead: at a mark, a random time later, always the same sum. */
@Timeout(60)
class TopUpTest {

    @TempDir
    Path temp;

    private final List<Duration> waits = new ArrayList<>();
    private final CompletableFuture<Void> waited = new CompletableFuture<>();
    private final PaymentTimer held = delay -> {
        waits.add(delay);
        return waited;
    };
    private final CountDownLatch finished = new CountDownLatch(1);
    private final CountDownLatch stored = new CountDownLatch(2);

    private BlindTokens.Builder withRule(TokenFixture fixture, BlindTokens.Builder builder, boolean buysFirst) {
        return builder.timer(held)
                .listener(event -> {
                    if (event.step() == TokenEvent.Step.STORED) {
                        finished.countDown();
                        stored.countDown();
                    }
                })
                .topUp(new TopUpRule(
                        fixture.scope,
                        Amount.of(4000),
                        TokenFixture.BUNDLE,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(30),
                        buysFirst));
    }

    @Test
    @Requirement({"F-TK-134", "T59"})
    void get_belowTheMark_buysTheBundleOnceLaterAndNotForThePrice() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            fixture.reopen(builder -> withRule(fixture, builder, false));
            fixture.buy();
            assertThat(waits).isEmpty();
            assertThat(fixture.get("/one").outcome()).isInstanceOf(Served.class);
            assertThat(waits).as("3800 of 4000 is left").hasSize(1);
            assertThat(waits.get(0)).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(30));
            fixture.mint.price = 200;
            assertThat(fixture.get("/two").outcome()).isInstanceOf(Served.class);
            assertThat(waits).as("one purchase at a time").hasSize(1);
            assertThat(fixture.mint.paid()).isEqualTo(6300);
            waited.complete(null);
            assertThat(stored.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.mint.paid()).isEqualTo(12_600);
            assertThat(fixture.worth()).isEqualTo(12_600 - 2500 - 200);
        }
    }

    @Test
    @Requirement({"F-TK-134"})
    void get_withoutTokens_buysByItselfOnlyWhereThatIsAllowed() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            fixture.reopen(builder -> withRule(fixture, builder, true));
            fixture.get("/one");
            assertThat(waits).hasSize(1);
            assertThat(fixture.mint.paid()).as("not when a price is asked").isZero();
        }
        waits.clear();
        try (TokenFixture fixture = new TokenFixture(temp)) {
            fixture.reopen(builder -> withRule(fixture, builder, false));
            fixture.get("/one");
            assertThat(waits).isEmpty();
        }
    }

    @Test
    @Requirement({"F-TK-134", "F-TK-166"})
    void topUp_aPurchaseIsOpen_paysForNoOther() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            TopUpRule rule = new TopUpRule(
                    fixture.scope, Amount.of(4000), TokenFixture.BUNDLE, Duration.ZERO, Duration.ofMinutes(1), true);
            fixture.mint.instead = request -> {
                if (request.target().equals("/token-purchase")
                        && request.credential().isPresent()) {
                    var unused = fixture.mint.answer(request);
                    return Optional.of(Reply.drop());
                }
                return request.target().equals("/token-restore") ? Optional.of(Reply.drop()) : Optional.empty();
            };
            assertThatThrownBy(() -> fixture.tokens.topUp(rule).join()).isNotNull();
            assertThat(fixture.mint.paid()).isEqualTo(6300);
            fixture.reopen(builder -> builder);
            assertThat(fixture.tokens.topUp(rule).join()).isEmpty();
            assertThat(fixture.mint.paid()).as("not paid for another one").isEqualTo(6300);
            fixture.mint.instead = request -> Optional.empty();
            assertThat(fixture.tokens.topUp(rule).join())
                    .as("the first one is finished, and is enough")
                    .isEmpty();
            assertThat(fixture.worth()).isEqualTo(fixture.mint.paid()).isEqualTo(6300);
            fixture.clock.advance(Duration.ofDays(70));
            fixture.mint.publish(List.of(fixture.mint.key(0, 6300, fixture.clock.instant())), 6300);
            assertThat(fixture.tokens.topUp(rule).join())
                    .as("what payees take no more is not there")
                    .isPresent();
        }
    }

    @Test
    @Requirement({"F-TK-134"})
    void low_afterPurchasesThatFailed_triesAgainLaterAndLater() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            TopUps topUps = new TopUps(TokenPurse.open(fixture.purse, fixture.clock), fixture.timer, fixture.clock);
            topUps.add(ruleOf(fixture));
            List<TopUpRule> tried = new ArrayList<>();
            topUps.buysWith(rule -> {
                tried.add(rule);
                return CompletableFuture.failedFuture(new IOException("no route to host"));
            });
            Duration pause = Duration.ofMinutes(15);
            for (int failures = 1; failures <= 9; failures++) {
                topUps.low(fixture.scope).join();
                assertThat(tried).hasSize(failures);
                fixture.clock.advance(pause.minusSeconds(1));
                topUps.low(fixture.scope).join();
                assertThat(tried).as("within %s", pause).hasSize(failures);
                fixture.clock.advance(Duration.ofSeconds(1));
                pause = pause.multipliedBy(2).compareTo(Duration.ofDays(1)) < 0
                        ? pause.multipliedBy(2)
                        : Duration.ofDays(1);
            }
            topUps.buysWith(rule -> {
                tried.add(rule);
                return CompletableFuture.completedFuture(new Purchase.Bought(List.of(), new PaymentOutcome.Free()));
            });
            topUps.low(fixture.scope).join();
            topUps.low(fixture.scope).join();
            assertThat(tried).as("one that went well ends the pause").hasSize(11);
        }
    }

    @Test
    @Requirement({"F-TK-134"})
    void low_theBudgetIsUsedUp_pausesAsAfterAFailure() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            fixture.reopen(builder -> builder.topUp(ruleOf(fixture)));
            TopUps topUps = new TopUps(TokenPurse.open(fixture.purse, fixture.clock), fixture.timer, fixture.clock);
            topUps.add(ruleOf(fixture));
            List<TopUpRule> tried = new ArrayList<>();
            topUps.buysWith(rule -> {
                tried.add(rule);
                return CompletableFuture.completedFuture(new Purchase.NotBought(
                        new PaymentOutcome.Declined(DeclineReason.PER_PERIOD_LIMIT, "the day's budget", null), null));
            });
            topUps.low(fixture.scope).join();
            topUps.low(fixture.scope).join();
            assertThat(tried).hasSize(1);
        }
    }

    @Test
    @Requirement({"F-TK-134", "F-TK-166"})
    void low_anotherProcessBought_isNoFailure() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            TopUps topUps = new TopUps(TokenPurse.open(fixture.purse, fixture.clock), fixture.timer, fixture.clock);
            topUps.add(ruleOf(fixture));
            List<TopUpRule> tried = new ArrayList<>();
            topUps.buysWith(rule -> {
                tried.add(rule);
                assertThat(fixture.mint.paid()).as("what the other one paid").isIn(0L, 6300L);
                try {
                    fixture.buy();
                } catch (IOException e) {
                    return CompletableFuture.failedFuture(e);
                }
                return CompletableFuture.completedFuture(new Purchase.NotBought(new PaymentOutcome.Free(), null));
            });
            topUps.low(fixture.scope).join();
            fixture.mint.price = 2700;
            assertThat(fixture.get("/one").outcome()).isInstanceOf(Served.class);
            assertThat(fixture.worth()).isLessThan(4000);
            topUps.low(fixture.scope).join();
            assertThat(tried).as("no pause in between").hasSize(2);
        }
    }

    @Test
    @Requirement({"F-TK-134", "F-TK-166"})
    void get_aPurchaseWasLeftOpen_isFinishedWithoutBeingAskedTo() throws Exception {
        try (TokenFixture fixture = new TokenFixture(temp)) {
            fixture.mint.instead = request -> {
                if (request.target().equals("/token-purchase")
                        && request.credential().isPresent()) {
                    var unused = fixture.mint.answer(request);
                    return Optional.of(Reply.drop());
                }
                return request.target().equals("/token-restore") ? Optional.of(Reply.drop()) : Optional.empty();
            };
            assertThatThrownBy(() -> fixture.tokens
                            .buy(fixture.scope, TokenFixture.BUNDLE)
                            .join())
                    .isNotNull();
            assertThat(fixture.mint.paid()).isEqualTo(6300);
            fixture.mint.instead = request -> Optional.empty();
            fixture.reopen(builder -> withRule(fixture, builder, false));
            fixture.get("/one");
            assertThat(waits).as("the purse has none, but a purchase").hasSize(1);
            waited.complete(null);
            assertThat(finished.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.worth()).isEqualTo(fixture.mint.paid()).isEqualTo(6300);
        }
    }

    private static TopUpRule ruleOf(TokenFixture fixture) {
        return new TopUpRule(
                fixture.scope, Amount.of(4000), TokenFixture.BUNDLE, Duration.ZERO, Duration.ofMinutes(1), true);
    }

    @Test
    @Requirement({"F-TK-134"})
    void rule_withoutARandomDelay_isRefused() {
        TokenScope scope = new TokenScope(new org.farthing.protocol.binding.Origin("https://issuer.example"), null);
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new TopUpRule(scope, Amount.of(1), Amount.of(2), hour, hour, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
