package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.DeclineReason;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Payments at the same time from one purse: no token is shown twice, and none is refused while there is enough. */
@Timeout(120)
class ManyAtOnceTest {

    @TempDir
    Path temp;

    private TokenFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new TokenFixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private PayingClient.Builder client(BlindTokens tokens, SpendingPolicy policy) {
        return PayingClient.builder(fixture.purse, policy)
                .clock(fixture.clock)
                .timer(fixture.timer)
                .loopbackProfile()
                .journal(fixture.wallet.journal())
                .preferMethod(tokens.method());
    }

    /** The purse as another process sees it. */
    private BlindTokens elsewhere() throws IOException {
        return BlindTokens.builder(fixture.purse, fixture.wallet)
                .clock(fixture.clock)
                .timer(fixture.timer)
                .loopbackProfile()
                .build();
    }

    private CompletableFuture<PaymentOutcome> get(PayingClient client, String target) {
        return client.sendAsync(HttpRequest.newBuilder(fixture.uri(target)).build(), BodyHandlers.ofString())
                .thenApply(answer -> answer.outcome());
    }

    private void served(List<CompletableFuture<PaymentOutcome>> payments) throws IOException {
        for (CompletableFuture<PaymentOutcome> payment : payments) {
            assertThat(payment.join()).isInstanceOf(Served.class);
        }
        assertThat(fixture.mint.servedCount()).isEqualTo(payments.size());
        assertThat(fixture.worth(State.READY)).isEqualTo(fixture.worth());
        assertThat(fixture.worth()).isEqualTo(fixture.mint.paid() - fixture.mint.price * payments.size());
    }

    @Test
    @Requirement({"F-TK-124", "F-TK-126", "F-TK-179"})
    void get_manyAtOnce_areAllPaid_downToTheLastToken() throws Exception {
        fixture.buy();
        fixture.mint.price = 300;
        List<CompletableFuture<PaymentOutcome>> payments = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            payments.add(get(fixture.client, "/page?" + i));
        }
        served(payments);
        assertThat(fixture.worth()).isZero();
    }

    @Test
    @Requirement({"F-TK-124", "F-TK-179"})
    void get_manyAtOnceInTwoProcesses_areAllPaid() throws Exception {
        fixture.buy();
        fixture.mint.price = 300;
        PayingClient other = client(elsewhere(), TokenFixture.policy()).build();
        List<CompletableFuture<PaymentOutcome>> payments = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            payments.add(get(fixture.client, "/page?" + i));
            payments.add(get(other, "/page?other" + i));
        }
        served(payments);
    }

    @Test
    @Requirement({"F-TK-131", "F-TK-179"})
    void get_tokensTakenBetweenTheLookAndTheReservation_looksAgain() throws Exception {
        fixture.buy();
        fixture.mint.price = 300;
        PayingClient thief = client(elsewhere(), TokenFixture.policy()).build();
        AtomicInteger counted = new AtomicInteger();
        PayingClient client = client(fixture.tokens, TokenFixture.policy())
                .listener(event -> {
                    if (event instanceof PaymentEvent.Counted && counted.incrementAndGet() == 1) {
                        assertThat(get(thief, "/first").join()).isInstanceOf(Served.class);
                    }
                })
                .build();

        assertThat(get(client, "/second").join()).isInstanceOf(Served.class);

        assertThat(counted).hasValue(2);
        assertThat(fixture.worth()).isEqualTo(6300 - 600);
        assertThat(fixture.client.journal().entries())
                .filteredOn(entry -> entry.proposal().prepaid())
                .extracting(JournalEntry::state)
                .containsExactlyInAnyOrder(
                        JournalEntry.State.NEVER_SENT, JournalEntry.State.SERVED, JournalEntry.State.SERVED);
    }

    @Test
    @Requirement({"F-TK-131", "F-TK-179"})
    void get_tokensTakenEachTime_endsForWantOfTokens() throws Exception {
        fixture.mint.publish(
                List.of(
                        fixture.mint.key(0, 100, fixture.clock.instant()),
                        fixture.mint.key(1, 200, fixture.clock.instant())),
                300);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(300)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.mint.price = 300;
        PayingClient thief = client(elsewhere(), TokenFixture.policy()).build();
        PayingClient client = client(fixture.tokens, TokenFixture.policy())
                .listener(event -> {
                    if (event instanceof PaymentEvent.Counted) {
                        assertThat(get(thief, "/first").join()).isInstanceOf(Served.class);
                    }
                })
                .build();

        assertThat(get(client, "/second").join())
                .isInstanceOfSatisfying(
                        Declined.class, declined -> assertThat(declined.why()).isEqualTo(DeclineReason.NO_TOKENS));
        assertThat(fixture.mint.servedCount()).isEqualTo(1);
    }

    @Test
    @Requirement("F-TK-179")
    void get_promisedToAPaymentThatCameToNothing_paysAnother() throws Exception {
        fixture.mint.publish(
                List.of(
                        fixture.mint.key(0, 100, fixture.clock.instant()),
                        fixture.mint.key(1, 200, fixture.clock.instant())),
                300);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(300)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.mint.price = 300;
        SpendingPolicy strict = SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .perPeriod(Duration.ofDays(1), "0.0002usd")
                .build();

        assertThat(get(client(fixture.tokens, strict).build(), "/one").join())
                .isInstanceOfSatisfying(
                        Declined.class,
                        declined -> assertThat(declined.why()).isEqualTo(DeclineReason.PER_PERIOD_LIMIT));

        assertThat(get(fixture.client, "/two").join()).isInstanceOf(Served.class);
        assertThat(fixture.worth()).isZero();
    }
}
