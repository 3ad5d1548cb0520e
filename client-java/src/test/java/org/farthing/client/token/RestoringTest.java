package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lost disk, after all that can come before it: nothing that was bought may hide behind what was not. */
@Timeout(60)
class RestoringTest {

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

    /** One key, and one bundle of so many tokens of it. */
    private Amount sellOnly(int tokens) {
        fixture.mint.publish(List.of(fixture.mint.directory().keys().get(0)), 100L * tokens);
        return Amount.of(100L * tokens);
    }

    private Purchase buy(Amount bundle) {
        return fixture.tokens.buy(fixture.scope, bundle).join();
    }

    private void lose() throws Exception {
        Files.delete(temp.resolve("purse/tokens.jsonl"));
        fixture.reopen(builder -> builder);
        assertThat(fixture.tokens.list()).isEmpty();
        fixture.clock.advance(Duration.ofMinutes(2));
    }

    @Test
    @Requirement({"F-TK-160", "F-TK-129", "F-TK-121"})
    void restore_afterPurchasesThatCameToNothing_findsWhatWasBoughtBehindThem() throws Exception {
        Amount bundle = sellOnly(30);
        fixture.mint.instead = request -> request.target().equals("/token-purchase")
                ? Optional.of(Reply.problem(Problem.of(ProblemType.NOT_ALLOWED, "Not today.")))
                : Optional.empty();
        for (int i = 0; i < 9; i++) {
            assertThatThrownBy(() -> buy(bundle)).hasMessageContaining("Not today");
        }
        fixture.mint.instead = request -> Optional.empty();
        assertThat(buy(bundle)).isInstanceOf(Purchase.Bought.class);
        lose();
        assertThat(fixture.tokens.restore(fixture.scope).join()).hasSize(30);
    }

    @Test
    @Requirement({"F-TK-160", "F-TK-129"})
    void restore_afterARestore_findsWhatWasBoughtSinceThen() throws Exception {
        Amount bundle = sellOnly(3);
        buy(bundle);
        for (int had = 3; had < 9; had += 3) {
            lose();
            assertThat(fixture.tokens.restore(fixture.scope).join()).hasSize(had);
            assertThat(buy(bundle)).isInstanceOf(Purchase.Bought.class);
        }
        assertThat(fixture.mint.issuedValue()).isEqualTo(fixture.mint.paid()).isEqualTo(900);
    }

    @Test
    @Requirement({"F-TK-161", "F-TK-129"})
    void restore_askedTooFast_waitsAndGoesOn() throws Exception {
        Amount bundle = sellOnly(3);
        buy(bundle);
        lose();
        AtomicInteger asked = new AtomicInteger();
        fixture.mint.instead = request -> request.target().equals("/token-restore") && asked.incrementAndGet() % 2 == 1
                ? Optional.of(Reply.problem(Problem.of(ProblemType.RATE_LIMITED, "Too fast."))
                        .header("Retry-After", "40"))
                : Optional.empty();
        var before = fixture.clock.instant();
        assertThat(fixture.tokens.restore(fixture.scope).join()).hasSize(3);
        assertThat(fixture.clock.instant()).isAfterOrEqualTo(before.plusSeconds(40));
        lose();
        fixture.mint.instead = request -> request.target().equals("/token-restore")
                ? Optional.of(Reply.of(503).header("Retry-After", "3600"))
                : Optional.empty();
        assertThatThrownBy(() -> fixture.tokens.restore(fixture.scope).join())
                .as("nobody waits for an hour")
                .hasMessageContaining("503");
    }

    @Test
    @Requirement({"F-TK-162", "F-TK-122"})
    void buy_withoutTheRestore_paysNothingAndTheRestoreHelps() throws Exception {
        Amount bundle = sellOnly(3);
        buy(bundle);
        lose();
        assertThatThrownBy(() -> buy(bundle))
                .hasRootCauseInstanceOf(MintRefusedException.class)
                .matches(failure ->
                        Failure.cause(failure) instanceof MintRefusedException refused && refused.isSignedBefore());
        assertThat(fixture.tokens.open()).isEmpty();
        assertThat(fixture.mint.paid()).isEqualTo(300);
        assertThat(fixture.tokens.restore(fixture.scope).join()).hasSize(3);
        assertThat(buy(bundle)).isInstanceOf(Purchase.Bought.class);
        assertThat(fixture.mint.issuedValue()).isEqualTo(fixture.mint.paid());
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-162"})
    void buy_noAnswerOrNoPrice_isOverAtOnceBecauseNothingWasPaid() throws Exception {
        for (Reply reply : List.of(Reply.drop(), Reply.of(503))) {
            fixture.mint.instead =
                    request -> request.target().equals("/token-purchase") ? Optional.of(reply) : Optional.empty();
            assertThatThrownBy(() -> fixture.buy()).isNotNull();
            assertThat(fixture.tokens.open()).isEmpty();
        }
        fixture.mint.instead = request -> Optional.empty();
        assertThat(fixture.buy()).hasSize(6);
        assertThat(fixture.mint.issuedValue()).isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-162"})
    void buy_theMintTakesNoMoney_isOverAtOnce() throws Exception {
        fixture.mint.instead = request -> request.target().equals("/token-purchase")
                ? request.credential()
                        .map(paid -> Reply.problem(
                                        fixture.payee.released(paid, "no").withStatus(402))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.REFUSED, paid)))
                : Optional.empty();
        Purchase refused =
                fixture.tokens.buy(fixture.scope, TokenFixture.BUNDLE).join();
        assertThat(refused).isInstanceOf(Purchase.NotBought.class);
        assertThat(((Purchase.NotBought) refused).payment()).isInstanceOf(PaymentOutcome.NotCharged.class);
        assertThat(fixture.tokens.open()).isEmpty();
    }
}
