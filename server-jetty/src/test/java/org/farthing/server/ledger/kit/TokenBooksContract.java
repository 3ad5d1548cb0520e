package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.await;
import static org.farthing.server.ledger.kit.Tokens.far;
import static org.farthing.server.ledger.kit.Tokens.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ForwardResult;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.Income;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.RedeemResult;
import org.farthing.server.ledger.RedeemResult.Redemption;
import org.farthing.server.ledger.RefundDue;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.TokenKeyState;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.ledger.TokenUsage;
import org.farthing.server.ledger.TokenUsage.How;
import org.farthing.server.ledger.UsedSlice;
import org.farthing.server.ledger.UsedToken;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link org.farthing.server.ledger.TokenBooks} must do about keys, exchanges, redemptions and refunds. */
public abstract class TokenBooksContract extends TokenKit {

    private static final String SHOP = "https://shop.example";

    /** For the store's own test. */
    protected TokenBooksContract() {}

    // ---- keys

    @Test
    @Requirement({"F-TK-30"})
    void openKey_again_isTheSame_withOtherTerms_isNot() {
        TokenKeyTerms four = Tokens.mine(4);
        TokenKeyTerms other = Tokens.terms("mine-4", Tokens.ISSUER, true, 5, clock.instant());

        assertThat(await(tokens().openKey(four))).isEqualTo(new KeyResult.Open(new TokenKeyState(four, null)));
        assertThat(await(tokens().openKey(other))).isEqualTo(new KeyResult.OtherTerms(new TokenKeyState(four, null)));
        assertThat(await(tokens().keys())).hasSize(6).contains(new TokenKeyState(four, null));
    }

    @Test
    @Requirement({"F-TK-30"})
    void openKey_endsInTheSameByteAsAnother_isRefused_whileThatOneIsNotOver() {
        TokenKeyTerms four = Tokens.mine(4);
        TokenKeyTerms twin = twin(four, clock.instant());
        assertThat(await(tokens().openKey(twin))).isEqualTo(new KeyResult.SameLastByte(four.keyId()));

        clock.advance(Tokens.SWAP);

        assertThat(await(tokens().openKey(twin(four, clock.instant())))).isInstanceOf(KeyResult.Open.class);
        assertThat(await(tokens().openKey(Tokens.remote(4)))).isEqualTo(new KeyResult.Over());
    }

