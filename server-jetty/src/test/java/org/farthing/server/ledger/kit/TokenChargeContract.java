package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;
import static org.farthing.server.ledger.kit.Tokens.token;

import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.IdempotencyScope;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.Transition;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link org.farthing.server.ledger.Ledger} must do about charges that buy tokens or are paid with them. */
public abstract class TokenChargeContract extends TokenKit {

    private static final Duration RESERVED = Duration.ofMinutes(10);

    /** For the store's own test. */
    protected TokenChargeContract() {}

    // ---- purchase

    @Test
    @Requirement({"F-TK-37"})
    void buy_movesTheMoneyToTheHoldersOfTokens_andIsNobodysIncome() {
        assertThat(buy("p1", 4, 2, 1)).isInstanceOf(Transition.Done.class);

        assertThat(money()).containsExactly(0L, 7L, 993L);
        assertThat(solvency(4).issued()).isEqualTo(1);
        assertThat(await(tokens().issued(messages("p1", 4, 1)))).containsExactly(0);
        assertThat(await(ledger().income(clock.instant(), clock.instant().plus(VALID))))
                .isEmpty();
    }

    @Test
    @Requirement({"F-TK-37", "T60"})
    void buy_aMessageSignedBefore_isRefusedWithoutEffect_andTheHoldIsStillThere() {
        buy("p1", 4, 2);
        HoldRef ref = ((Reserved.Held) await(ledger().reserve(payments.hold("p2", 4)))).ref();

        assertNothingHappens(ref, 4, messages("p1", 4));
        assertNothingHappens(ref, 4, messages("p2", 2));
        assertNothingHappens(ref, 4, List.of(Tokens.message(8, "unknown key")));

        assertThat(await(ledger().charge("p2")).orElseThrow().state()).isEqualTo(ChargeState.HELD);
        assertThat(await(ledger().release(ref, ReleaseReason.CAPTURE_FAILED, Execution.YES)))
                .isInstanceOf(Transition.Done.class);
        assertThat(money()).containsExactly(0L, 6L, 994L);
    }

    private void assertNothingHappens(HoldRef ref, long amount, List<IssuedMessage> messages) {
        var issuance = new Issuance(Tokens.ISSUER, messages);
        assertThatThrownBy(() -> await(ledger().capture(ref, amount, ANSWER, issuance)))
                .isInstanceOfSatisfying(
                        LedgerUnavailableException.class,
                        failure -> assertThat(failure.effect()).isEqualTo(Effect.NONE));
    }

    @Test
    @Requirement({"F-TK-37", "T54"})
    void refundOfAPurchase_isRefused() {
        buy("p1", 4);

        assertThat(refund("p1", 4, "r1")).isInstanceOf(RefundResult.Final.class);
        assertThat(money()).containsExactly(0L, 4L, 996L);
    }

    // ---- payment

    @Test
    @Requirement({"F-TK-31", "F-TK-32"})
    void pay_movesTheTokensWorthToThePayee_alsoWhatIsTooMuch() {
        buy("p1", 4, 2);

        pay(paid("c1", 5, token(4, "a"), token(2, "b")));

        assertThat(money()).containsExactly(6L, 0L, 994L);
        assertThat(await(ledger().charge("c1")).orElseThrow())
                .satisfies(charge -> assertThat(charge.captured()).isEqualTo(5))
                .satisfies(charge -> assertThat(charge.issuer()).isEqualTo(Tokens.ISSUER));
    }

