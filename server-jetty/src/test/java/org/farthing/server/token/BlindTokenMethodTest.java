package org.farthing.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.PaymentMethodContract;
import org.farthing.server.offer.Offer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Blind tokens as proofs of payment (spec/token-payment.md). */
class BlindTokenMethodTest extends PaymentMethodContract {

    private static final Origin SHOP = new Origin(PAYEE);

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = TestIssuer.shared(clock);
    private final AcceptedTokens accepted = AcceptedTokens.of(issuer);
    private PaymentMethod method = new BlindTokenMethod(accepted, clock);

    @Override
    protected PaymentMethod method() {
        return method;
    }

    @Override
    protected boolean isBearer() {
        return true;
    }

    @Override
    protected Map<String, Object> pay(Challenge challenge) {
        return payload(issuer.tokens(SHOP, 1000, 500, 500));
    }

    @Override
    protected Map<String, Object> forge(Challenge challenge) {
        byte[] bytes = issuer.tokens(SHOP, 2000).get(0).bytes();
        bytes[BlindToken.LENGTH - 1] ^= 1;
        return payload(List.of(parsed(bytes)));
    }

    private static Map<String, Object> payload(List<BlindToken> tokens) {
        return TokenPayload.toPayload(tokens);
    }

    private static BlindToken parsed(byte[] bytes) {
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- what is offered -----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-50", "T58"})
    void offer_namesIssuerValuesAndTheDirectoryThePayeeHas() throws Exception {
        TokenOffer offer = TokenOffer.parse(challenge().paymentRequest().methodDetails());

        assertThat(offer.issuer()).isEqualTo(TestIssuer.ORIGIN);
        assertThat(offer.challenge()).isEqualTo(TokenChallenge.forPayee(TestIssuer.ORIGIN, SHOP));
        assertThat(offer.denominations().text()).isEqualTo("500 1000 2000 4000 8000 16000");
        assertThat(offer.maxTokens()).isEqualTo(4);
        assertThat(offer.keepsOverpay()).isFalse();
        assertThat(offer.keys()).isEqualTo(issuer.directory().orElseThrow().hash());
    }

    @Test
    @Requirement({"F-TK-51", "F-RQ-4"})
    void covers_onlyFixedPricesOnTheGridInTheTokensCurrency() {
        assertThat(method.covers(price(500).build())).isTrue();
        assertThat(method.covers(price(15_000).build())).isTrue();
        assertThat(method.covers(price(15_500).build())).isFalse();
        assertThat(method.covers(price(750).build())).isFalse();
        assertThat(method.covers(price(0).build())).isFalse();
        assertThat(method.covers(price(500).upTo().build())).isFalse();
        assertThat(method.covers(
                        Offer.of(Amount.of(500), new CurrencyId("usd.e4")).build()))
                .isFalse();
        method = new BlindTokenMethod(accepted.withMaxTokens(5), clock);
        assertThat(method.covers(price(15_500).build())).isTrue();
    }

    @Test
    @Requirement("F-TK-50")
    void covers_nothingWhileTheDirectoryIsMissing_andAgainWhenItIsThere() {
        List<PublishedKey> keys = issuer.directory().orElseThrow().keys();
        issuer.vanish();
        assertThat(method.covers(price(500).build())).isFalse();
        assertThat(method.objection(price(750).build())).isEmpty();

        issuer.publish(keys);
        assertThat(method.covers(price(500).build())).isTrue();
    }

    @Test
    @Requirement({"F-TK-50", "F-TK-57"})
    void covers_onlyValuesWhoseKeysCanBeSpent() {
        List<PublishedKey> keys = new ArrayList<>();
        keys.add(TestIssuer.published(0, 500, issuer.start()));
        keys.add(TestIssuer.published(1, 1000, issuer.start().plus(Duration.ofDays(50))));
        issuer.publish(keys);
        assertThat(method.covers(price(500).build())).isTrue();
        assertThat(method.covers(price(4000).build())).isFalse();

        clock.advance(Duration.ofDays(50));
        assertThat(method.covers(price(4000).build())).isTrue();
        clock.advance(Duration.ofDays(10));
        assertThat(method.covers(price(500).build())).isTrue();
        clock.advance(Duration.ofMillis(999));
        assertThat(method.covers(price(500).build())).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(method.covers(price(500).build())).isFalse();
        assertThat(method.covers(price(4000).build())).isTrue();
    }

    @Test
    @Requirement("F-TK-53")
    void objection_offTheGrid_saysWhatWouldDo() {
        assertThat(method.objection(price(750).build()))
                .hasValueSatisfying(text -> assertThat(text)
                        .contains(
                                "0.00075 USD", "Take 0.0005 USD or 0.001 USD", "500 1000 2000", "name other methods"));
        assertThat(method.objection(price(500).build())).isEmpty();
        // Others may pay these, so they are simply not offered for tokens.
        assertThat(method.objection(price(750).upTo().build())).isEmpty();
        assertThat(method.objection(Offer.of("1 unit:pages").build())).isEmpty();
        assertThat(method.objection(price(0).build())).isEmpty();
        assertThat(method.objection(price(500).upTo().methods("token").build()))
                .hasValueSatisfying(text -> assertThat(text).contains("no change"));
        assertThat(method.objection(Offer.of("1 unit:pages").methods("token").build()))
                .hasValueSatisfying(text -> assertThat(text).contains("unit:pages", "https://issuer.example"));
    }

    @Test
    @Requirement({"F-TK-52", "T57"})
    void accepted_tokensOfAnyPayeeWithoutTheIssuersLedger_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcceptedTokens.of(TestIssuer.remote(clock, 1)).ofAnyPayee())
                .withMessageContaining("two payees at once");
        assertThat(accepted.ofAnyPayee().anyPayee()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> accepted.withMaxTokens(0));
        assertThatIllegalArgumentException().isThrownBy(() -> accepted.withMaxTokens(17));
    }

    // ---- what is accepted ----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-58", "F-TK-59"})
    void verify_claimsEveryTokenAndHidesWhoPays() {
        Challenge challenge = challenge();
        List<BlindToken> tokens = issuer.tokens(SHOP, 1000, 500, 500);
        Payable payable = (Payable) verify(challenge, payload(tokens));

        TokenPayment payment =
                (TokenPayment) Objects.requireNonNull(payable.claim().source());
        assertThat(payment.tokens())
                .extracting("serial")
                .containsExactlyElementsOf(
                        tokens.stream().map(token -> token.serial().text()).toList());
        assertThat(payment.value()).isEqualTo(2000);
        assertThat(payment.remote()).isFalse();
        assertThat(payable.claim().paymentId()).isEqualTo(challenge.id());
        assertThat(payable.claim().payer()).matches("t_[A-Za-z0-9_-]{22}");
        List<BlindToken> turned = List.of(tokens.get(2), tokens.get(0), tokens.get(1));
        assertThat(((Payable) verify(challenge, payload(turned))).claim().payer())
                .isEqualTo(payable.claim().payer());
        assertThat(((Payable) verify(challenge, pay(challenge))).claim().payer())
                .isNotEqualTo(payable.claim().payer());
    }

    @Test
    @Requirement({"F-TK-55", "F-TK-23"})
    void verify_challengesThatPromisedDifferently_eachIsJudgedByItsOwnPromise() {
        Challenge four = challenge();
        method = new BlindTokenMethod(accepted.withMaxTokens(1), clock);
        Challenge one = challenge();

        for (int i = 0; i < 2; i++) {
            assertThat(verify(four, pay(four))).isInstanceOf(Payable.class);
            assertThat(((Refused) verify(one, pay(one))).why()).isEqualTo(ProblemType.INVALID_PAYLOAD);
        }
    }

    @Test
    @Requirement({"F-TK-58", "T61"})
    void verify_remoteIssuer_keepsTheBytesAndLimitsTheTrust() {
        TestIssuer remote = TestIssuer.remote(clock, 7_000);
        method = new BlindTokenMethod(AcceptedTokens.of(remote), clock);
        List<BlindToken> tokens = remote.tokens(SHOP, 2000);
        Payable payable = (Payable) verify(challenge(), payload(tokens));

        TokenPayment payment =
                (TokenPayment) Objects.requireNonNull(payable.claim().source());
        assertThat(payment.exposureLimit()).isEqualTo(7_000);
        assertThat(payment.upload()).hasSize(1);
        assertThat(Objects.requireNonNull(payment.upload()).get(0))
                .isEqualTo(tokens.get(0).bytes());
    }

    @Test
    @Requirement({"F-TK-52", "T57"})
    void verify_tokenOfAnyPayee_onlyWhereItIsAskedFor() {
        List<BlindToken> any = issuer.tokens(TokenChallenge.anyPayee(TestIssuer.ORIGIN), 2000);
        assertThat(refused(verify(challenge(), payload(any)))).isEqualTo(ProblemType.VERIFICATION_FAILED);

        method = new BlindTokenMethod(accepted.ofAnyPayee(), clock);
        assertThat(verify(challenge(), payload(any))).isInstanceOf(Payable.class);
        assertThat(refused(verify(challenge(), payload(issuer.tokens(SHOP, 2000)))))
                .isEqualTo(ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-TK-52", "T57", "T69"})
    void verify_challengeOfBeforeThatAskedForAnyPayee_refusedOnceTheIssuerIsElsewhere() {
        method = new BlindTokenMethod(accepted.ofAnyPayee(), clock);
        Challenge before = challenge();
        List<BlindToken> any = issuer.tokens(TokenChallenge.anyPayee(TestIssuer.ORIGIN), 2000);

        method = new BlindTokenMethod(AcceptedTokens.of(TestIssuer.remote(clock, 7_000)), clock);
        assertThat(refused(verify(before, payload(any)))).isEqualTo(ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement("F-TK-56")
    void verify_moreThanThePrice_keptOnlyWhereThePayeeSaidSo() {
        Map<String, Object> more = payload(issuer.tokens(SHOP, 2000, 500));
        Refused refused = (Refused) verify(challenge(), more);
        assertThat(refused.why()).isEqualTo(ProblemType.AMOUNT_MISMATCH);
        assertThat(refused.members()).isEqualTo(Map.of("required", "2000", "presented", "2500", "currency", "usd.e6"));

        method = new BlindTokenMethod(accepted.keepingOverpay(), clock);
        Payable payable = (Payable) verify(challenge(), more);
        assertThat(payable.movement().amount()).isEqualTo(Amount.of(2000));
        assertThat(((TokenPayment) Objects.requireNonNull(payable.claim().source())).value())
                .isEqualTo(2500);
    }

    // ---- what is refused -----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-55", "T57"})
    void verify_anyBitOfATokenChanged_refused() {
        byte[] good = issuer.tokens(SHOP, 2000).get(0).bytes();
        // A byte of the nonce, of the challenge digest, of the key id and of the authenticator, first and last.
        for (int at : new int[] {2, 33, 34, 65, 66, 97, 98, 353}) {
            byte[] changed = good.clone();
            changed[at] ^= 0x40;
            assertThat(refused(verify(challenge(), payload(List.of(parsed(changed))))))
                    .as("byte %s", at)
                    .isEqualTo(ProblemType.VERIFICATION_FAILED);
        }
        assertThat(verify(challenge(), payload(List.of(parsed(good))))).isInstanceOf(Payable.class);
    }

    @Test
    @Requirement({"F-TK-55", "T57"})
    void verify_tokenForAnotherPayeeOrIssuer_refused() {
        Origin other = new Origin("https://other.example");
        assertThat(refused(verify(challenge(), payload(issuer.tokens(other, 2000)))))
                .isEqualTo(ProblemType.VERIFICATION_FAILED);
        assertThat(refused(verify(challenge(), payload(issuer.tokens(TokenChallenge.forPayee(other, SHOP), 2000)))))
                .isEqualTo(ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-TK-55", "T24"})
    void verify_tooManyTokensOrOneTwice_isNoPayload() {
        List<BlindToken> one = issuer.tokens(SHOP, 1000);
        assertThat(refused(verify(challenge(), payload(List.of(one.get(0), one.get(0))))))
                .isEqualTo(ProblemType.INVALID_PAYLOAD);
        List<BlindToken> five = issuer.tokens(SHOP, 500, 500, 500, 500, 500);
        assertThat(refused(verify(challenge(), payload(five)))).isEqualTo(ProblemType.INVALID_PAYLOAD);
        assertThat(verify(challenge(), payload(five.subList(0, 4)))).isInstanceOf(Payable.class);
        Map<String, Object> cut = new HashMap<>(payload(one));
        cut.put("tokens", String.valueOf(cut.get("tokens")).substring(4));
        assertThat(refused(verify(challenge(), cut))).isEqualTo(ProblemType.INVALID_PAYLOAD);
    }

    @Test
    @Requirement({"F-TK-56", "T29"})
    void verify_sumBelowThePriceOrAboveAnyAmount_mismatch() {
        Refused less = (Refused) verify(challenge(), payload(issuer.tokens(SHOP, 1000, 500)));
        assertThat(less.why()).isEqualTo(ProblemType.AMOUNT_MISMATCH);
        assertThat(less.members()).containsEntry("presented", "1500");

        long most = Amount.MAX.baseUnits() / 2_000 * 2_000;
        issuer.publish(
                List.of(TestIssuer.published(0, 1, issuer.start()), TestIssuer.published(1, most, issuer.start())));
        method = new BlindTokenMethod(accepted.withMaxTokens(16), clock);
        List<BlindToken> huge = issuer.tokens(SHOP, 1000, 1000);
        Offer one = price(2).routeId("docs").build();
        assertThat(method.covers(one)).isTrue();
        Refused refused = (Refused) verifyAt(one, payload(huge));
        assertThat(refused.why()).isEqualTo(ProblemType.AMOUNT_MISMATCH);
        assertThat(refused.members()).doesNotContainKey("presented");
    }

    @Test
    @Requirement({"F-TK-57", "T69"})
    void verify_afterSpendUntil_expiredWithTheWayOut() {
        issuer.publish(List.of(
                TestIssuer.published(0, 500, issuer.start()),
                TestIssuer.published(1, 1000, issuer.start().plus(Duration.ofDays(40)))));
        List<BlindToken> tokens = issuer.tokens(SHOP, 1000, 500, 500);
        clock.advance(Duration.ofDays(60).plusMillis(999));
        assertThat(verify(challenge(), payload(tokens))).isInstanceOf(Payable.class);

        clock.advance(Duration.ofMillis(1));
        Challenge challenge = challengeOf(price(4000).routeId("docs").build());
        Refused refused = (Refused) verify(challenge, payload(tokens));
        assertThat(refused.why()).isEqualTo(ProblemType.TOKEN_EXPIRED);
        assertThat(refused.members()).isEqualTo(Map.of("expired", "1 2"));
        assertThat(Objects.requireNonNull(refused.wayOut()).href()).isEqualTo("https://issuer.example/token-swap");

        clock.advance(Duration.ofDays(30));
        assertThat(((Refused) verify(challenge, payload(tokens))).wayOut()).isNull();
    }

    @Test
    @Requirement({"F-TK-57", "T69"})
    void verify_expiredTokenOfARemoteIssuer_isExchangedByWhoeverHasAuthority() {
        TestIssuer remote = TestIssuer.remote(clock, 7_000);
        remote.publish(List.of(
                TestIssuer.published(0, 500, remote.start()),
                TestIssuer.published(1, 1000, remote.start().plus(Duration.ofDays(40)))));
        method = new BlindTokenMethod(AcceptedTokens.of(remote), clock);
        List<BlindToken> tokens = remote.tokens(SHOP, 500);
        clock.advance(Duration.ofDays(67));
        Challenge challenge = challengeOf(price(4000).routeId("docs").build());
        assertThat(Objects.requireNonNull(((Refused) verify(challenge, payload(tokens))).wayOut())
                        .href())
                .isEqualTo(PAYEE + "/token-swap");

        clock.advance(Duration.ofSeconds(1));
        assertThat(Objects.requireNonNull(((Refused) verify(challenge, payload(tokens))).wayOut())
                        .href())
                .isEqualTo("https://issuer.example/token-swap");
    }

    @Test
    @Requirement("F-TK-55")
    void verify_keyThatIsNotInTheDirectoryOrNotYetInItsTime_refused() {
        Challenge challenge = challenge();
        List<BlindToken> tokens = issuer.tokens(SHOP, 2000);
        issuer.publish(List.of(TestIssuer.published(0, 500, issuer.start())));
        assertThat(refused(verify(challenge, payload(tokens)))).isEqualTo(ProblemType.VERIFICATION_FAILED);

        issuer.publish(List.of(TestIssuer.published(2, 2000, issuer.start().plusSeconds(60))));
        assertThat(refused(verify(challenge, payload(tokens)))).isEqualTo(ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement("F-TK-50")
    void verify_withoutADirectory_cannotTell() {
        Challenge challenge = challenge();
        Map<String, Object> good = pay(challenge);
        issuer.vanish();
        assertThat(refused(verify(challenge, good))).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
    }

    @Test
    @Requirement({"F-TK-55", "T40"})
    void verify_whatIsWrongForCheapReasons_costsNoSignatureCheck() {
        // A forged token that is wrong in a cheap way, too: the cheap answer shows that its signature was not looked
        // at.
        byte[] bytes = issuer.tokens(SHOP, 1000).get(0).bytes();
        bytes[353] ^= 1;
        assertThat(refused(verify(challenge(), payload(List.of(parsed(bytes))))))
                .isEqualTo(ProblemType.AMOUNT_MISMATCH);
    }

    @Test
    @Requirement({"F-TK-62", "T38"})
    void serials_nameTheTokensAndNothingOfThem() throws Exception {
        List<BlindToken> tokens = issuer.tokens(SHOP, 1000, 500, 500);
        Challenge challenge = challenge();
        var presentation = presentation(challenge, payload(tokens));

        assertThat(method.serials(presentation))
                .containsExactlyElementsOf(
                        tokens.stream().map(token -> token.serial().text()).toList());
        assertThat(method.serials(presentation(challenge, Map.of("type", "tokens"))))
                .isEmpty();
        assertThat(verify(challenge, payload(tokens)).toString())
                .doesNotContain(String.valueOf(payload(tokens).get("tokens")).substring(0, 60));
    }

    private static Offer.Builder price(long units) {
        return Offer.of(Amount.of(units), TestIssuer.CURRENCY);
    }

    private Authorization verifyAt(Offer offer, Map<String, Object> payload) {
        return verify(challengeOf(offer), payload);
    }

    private static ProblemType refused(Authorization authorization) {
        assertThat(authorization).isInstanceOf(Refused.class);
        return ((Refused) authorization).why();
    }
}