    private static TokenKeyTerms twin(TokenKeyTerms of, Instant from) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> Tokens.terms("twin-" + i, of.issuer(), true, 4, from))
                .filter(terms -> terms.truncatedId() == of.truncatedId())
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Requirement({"F-TK-45"})
    void closeKey_isForGood_andSaysWhy() {
        String key = Tokens.keyId("mine-4");

        assertThat(await(tokens().closeKey(key, "first"))).isTrue();
        assertThat(await(tokens().closeKey(key, "second"))).isTrue();
        assertThat(await(tokens().closeKey(Tokens.keyId("nobody's"), "why"))).isFalse();

        assertThat(await(tokens().openKey(Tokens.mine(4))))
                .isEqualTo(new KeyResult.Open(new TokenKeyState(Tokens.mine(4), "first")));
        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 2, 2)))
                .isEqualTo(new SwapResult.KeyOver(List.of(0)));
        assertThat(swap("s2", List.of(token(2, "a"), token(2, "b")), messages("s2", 4)))
                .isEqualTo(new SwapResult.NotForSale(List.of(0)));
    }

    @Test
    @Requirement({"F-TK-30", "T69"})
    void deadlinesOutOfOrder_areNoTerms() {
        Instant now = clock.instant();
        assertThatThrownBy(() -> new TokenKeyTerms(
                        Tokens.keyId("x"),
                        Tokens.ISSUER,
                        true,
                        1,
                        Payments.USD,
                        now,
                        now.plusSeconds(1),
                        now.plusSeconds(2),
                        now.plusSeconds(4),
                        now.plusSeconds(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("swapUntil");
    }

    // ---- exchange

    @Test
    @Requirement({"F-TK-38"})
    void swap_movesNothing_andTheSameAgainIsRepeated() {
        buy("p1", 4);

        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 2, 1, 1))).isInstanceOf(SwapResult.Done.class);
        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 2, 1, 1))).isInstanceOf(SwapResult.Repeated.class);
        assertThat(swap("s2", List.of(token(4, "a")), messages("s2", 4))).isEqualTo(new SwapResult.Spent(List.of(0)));

        assertThat(money()).containsExactly(0L, 4L, 996L);
        assertThat(solvency(1).issued()).isEqualTo(2);
        pay(paid("c1", 3, token(2, "new"), token(1, "new")));
        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 2, 1, 1))).isInstanceOf(SwapResult.Repeated.class);
    }

    @Test
    @Requirement({"F-TK-176", "T60"})
    void recall_ofAClosedKey_changesWhatWasSigned_once_andNothingElse() {
        buy("p1", 4, 4);
        List<IssuedMessage> first = List.of(Tokens.message(4, "p1#0"));
        assertThat(recall("r0", "a", first)).isEqualTo(new SwapResult.KeyOver(List.of(0)));
        await(tokens().closeKey(Tokens.keyId("mine-4"), "stolen"));

        assertThat(recall("r1", "forged", List.of(Tokens.message(4, "forged"))))
                .isEqualTo(new SwapResult.NeverIssued(List.of(0)));
        assertThat(recall("r1", "a", first)).isEqualTo(new SwapResult.Done());
        assertThat(recall("r1", "a", first)).isEqualTo(new SwapResult.Repeated());
        assertThat(recall("r2", "a", first)).isEqualTo(new SwapResult.Spent(List.of(0)));
        assertThat(money()).containsExactly(0L, 8L, 992L);
        assertThatThrownBy(() -> recall("r3", "b", List.of())).isInstanceOf(IllegalArgumentException.class);

        clock.advance(Tokens.SWAP.plusSeconds(1));
        assertThat(recall("r4", "b", List.of(Tokens.message(4, "p1#1")))).isInstanceOf(SwapResult.KeyOver.class);
    }

    private SwapResult recall(String owner, String name, List<IssuedMessage> opened) {
        return await(tokens().recall(
                        new SwapRequest(Tokens.ISSUER, owner, List.of(token(4, name)), messages(owner, 2, 2)), opened));
    }

    @Test
    @Requirement({"F-TK-38", "T60"})
    void swap_notEqualOrSignedBefore_isRefused_andTheTokensStayFree() {
        buy("p1", 4, 2);

        assertThat(swap("s1", List.of(token(4, "a")), messages("s1", 2, 1))).isEqualTo(new SwapResult.NotEqual(4, 3));
        assertThat(swap("s2", List.of(token(4, "a")), List.of(Tokens.message(2, "new"), Tokens.message(2, "p1#1"))))
                .isEqualTo(new SwapResult.AlreadyIssued(List.of(1)));
        assertThat(swap("s3", List.of(far(4, "a")), messages("s3", 4))).isEqualTo(new SwapResult.KeyOver(List.of(0)));

        pay(paid("c1", 4, token(4, "a")));
    }

    @Test
    @Requirement({"F-TK-38", "T1", "T69"})
    void swap_manyThreadsTheSame_oneIsDone_theOthersRepeat() throws Exception {
        buy("p1", 4);

        List<SwapResult> all = race(
                24,
                i -> tokens().swap(new SwapRequest(Tokens.ISSUER, "s1", List.of(token(4, "a")), messages("s1", 2, 2))));

        assertThat(all).filteredOn(SwapResult.Done.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(SwapResult.Repeated.class::isInstance).hasSize(23);
        assertThat(solvency(2).issued()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-TK-39", "T69"})
    void forward_usesTokensUpUnderItsDigest_untilItIsRefused() {
        List<UsedToken> in = List.of(far(4, "a"), far(2, "b"));
        assertThat(forward("s1", in)).isEqualTo(new ForwardResult.Claimed(1));
        assertThat(forward("s1", in)).isEqualTo(new ForwardResult.Claimed(1));
        assertThat(forward("s2", in)).isEqualTo(new ForwardResult.Spent(List.of(0, 1)));
        assertThat(await(ledger().reserve(paidRemotely("c1", 4, 100, far(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));

        assertThat(await(tokens().refuseSwap(Tokens.ISSUER, "s1", 1, List.of())))
                .isFalse();
        assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", 2, List.of())))
                .isFalse();
        assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", 1, List.of())))
                .isTrue();
        assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", 1, List.of())))
                .isFalse();

        pay(paidRemotely("c2", 4, 100, far(4, "a")));
    }

    @Test
    @Requirement({"F-TK-39", "F-TK-117"})
    void forward_ofWhatWasRefused_isAnotherClaim_andEndsAfterFive() {
        List<UsedToken> in = List.of(far(4, "a"));
        for (int attempt = 1; attempt <= 5; attempt++) {
            assertThat(forward("s1", in)).isEqualTo(new ForwardResult.Claimed(attempt));
            // Who was slow with the refusal before ends that claim alone.
            assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", Math.max(1, attempt - 1), List.of())))
                    .isEqualTo(attempt == 1);
            assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", attempt, List.of())))
                    .isEqualTo(attempt > 1);
        }
        assertThat(forward("s1", in)).isEqualTo(new ForwardResult.Refused());
        assertThat(forward("s2", in)).isEqualTo(new ForwardResult.Claimed(1));
    }

    @Test
    @Requirement({"F-TK-150", "T69"})
    void refuse_keepsWhatTheIssuerCallsSpent_andGivesTheRestFree() {
        forward("s1", List.of(far(4, "a"), far(2, "b")));

        assertThat(await(tokens().refuseSwap(Tokens.REMOTE, "s1", 1, List.of(far(4, "a")))))
                .isTrue();

        assertThat(await(ledger().reserve(paidRemotely("c1", 4, 100, far(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
        assertThat(forward("s1", List.of(far(4, "a"), far(2, "b")))).isEqualTo(new ForwardResult.Spent(List.of(0)));
        pay(paidRemotely("c2", 2, 100, far(2, "b")));
        assertThat(await(ledger().check()).findings()).isEmpty();
    }

    /** What fails in the middle is as if it had not begun: so it is where the process dies there. */
    @Test
    @Requirement({"F-TK-150", "T45", "T69"})
    void refuse_thatCannotKeepWhatIsSpent_givesNothingFree() {
        pay(paidRemotely("c1", 1, 100, far(1, "c")));
        forward("s1", List.of(far(4, "a"), far(2, "b")));

        assertThat(tokens().refuseSwap(Tokens.REMOTE, "s1", 1, List.of(far(4, "a"), far(1, "c"))))
                .failsWithin(Duration.ofSeconds(60));

        assertThat(await(ledger().reserve(paidRemotely("c2", 6, 100, far(4, "a"), far(2, "b")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0, 1)));
        assertThat(forward("s1", List.of(far(4, "a"), far(2, "b")))).isEqualTo(new ForwardResult.Claimed(1));
    }

    @Test
    @Requirement({"F-TK-150", "T1", "T69"})
    void refuse_whileOthersPay_whatIsSpentIsNeverFreeInBetween() throws Exception {
        forward("s1", List.of(far(4, "a"), far(2, "b")));

        List<Boolean> all = race(
                24,
                i -> i % 4 == 0
                        ? tokens().refuseSwap(Tokens.REMOTE, "s1", 1, List.of(far(4, "a")))
                        : ledger().reserve(paidRemotely("c" + i, 4, 100, far(4, "a")))
                                .thenApply(Reserved.Held.class::isInstance));

        assertThat(all).filteredOn(won -> won).hasSize(1);
        assertThat(await(ledger().reserve(paidRemotely("c-late", 4, 100, far(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
    }

    private ForwardResult forward(String exchange, List<UsedToken> in) {
        return await(tokens().claimForSwap(Tokens.REMOTE, exchange, in));
    }

    // ---- redemption

    @Test
    @Requirement({"F-TK-44"})
    void redeem_paysEachTokenOnce_andSaysWhatBecameOfEach() {
        buy("p1", 4, 2, 1);
        pay(paid("c1", 1, token(1, "spent")));

        RedeemResult first = redeem(SHOP, token(4, "a"), token(1, "spent"), far(1, "foreign"));
        RedeemResult second = redeem(SHOP, token(2, "b"), token(4, "a"));
        RedeemResult other = redeem("https://other.example", token(4, "a"));

        assertThat(first)
                .isEqualTo(new RedeemResult(List.of(Redemption.ACCEPTED, Redemption.SPENT, Redemption.INVALID), 4));
        assertThat(second).isEqualTo(new RedeemResult(List.of(Redemption.ACCEPTED, Redemption.REPEATED), 2));
        assertThat(other).isEqualTo(new RedeemResult(List.of(Redemption.SPENT), 0));
        assertThat(money()).containsExactly(7L, 0L, 993L);
        assertThat(await(ledger().income(Instant.EPOCH, Instant.MAX)))
                .extracting(Income::payee, Income::captured)
                .containsExactlyInAnyOrder(tuple(PAYEE, 1L), tuple(SHOP, 6L));
    }

    @Test
    @Requirement({"F-TK-44", "F-TK-45"})
    void redeem_lateOrClosed_isRefused_butWhatWasRedeemedIsStillSaidToBe() {
        buy("p1", 4, 4, 2, 2);
        redeem(SHOP, token(4, "a"), token(2, "a"));
        await(tokens().closeKey(Tokens.keyId("mine-2"), "leaked"));
        clock.advance(Tokens.REDEEM.plusSeconds(1));

        RedeemResult late = redeem(SHOP, token(4, "a"), token(4, "b"), token(2, "a"), token(2, "b"));

        assertThat(late.results())
                .containsExactly(Redemption.REPEATED, Redemption.EXPIRED, Redemption.REPEATED, Redemption.INVALID);
        assertThat(late.amount()).isZero();
    }

    @Test
    @Requirement({"F-TK-44", "T57", "T69"})
    void redeemAndSwap_theSameTokenAtOnce_oneWins() throws Exception {
        buy("p1", 4);

        List<Boolean> all = race(
                16,
                i -> i % 2 == 0
                        ? tokens().redeem(Tokens.ISSUER, "https://shop" + i + ".example", List.of(token(4, "a")))
                                .thenApply(result -> result.amount() == 4)
                        : tokens().swap(new SwapRequest(
                                        Tokens.ISSUER, "s" + i, List.of(token(4, "a")), messages("s" + i, 4)))
                                .thenApply(SwapResult.Done.class::isInstance));

        assertThat(all).filteredOn(won -> won).hasSize(1);
    }

    private RedeemResult redeem(String origin, UsedToken... used) {
        return await(tokens().redeem(Tokens.ISSUER, origin, List.of(used)));
    }

    // ---- what was used

    @Test
    @Requirement({"F-TK-151"})
    void used_listsKeyByKey_inTheOrderOfTheirBytes_withWhatBecameOfEach() {
        buy("p1", 4, 4, 4, 2, 1);
        pay(paid("c1", 4, token(4, "a")));
        redeem(SHOP, token(4, "b"), token(2, "c"));
        swap("s1", List.of(token(4, "d")), messages("s1", 2, 2));
        HoldRef released = hold(paid("c2", 1, token(1, "e")));
        await(ledger().release(released, ReleaseReason.HANDLER_FAILED, Execution.YES));
        pay(paidRemotely("c3", 4, 100, far(4, "f")));

        List<TokenUsage> mine = used(Tokens.ISSUER, 1);

        assertThat(mine)
                .extracting(TokenUsage::token, TokenUsage::how, TokenUsage::owner, TokenUsage::payee)
                .containsExactlyInAnyOrder(
                        tuple(token(4, "a"), How.PAID, "c1", PAYEE),
                        tuple(token(4, "b"), How.REDEEMED, SHOP, SHOP),
                        tuple(token(2, "c"), How.REDEEMED, SHOP, SHOP),
                        tuple(token(4, "d"), How.SWAPPED, "s1", null),
                        tuple(token(1, "e"), How.FREE, "c2", PAYEE));
        assertThat(mine).extracting(usage -> hex(usage.token())).isSorted();
        assertThat(used(Tokens.ISSUER, 2)).isEqualTo(mine).isEqualTo(used(Tokens.ISSUER, 5000));
        assertThat(used(Tokens.REMOTE, 3)).singleElement().satisfies(usage -> {
            assertThat(usage.how()).isEqualTo(How.WAITING);
            assertThat(usage.value()).isEqualTo(4);
        });
        assertThat(used("https://nobody.example", 3)).isEmpty();
        assertThatThrownBy(() -> tokens().used(Tokens.ISSUER, null, 5001)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<TokenUsage> used(String issuer, int limit) {
        List<TokenUsage> all = new ArrayList<>();
        TokenPlace place = null;
        do {
            UsedSlice slice = await(tokens().used(issuer, place, limit));
            assertThat(slice.tokens()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(slice.tokens());
            place = slice.next();
        } while (place != null);
        return all;
    }

    private static String hex(UsedToken token) {
        Base64.Decoder decoder = Base64.getUrlDecoder();
        return HexFormat.of().formatHex(decoder.decode(token.keyId()))
                + HexFormat.of().formatHex(decoder.decode(token.serial()));
    }

    // ---- refunds

    @Test
    @Requirement({"F-TK-46", "T54"})
    void refund_isHandedOutOnce_toTheCredentialThatPaid() {
        buy("p1", 4, 2);
        pay(paid("c1", 6, token(4, "a"), token(2, "b")));
        assertThat(handOut("c1", "hash-c1", "early", 1)).isInstanceOf(RefundDue.Nothing.class);

        assertThat(refund("c1", 3, "r1")).isInstanceOf(RefundResult.Refunded.class);
        assertThat(money()).containsExactly(3L, 3L, 994L);
        assertThat(await(tokens().refundDue("c1", "hash-c1"))).contains(3L);
        assertThat(await(tokens().refundDue("c1", "hash-of-another"))).isEmpty();

        assertThat(handOut("c1", "hash-of-another", "r1", 2, 1)).isInstanceOf(RefundDue.Nothing.class);
        assertThat(handOut("c1", "hash-c1", "r1", 2)).isEqualTo(new RefundDue.NotEqual(3));
        assertThat(handOut("c1", "hash-c1", "r1", 2, 1)).isInstanceOf(RefundDue.Done.class);
        assertThat(handOut("c1", "hash-c1", "r1", 2, 1)).isInstanceOf(RefundDue.Repeated.class);
        assertThat(handOut("c1", "hash-c1", "r2", 2, 1)).isInstanceOf(RefundDue.Nothing.class);

        assertThat(refund("c1", 3, "r2")).isInstanceOf(RefundResult.Refunded.class);
        assertThat(await(ledger().charge("c1")).orElseThrow().state()).isEqualTo(ChargeState.REFUNDED);
        assertThat(handOut("c1", "hash-c1", "p1", 4)).isEqualTo(new RefundDue.NotEqual(3));
        assertThat(handOut("c1", "hash-c1", "r3", 2, 1)).isInstanceOf(RefundDue.Done.class);
        assertThat(await(ledger().reserve(paid("c2", 4, token(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
        pay(paid("c3", 3, token(2, "again"), token(1, "again")));
    }

    @Test
    @Requirement({"F-TK-46", "T54"})
    void refund_manyThreadsHandOutAtOnce_oneDoes() throws Exception {
        buy("p1", 4);
        pay(paid("c1", 4, token(4, "a")));
        refund("c1", 4, "r1");

        List<RefundDue> all = race(16, i -> tokens().refundTokens("c1", "hash-c1", messages("r" + i, 4)));

        assertThat(all).filteredOn(RefundDue.Done.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(RefundDue.Nothing.class::isInstance).hasSize(15);
        assertThat(solvency(4).issued()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-TK-34", "F-TK-46"})
    void refund_ofARemoteIssuersTokens_orWhileTheAnswerIsOnItsWay_isRefused() {
        buy("p1", 4);
        pay(paidRemotely("c1", 4, 100, far(4, "a")));
        HoldRef pending = ((Reserved.Held) await(ledger().chargeUpfront(paid("c2", 4, token(4, "a"))))).ref();

        assertThat(refund("c1", 4, "r1")).isInstanceOf(RefundResult.Final.class);
        assertThat(refund("c2", 4, "r1")).isInstanceOf(RefundResult.TooMuch.class);
        await(ledger().delivered(pending, ANSWER));
        assertThat(refund("c2", 4, "r1")).isInstanceOf(RefundResult.Refunded.class);
    }

    private RefundDue handOut(String challengeId, String hash, String name, long... values) {
        return await(tokens().refundTokens(challengeId, hash, messages(name, values)));
    }

    // ---- counts

    @Test
    @Requirement({"F-TK-144"})
    void solvency_countsWhatStayed_ofManyAtOnce() throws Exception {
        buy("p1", 4, 4, 4, 2, 2, 2);
        List<Reserved> all =
                race(24, i -> ledger().reserve(paid("c" + i, 4, token(4, "t" + i % 3), token(2, "t" + i))));
        assertThat(all).filteredOn(Reserved.Held.class::isInstance).hasSize(3);
        assertThat(swap("s1", List.of(token(2, "t" + heldIndex(all))), messages("s1", 2)))
                .isInstanceOf(SwapResult.Spent.class);
        assertThat(swap("s2", List.of(token(1, "s")), messages("s2", 1))).isInstanceOf(SwapResult.Done.class);

        assertThat(solvency(4)).isEqualTo(new Solvency(Tokens.mine(4).keyId(), 3, 3));
        assertThat(solvency(2)).isEqualTo(new Solvency(Tokens.mine(2).keyId(), 3, 3));
        assertThat(solvency(1)).isEqualTo(new Solvency(Tokens.mine(1).keyId(), 1, 1));
    }

    private static int heldIndex(List<Reserved> all) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i) instanceof Reserved.Held)
                .findFirst()
                .orElseThrow();
    }

    // ---- retention

    @Test
    @Requirement({"F-TK-35"})
    void purge_forgetsAnEpochAsAWhole_afterItsLastDeadline() {
        buy("p1", 4, 2);
        pay(paid("c1", 2, token(2, "a")));
        swap("s1", List.of(token(4, "a")), messages("s1", 2, 2));
        TokenKeyTerms later = Tokens.terms(
                "mine-later", Tokens.ISSUER, true, 8, clock.instant().plus(Duration.ofDays(29)));
        await(tokens().openKey(later));
        clock.advance(Tokens.SWAP.plus(Duration.ofHours(1)));
        purge();
        assertThat(solvency(2).used()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        purge();

        assertThat(await(tokens().solvency()))
                .singleElement()
                .satisfies(line -> assertThat(line.keyId()).isEqualTo(later.keyId()));
        assertThat(await(tokens().keys())).containsExactly(new TokenKeyState(later, null));
        assertThat(await(tokens().openKey(Tokens.mine(4)))).isEqualTo(new KeyResult.Over());
        assertThat(money()).containsExactly(2L, 4L, 994L);
        assertThat(await(ledger().purge()).more()).isFalse();
    }

    @Test
    @Requirement({"F-TK-35", "F-TK-46"})
    void purge_anActStaysAsLongAsItsCharge_soThatTheChargeCanBeRefunded() {
        buy("p1", 4);
        clock.advance(Tokens.SPEND);
        pay(paid("c1", 4, token(4, "a")));
        TokenKeyTerms later = Tokens.terms("mine-later", Tokens.ISSUER, true, 4, clock.instant());
        await(tokens().openKey(later));
        clock.advance(Tokens.SWAP.minus(Tokens.SPEND).plus(Duration.ofHours(2)));
        purge();

        assertThat(refund("c1", 4, "r1")).isInstanceOf(RefundResult.Refunded.class);
        IssuedMessage message =
                new IssuedMessage(later.keyId(), Tokens.message(4, "new").message());
        assertThat(await(tokens().refundTokens("c1", "hash-c1", List.of(message))))
                .isInstanceOf(RefundDue.Done.class);
        assertThat(await(ledger().check()).findings()).isEmpty();

        clock.advance(Duration.ofDays(400));
        purge();
        assertThat(await(ledger().charge("c1"))).isEmpty();
        assertThat(await(tokens().keys())).isEmpty();
    }

    private void purge() {
        while (await(ledger().purge()).more()) {
            assertThat(clock).isNotNull();
        }
    }
}