    @Test
    @Requirement({"F-TK-31", "T72"})
    void capture_saysWhatTheBooksSay_whateverItsCallerKnows() {
        buy("p1", 4, 2, 1);
        HoldRef given = hold(paid("c1", 4, token(4, "a")));
        HoldRef held = hold(paid("c2", 3, token(2, "b"), token(1, "c")));
        HoldRef byHand = new HoldRef(held.challengeId(), held.wallet(), held.fence(), held.holdUntil());

        for (HoldRef ref : List.of(given, byHand)) {
            long amount = ref.equals(given) ? 4 : 3;
            assertThat(await(ledger().capture(ref, amount, ANSWER)))
                    .isEqualTo(new Transition.Done(
                            await(ledger().charge(ref.challengeId())).orElseThrow()));
            assertThat(await(ledger().capture(ref, amount, ANSWER))).isInstanceOf(Transition.Lost.class);
        }
        assertThat(byHand).isEqualTo(held).hasSameHashCodeAs(held);
        assertThat(money()).containsExactly(7L, 0L, 993L);
    }

    @Test
    @Requirement({"F-TK-31", "T57"})
    void pay_aTokenThatWasUsed_isRefused_andTheOthersStayFree() {
        buy("p1", 4, 2, 1);
        pay(paid("c1", 4, token(4, "a")));

        assertThat(await(ledger().reserve(paid("c2", 7, token(2, "b"), token(4, "a"), token(1, "c")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(1)));
        assertThat(await(ledger().charge("c2"))).isEmpty();

        pay(paid("c3", 3, token(2, "b"), token(1, "c")));
        assertThat(await(ledger().reserve(paid("c4", 7, token(2, "b"), token(4, "a"), token(1, "c")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0, 1, 2)));
    }

    @Test
    @Requirement({"F-TK-146"})
    void pay_theSameAgain_isKnown_thoughItsTokensAreUsed_andSoIsItsIdempotencyKey() {
        buy("p1", 4);
        IdempotencyScope key = new IdempotencyScope("scope", "content");
        pay(with(key, paid("c1", 4, token(4, "a"))));

        assertThat(await(ledger().reserve(paid("c1", 4, token(4, "a"))))).isInstanceOf(Reserved.Known.class);
        assertThat(await(ledger().reserve(with(key, paid("c2", 4, token(4, "a"))))))
                .isInstanceOf(Reserved.SameKey.class);
        await(tokens().closeKey(Tokens.mine(4).keyId(), "leaked"));
        assertThat(await(ledger().reserve(paid("c1", 4, token(4, "a"))))).isInstanceOf(Reserved.Known.class);
        clock.advance(VALID);
        assertThat(await(ledger().reserve(paid("c1", 4, token(4, "a"))))).isInstanceOf(Reserved.Known.class);
    }

    private static HoldRequest with(IdempotencyScope key, HoldRequest request) {
        return new HoldRequest(
                request.terms(),
                request.keyThumbprint(),
                request.walletVersion(),
                request.hold(),
                key,
                request.source());
    }

    @Test
    @Requirement({"F-TK-33", "T70"})
    void release_tokensStayTheChallengesOwn_untilTenMinutesAfterItExpired() {
        buy("p1", 4);
        HoldRef ref = hold(paid("c1", 4, token(4, "a")));
        await(ledger().release(ref, ReleaseReason.HANDLER_FAILED, Execution.YES));
        assertThat(money()).containsExactly(0L, 4L, 996L);

        clock.advance(VALID.plus(RESERVED).minusMillis(1));
        assertThat(await(ledger().reserve(paid("c2", 4, token(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
        assertThat(swap("early", List.of(token(4, "a")), messages("early", 4)))
                .isEqualTo(new SwapResult.Spent(List.of(0)));

        clock.advance(Duration.ofMillis(1));
        pay(paid("c3", 4, token(4, "a")));
        assertThat(await(ledger().reserve(paid("c4", 4, token(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
        assertThat(solvency(4).used()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-TK-32", "F-TK-33"})
    void capture_partOfIt_isRefused_andOfNothing_givesTheTokensFree() {
        buy("p1", 4, 2);
        HoldRef ref = hold(paid("c1", 4, token(4, "a")));

        assertThatThrownBy(() -> await(ledger().capture(ref, 3, ANSWER)))
                .isInstanceOf(LedgerUnavailableException.class);
        assertThat(await(ledger().capture(ref, 0, ANSWER))).isInstanceOf(Transition.Done.class);

        clock.advance(VALID.plus(RESERVED));
        pay(paid("c2", 4, token(4, "a")));
    }

    @Test
    @Requirement({"F-TK-30", "F-TK-45"})
    void pay_keyUnknownClosedOrOver_isRefused() {
        buy("p1", 4, 2);
        await(tokens().closeKey(Tokens.keyId("mine-2"), "more used than issued"));

        assertThat(await(ledger().reserve(paid("c1", 6, token(4, "a"), token(2, "b"), token(8, "c")))))
                .isEqualTo(new Reserved.TokensExpired(List.of(1, 2)));

        clock.advance(Tokens.SPEND.plusSeconds(1));
        assertThat(await(ledger().reserve(paid("c2", 4, token(4, "a")))))
                .isEqualTo(new Reserved.TokensExpired(List.of(0)));
        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 4)))
                .isEqualTo(new SwapResult.NotForSale(List.of(0)));
    }

    @Test
    @Requirement({"F-TK-31"})
    void pay_lessThanTheyAreSaidToBeWorth_isAFaultOfTheCaller() {
        assertThatThrownBy(() -> await(ledger().reserve(paid("c1", 8, token(4, "a")))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(await(ledger().charge("c1"))).isEmpty();
    }

    // ---- upfront

    @Test
    @Requirement({"F-TK-34"})
    void upfront_delivered_isThePayees_undelivered_givesTheTokensFree() {
        buy("p1", 4, 2);
        HoldRef first = ((Reserved.Held) await(ledger().chargeUpfront(paid("c1", 4, token(4, "a"))))).ref();
        HoldRef second = ((Reserved.Held) await(ledger().chargeUpfront(paid("c2", 2, token(2, "b"))))).ref();
        assertThat(money()).containsExactly(6L, 0L, 994L);

        await(ledger().delivered(first, ANSWER));
        await(ledger().refundUndelivered(second, ReleaseReason.UNDELIVERED, Execution.YES));

        assertThat(money()).containsExactly(4L, 2L, 994L);
        assertThat(await(tokens().refundDue("c2", "hash-c2"))).contains(0L);
        clock.advance(VALID.plus(RESERVED));
        pay(paid("c3", 2, token(2, "b")));
    }

    @Test
    @Requirement({"F-TK-33"})
    void sweep_endsAHoldOfTokens() {
        buy("p1", 4);
        hold(paid("c1", 4, token(4, "a")));
        clock.advance(Payments.HOLD.plusMillis(1));

        assertThat(await(ledger().sweep()).released()).isEqualTo(1);
        assertThat(money()).containsExactly(0L, 4L, 996L);
    }

    // ---- races

    @Test
    @Requirement({"F-TK-31", "T1", "T57"})
    void pay_sixtyFourThreadsOneToken_oneWins() throws Exception {
        buy("p1", 4);

        List<Reserved> all = race(64, i -> ledger().reserve(paid("c" + i, 4, token(4, "a"))));

        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(new Reserved.TokensSpent(List.of(0))::equals).hasSize(63);
    }

    @Test
    @Requirement({"F-TK-31", "F-TK-38", "T57", "T69"})
    void payAndSwap_overlappingTokensInAnyOrder_eachIsUsedOnce() throws Exception {
        buy("p1", 1, 1, 1, 1);
        List<String> names = List.of("a", "b", "c", "d");

        List<Boolean> all = race(48, i -> {
            var one = token(1, names.get(i % 4));
            var two = token(1, names.get((i + 1 + i / 4 % 3) % 4));
            return i % 3 == 0
                    ? tokens().swap(new SwapRequest(Tokens.ISSUER, "s" + i, List.of(one, two), messages("s" + i, 2)))
                            .thenApply(SwapResult.Done.class::isInstance)
                    : ledger().reserve(paid("c" + i, 2, one, two)).thenApply(Reserved.Held.class::isInstance);
        });

        assertThat(all).filteredOn(won -> won).hasSizeBetween(1, 2);
    }
}
