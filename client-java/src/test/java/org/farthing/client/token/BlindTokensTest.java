package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestMint;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Buying, paying, swapping and restoring against a scripted mint that counts. */
@Timeout(60)
class BlindTokensTest {

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

    private List<Credential> credentials() {
        return fixture.server.received().stream()
                .filter(request -> !request.target().startsWith("/token-"))
                .flatMap(request -> request.credential().stream())
                .toList();
    }

    @Test
    @Requirement({"F-TK-121", "F-TK-122", "F-TK-123"})
    void buy_aBundle_oneOrderAndVerifiedTokens() throws Exception {
        List<HeldToken> bought = fixture.buy();
        assertThat(bought).hasSize(6).allMatch(token -> token.state() == State.READY);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.paid()).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).isEqualTo(6300);
        assertThat(fixture.wallet.journal().spent("usd", true).value()).isEqualByComparingTo("0.0063");
        assertThat(bought.get(0).toString() + fixture.tokens + fixture.tokens.method())
                .doesNotContain(
                        Files.readString(temp.resolve("purse/purse.json")).substring(9, 40));
    }

    @Test
    @Requirement({"F-TK-130", "F-TK-133", "F-TK-136", "C12"})
    void get_withTokens_paysExactlyAndSaysNothingOfThePayer() throws Exception {
        fixture.buy();
        PaidResponse<String> answer = fixture.get("/page");
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        assertThat(((Served) answer.outcome()).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(fixture.mint.spent()).hasSize(3);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300 - TestMint.PRICE);
        assertThat(fixture.mint.paid()).as("no wallet was debited for the page").isEqualTo(6300);
        String wallet = fixture.purse.walletId(fixture.server.origin());
        String key = fixture.purse.publicKey(fixture.server.origin()).thumbprint();
        for (Received request : fixture.server.received()) {
            if (request.target().equals("/token-purchase")) {
                continue;
            }
            assertThat(request.lines("Cookie")).isEmpty();
            assertThat(String.join("", request.lines("Authorization")) + request.text())
                    .doesNotContain(wallet)
                    .doesNotContain(key);
        }
        assertThat(fixture.server.received().stream()
                        .filter(request -> request.target().equals("/page"))
                        .flatMap(request -> request.lines("Accept-Payment").stream()))
                .hasSize(2)
                .allMatch(line -> line.startsWith("token/charge"));
    }

    @Test
    @Requirement({"F-TK-132"})
    void get_withTokens_leavesThePurchasesBudgetAloneAndHasLimitsOfItsOwn() throws Exception {
        fixture.buy();
        fixture.get("/one");
        assertThat(fixture.wallet.journal().spent("usd", true).value()).isEqualByComparingTo("0.0063");
        JournalEntry spent = fixture.client.journal().entries().stream()
                .filter(entry -> entry.proposal().prepaid())
                .findFirst()
                .orElseThrow();
        assertThat(spent.counted()).isTrue();
        fixture.mint.price = 12_800;
        PaidResponse<String> tooDear = fixture.get("/two");
        assertThat(((Declined) tooDear.outcome()).why()).isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
    }

    @Test
    @Requirement({"F-TK-130", "F-TK-131"})
    void get_withoutTokens_isDeclinedAndTheIssuerIsNotAsked() throws Exception {
        PaidResponse<String> answer = fixture.get("/page");
        assertThat(((Declined) answer.outcome()).why()).isEqualTo(DeclineReason.NO_TOKENS);
        assertThat(fixture.server.keyRequests())
                .noneMatch(request -> request.target().contains("issuer-directory"));
        assertThat(credentials()).isEmpty();
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-135", "T58"})
    void get_payeeHasOtherKeysOfTheIssuer_isNotPaid() throws Exception {
        fixture.buy();
        String other = "A".repeat(43);
        fixture.mint.details = said ->
                new TokenOffer(said.issuer(), said.challenge(), said.denominations(), said.maxTokens(), false, other);
        fixture.clock.advance(Duration.ofMinutes(2));
        PaidResponse<String> answer = fixture.get("/page");
        Declined declined = (Declined) answer.outcome();
        assertThat(declined.why()).isEqualTo(DeclineReason.NO_TOKENS);
        assertThat(declined.words()).contains("others for us than for the payee");
        assertThat(credentials()).isEmpty();
        assertThat(fixture.server.keyRequests().stream()
                        .filter(request -> request.target().contains("issuer-directory")))
                .as("once to buy, once to look again")
                .hasSize(2);
        fixture.get("/page");
        assertThat(fixture.server.keyRequests().stream()
                        .filter(request -> request.target().contains("issuer-directory")))
                .as("not again at once")
                .hasSize(2);
        fixture.reopen(builder -> builder);
        assertThatThrownBy(() -> fixture.buy())
                .as("nor is anything bought, by whatever process")
                .hasMessageContaining("neither bought nor spent");
        assertThat(fixture.mint.paid()).isEqualTo(6300);
        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.mint.details = said -> said;
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.buy()).hasSize(6);
    }

    @Test
    @Requirement({"F-TK-130", "T57"})
    void get_tokensForAnotherPayee_areNotShown() throws Exception {
        fixture.buy();
        fixture.mint.details = said -> new TokenOffer(
                said.issuer(),
                new TokenChallenge(said.challenge().issuerName(), new byte[0], "other.example"),
                said.denominations(),
                said.maxTokens(),
                false,
                said.keys());
        assertThat(((Declined) fixture.get("/page").outcome()).why()).isEqualTo(DeclineReason.METHOD_UNSUPPORTED);
        assertThat(credentials()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-130", "T57"})
    void get_payeeThatTakesTokensOfAnyPayee_getsThoseAndNoOthers() throws Exception {
        fixture.buy();
        fixture.mint.takesAnyPayees = true;
        assertThat(((Declined) fixture.get("/page").outcome()).why()).isEqualTo(DeclineReason.NO_TOKENS);
        TokenScope any = new TokenScope(fixture.server.origin(), null);
        assertThat(fixture.tokens.buy(any, TokenFixture.BUNDLE).join()).isInstanceOf(Purchase.Bought.class);
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.tokens.list().stream().filter(token -> token.scope().equals(any)))
                .hasSize(3);
        assertThat(fixture.worth()).isEqualTo(12_600 - TestMint.PRICE);
    }

    @Test
    @Requirement({"F-TK-128"})
    void get_onlyLargerTokens_changesThemFirstInAWayThatShowsNoPrice() throws Exception {
        fixture.mint.publish(List.of(fixture.mint.directory().keys().toArray(PublishedKey[]::new)), 6400);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(6400)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.mint.price = 300;
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.mint.issuedValue()).as("6400 bought, 3200 changed").isEqualTo(9600);
        assertThat(fixture.worth()).isEqualTo(6100);
        assertThat(fixture.mint.paid()).isEqualTo(6400);
    }

    @Test
    @Requirement({"F-TK-125", "F-TK-127", "T70"})
    void get_released_tokensAreExposedNeverShownAgainAndSwappedLater() throws Exception {
        fixture.buy();
        fixture.mint.instead = request -> request.target().equals("/page")
                ? request.credential()
                        .map(paid -> Reply.problem(
                                        fixture.payee.released(paid, "yes").withStatus(503))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)))
                : Optional.empty();
        assertThat(fixture.get("/page").outcome()).isInstanceOf(NotCharged.class);
        assertThat(fixture.worth(State.EXPOSED)).isEqualTo(TestMint.PRICE);
        fixture.mint.instead = request -> Optional.empty();
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh())
                .as("the payee still keeps the serials for the payment")
                .isEmpty();
        fixture.mint.price = 3900;
        assertThat(((Declined) fixture.get("/again").outcome()).why())
                .as("3800 is ready, and 2500 was seen by others")
                .isEqualTo(DeclineReason.NO_TOKENS);
        fixture.mint.price = TestMint.PRICE;
        fixture.clock.advance(Duration.ofMinutes(20));
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(6);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.worth(State.EXPOSED)).isZero();
        assertThat(fixture.get("/again").outcome()).isInstanceOf(Served.class);
        Set<Credential> shown = new HashSet<>(credentials());
        assertThat(shown).hasSize(2);
        assertThat(fixture.mint.servedCount()).isEqualTo(1);
        assertThat(fixture.worth()).isEqualTo(6300 - TestMint.PRICE);
    }

    @Test
    @Requirement({"F-TK-124"})
    void get_unknown_tokensStayReservedUntilTheSamePaymentIsResumed() throws Exception {
        fixture.buy();
        fixture.mint.instead = request ->
                request.target().equals("/page") && request.credential().isPresent()
                        ? Optional.of(Reply.drop())
                        : Optional.empty();
        PaymentOutcome unknown = fixture.get("/page").outcome();
        assertThat(unknown).isInstanceOf(PaymentOutcome.Unknown.class);
        assertThat(fixture.worth(State.RESERVED)).isEqualTo(TestMint.PRICE);
        fixture.mint.instead = request -> Optional.empty();
        JournalEntry open = ((PaymentOutcome.Unknown) unknown).payment();
        assertThat(fixture.client
                        .resume(open, java.net.http.HttpResponse.BodyHandlers.ofString())
                        .outcome())
                .isInstanceOf(Served.class);
        assertThat(fixture.worth(State.RESERVED)).isZero();
        assertThat(fixture.worth()).isEqualTo(6300 - TestMint.PRICE);
        assertThat(credentials()).containsOnly(credentials().get(0));
    }

    @Test
    @Requirement({"F-TK-127"})
    void swap_tokensThatEndSoon_getsThoseOfTheNextEpoch() throws Exception {
        List<PublishedKey> old = new ArrayList<>();
        List<PublishedKey> both = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            old.add(fixture.mint.key(i, 100L << i, fixture.clock.instant()));
            both.add(fixture.mint.key(i + 3, 100L << i, fixture.clock.instant().plus(Duration.ofDays(50))));
        }
        both.addAll(old);
        fixture.mint.publish(old, 700);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(700)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.mint.publish(both, 700);
        fixture.clock.advance(Duration.ofDays(55));
        BlindTokens.Swapped swapped = fixture.tokens.swap(fixture.scope).join();
        assertThat(swapped.fresh()).hasSize(3);
        assertThat(swapped.spent()).isEmpty();
        assertThat(fixture.tokens.list())
                .hasSize(3)
                .allMatch(token ->
                        token.spendUntil().isAfter(fixture.clock.instant().plus(Duration.ofDays(50))));
        assertThat(fixture.worth()).isEqualTo(700);
    }

    @Test
    @Requirement({"F-TK-129", "F-TK-120"})
    void restore_aLostDisk_getsBackWhatWasNotSpentAndNothingElse() throws Exception {
        fixture.buy();
        fixture.get("/page");
        Files.delete(temp.resolve("purse/tokens.jsonl"));
        fixture.reopen(builder -> builder);
        assertThat(fixture.tokens.list()).isEmpty();
        fixture.clock.advance(Duration.ofMinutes(2));
        List<HeldToken> restored = fixture.tokens.restore(fixture.scope).join();
        assertThat(restored).hasSize(6).allMatch(token -> token.state() == State.EXPOSED);
        assertThat(((Declined) fixture.get("/page").outcome()).why())
                .as("nobody knows yet which were spent")
                .isEqualTo(DeclineReason.NO_TOKENS);
        BlindTokens.Swapped swapped = fixture.tokens.swap(fixture.scope).join();
        assertThat(swapped.spent()).hasSize(3);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300 - TestMint.PRICE);
        fixture.clock.advance(Duration.ofDays(2));
        fixture.tokens.swap(fixture.scope).join();
        assertThat(fixture.worth()).isEqualTo(6300 - TestMint.PRICE);
        assertThat(fixture.tokens.restore(fixture.scope).join())
                .as("what is known, or gone, does not come again")
                .isEmpty();
        assertThat(fixture.mint.paid()).isEqualTo(6300);
        fixture.buy();
        assertThat(fixture.mint.issuedValue() - 6300 - (6300 - TestMint.PRICE))
                .as("no counter was used twice")
                .isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-132"})
    void buy_overTheBudget_buysNothingAndLeavesNothingOpen() throws Exception {
        fixture.buy();
        fixture.buy();
        fixture.buy();
        Purchase fourth = fixture.tokens.buy(fixture.scope, TokenFixture.BUNDLE).join();
        assertThat(((Declined) ((Purchase.NotBought) fourth).payment()).why())
                .isEqualTo(DeclineReason.PER_PERIOD_LIMIT);
        assertThat(fixture.tokens.open()).isEmpty();
        assertThat(fixture.mint.paid()).isEqualTo(18_900);
        assertThat(fixture.worth()).isEqualTo(18_900);
    }

    @Test
    @Requirement({"F-TK-122"})
    void buy_whatTheIssuerDoesNotSell_saysWhatItSells() {
        assertThatThrownBy(
                        () -> fixture.tokens.buy(fixture.scope, Amount.of(77)).join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("sells 6300 at once, not 77");
    }
}
