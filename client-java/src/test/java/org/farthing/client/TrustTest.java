package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Sight;
import org.farthing.client.trust.TrustChange;
import org.farthing.client.trust.TrustMode;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When an origin is pinned, and what a client does where it is not, or is not what it was. */
@Timeout(60)
class TrustTest {

    @TempDir
    Path temp;

    private static DeclineReason declined(PaidResponse<String> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        return ((Declined) answer.outcome()).why();
    }

    private OriginPins pins(String purse) throws Exception {
        return OriginPins.open(temp.resolve(purse).resolve("pins.json"));
    }

    @Test
    @Requirement("F-KY-60")
    void send_declined_pinsNothing() throws Exception {
        try (Fixture fixture =
                new Fixture(temp, policy -> policy.approveAbove("0.002usd", asked -> false), builder -> builder)) {
            assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.NOT_APPROVED);
            assertThat(pins("purse").all()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-KY-60", "T36"})
    void send_pinnedByAnotherProcessMeanwhile_isDeclinedAndGivenBack() throws Exception {
        CompletableFuture<Fixture> started = new CompletableFuture<>();
        try (Fixture fixture = new Fixture(
                temp,
                policy -> policy.approveAbove("0.002usd", asked -> {
                    // While the owner thinks, another process of theirs pays somebody else who is at the same origin.
                    Fixture running = started.join();
                    TestPayee other = new TestPayee(running.server.origin(), running.clock);
                    try {
                        pins("purse")
                                .add(Sight.of(running.server.origin(), other.directory(), running.clock.instant()));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return true;
                }),
                builder -> builder)) {
            started.complete(fixture);
            assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.TRUST_CHANGED);
            assertThat(fixture.payee.payments()).isZero();
            assertThat(fixture.onlyPayment().state()).isEqualTo(State.NEVER_SENT);
            assertThat(fixture.spent()).isZero();
        }
    }

    @Test
    @Requirement({"F-KY-63", "C16"})
    void send_listedOnly_paysAddedOriginsAlone() throws Exception {
        for (boolean inFile : new boolean[] {true, false}) {
            String purse = inFile ? "file" : "builder";
            try (Fixture fixture = new Fixture(
                    temp.resolve(purse),
                    policy -> policy,
                    builder -> inFile ? builder : builder.trustMode(TrustMode.LISTED_ONLY))) {
                OriginPins pins = pins(purse + "/purse");
                if (inFile) {
                    pins.useMode(TrustMode.LISTED_ONLY);
                }
                assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.NOT_TRUSTED);
                assertThat(fixture.client.journal().entries()).isEmpty();
                pins.add(Sight.of(fixture.server.origin(), fixture.payee.directory(), fixture.clock.instant()));
                assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            }
        }
    }

    @Test
    @Requirement({"F-KY-61", "F-KY-64", "T37"})
    void send_ownerAcceptsTheNewKeys_isPaidAndAskedOnce() throws Exception {
        List<TrustChange> asked = new ArrayList<>();
        try (Fixture fixture =
                new Fixture(temp, policy -> policy, builder -> builder.onTrustChange(change -> asked.add(change)))) {
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            TestPayee stranger = new TestPayee(fixture.server.origin(), fixture.clock);
            fixture.server.script(stranger.honest(fixture.payer()));
            fixture.clock.advance(java.time.Duration.ofMinutes(6));
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).before().thumbprints())
                    .containsExactly(fixture.payee.key().publicKey().thumbprint());
            assertThat(asked.get(0).now().thumbprints())
                    .containsExactly(stranger.key().publicKey().thumbprint());
            assertThat(stranger.payments()).isEqualTo(2);
        }
    }
}
