package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.mint.TestMint;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.server.trust.PatientDocuments;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A payee with books of its own presents what it took, and changes tokens for its customers. */
@Requirement({"F-TK-90", "F-TK-91"})
class MintRedemptionTest {

    @TempDir
    Path folder;

    private MintStand stand;
    private Shop shop;
    private KeyDocuments documents;
    private TokenChallenge challenge;

    @BeforeEach
    void open() throws Exception {
        Plan plan = new Plan();
        plan.keys = TestMint::twoEpochs;
        plan.settings = mint -> mint.sharing(MintStand.PAYEE);
        documents = PatientDocuments.open(plan.clock, true);
        plan.routes = (opened, handler) -> handler.payees(documents);
        stand = new MintStand(folder, plan);
        shop = new Shop(stand.clock);
        MintStand.await(stand.ledger().payees().put(shop.origin().text(), false, Payee.Status.ACTIVE, null));
        challenge = TokenChallenge.forPayee(MintStand.ISSUER, shop.origin());
    }

    @AfterEach
    void close() {
        assertThat(stand.balanced()).isTrue();
        stand.close();
        documents.close();
        shop.close();
    }

    private List<BlindToken> buy(TokenChallenge of) {
        return stand.buy(TestMint.pending(stand.mint.directory(), of, stand.clock.instant(), 1, 2));
    }

    /** As the payee asks. */
    private HttpTester.Response signed(String path, String body) {
        return signed(path, body, shop.key());
    }

    private HttpTester.Response signed(String path, String body, SigningKey key) {
        RequestTarget target = RequestTarget.of("POST", MintStand.ISSUER, path, null);
        String bearer = WalletRequest.sign(
                key,
                shop.origin().text(),
                MintStand.ISSUER,
                target,
                body.getBytes(StandardCharsets.UTF_8),
                stand.clock.instant(),
                shop.token().substring(0, 21) + "A");
        return stand.post(path, body, "Authorization: Bearer " + bearer);
    }

    private HttpTester.Response redeem(TokenChallenge of, List<BlindToken> tokens) {
        return signed("/token-redemptions", new RedemptionBody(of, tokens).format());
    }

    private static void answers(HttpTester.Response answer, String results, int amount) {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("{\"amount\":\"" + amount + "\",\"results\":\"" + results + "\"}");
    }

    @Test
    void redeem_tokensOfThePayee_creditsItOnce() {
        List<BlindToken> tokens = buy(challenge);
        answers(redeem(challenge, tokens), "accepted accepted", 3);
        answers(redeem(challenge, tokens), "repeated repeated", 3);
    }

    @Test
    void redeem_mixed_saysWhatBecameOfEach() {
        List<BlindToken> good = buy(challenge);
        List<BlindToken> others = buy(MintStand.CHALLENGE);
        byte[] forged = buy(challenge).get(0).bytes();
        forged[200] ^= 1;
        List<BlindToken> all = List.of(good.get(0), others.get(0), parse(forged), good.get(1));
        answers(redeem(challenge, all), "accepted invalid invalid accepted", 3);
    }

    private static BlindToken parse(byte[] bytes) {
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void redeem_afterRedeemUntil_isTooLateForNewOnesAlone() {
        List<BlindToken> early = buy(challenge);
        List<BlindToken> late = buy(challenge);
        answers(redeem(challenge, early), "accepted accepted", 3);
        stand.clock.advance(Duration.ofDays(67).plusSeconds(1));
        answers(redeem(challenge, early), "repeated repeated", 3);
        answers(redeem(challenge, late), "expired expired", 0);
    }

    @Test
    @Requirement({"F-TK-159", "F-TK-45", "T47", "T60"})
    void redeem_ofAKeyThatWasClosed_saysStillWhatWasCreditedBefore_andCreditsNothing() {
        List<BlindToken> credited = buy(challenge);
        List<BlindToken> late = buy(challenge);
        answers(redeem(challenge, credited), "accepted accepted", 3);
        for (BlindToken token : late) {
            stand.mint.closeKey(Base64Url.encode(token.keyId()), "stolen");
        }
        answers(
                redeem(challenge, List.of(late.get(0), credited.get(0), credited.get(1), late.get(1))),
                "invalid repeated repeated invalid",
                3);
    }

    @Test
    @Requirement({"F-TK-159", "F-TK-112"})
    void redeem_ofAKeyOfTheLedgerThatIsNotReadYet_isNeitherYesNorNo() {
        byte[] stranger = buy(challenge).get(0).bytes();
        stranger[97] ^= 1;
        BlindToken unread = parse(stranger);
        answers(redeem(challenge, List.of(unread)), "invalid", 0);
        PublishedKey terms = stand.mint.directory().keys().get(0);
        KeyResult opened = MintStand.await(stand.ledger()
                .tokens()
                .openKey(new TokenKeyTerms(
                        Base64Url.encode(unread.keyId()),
                        MintStand.ISSUER.text(),
                        true,
                        1,
                        TestMint.CURRENCY.text(),
                        terms.notBefore(),
                        terms.notAfter(),
                        terms.spendUntil(),
                        terms.redeemUntil(),
                        terms.swapUntil())));
        assertThat(opened).isInstanceOf(KeyResult.Open.class);
        HttpTester.Response answer = redeem(challenge, List.of(unread));
        MintStand.problem(answer, 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(answer.get("Retry-After")).isEqualTo("30");
    }

    @Test
    void redeem_byAnybodyElse_isRefused() {
        List<BlindToken> tokens = buy(challenge);
        String body = new RedemptionBody(challenge, tokens).format();
        MintStand.problem(stand.post("/token-redemptions", body), 401, ProblemType.UNAUTHENTICATED);
        MintStand.problem(signed("/token-redemptions", body, stand.alice.key()), 401, ProblemType.UNAUTHENTICATED);
        MintStand.problem(redeem(MintStand.CHALLENGE, buy(MintStand.CHALLENGE)), 403, ProblemType.NOT_ALLOWED);
        answers(redeem(challenge, tokens), "accepted accepted", 3);
    }

    @Test
    @Requirement({"F-TK-88", "T69"})
    void swap_byThePayee_isAllowedBeforeRedeemUntilAndThenItCannotRedeemThem() {
        List<BlindToken> tokens = buy(challenge);
        List<PendingToken> wanted = TestMint.pending(stand.mint.directory(), challenge, stand.clock.instant(), 2, 1);
        String body = new SwapBody(challenge, tokens, TestMint.requests(wanted)).format();
        MintStand.problem(stand.post("/token-swap", body), 403, ProblemType.NOT_ALLOWED);
        MintStand.problem(signed("/token-swap", body, stand.alice.key()), 401, ProblemType.UNAUTHENTICATED);
        List<BlindToken> fresh = MintStand.tokens(wanted, signed("/token-swap", body));
        assertThat(MintStand.tokens(wanted, signed("/token-swap", body))).isEqualTo(fresh);
        answers(redeem(challenge, tokens), "spent spent", 0);
        answers(redeem(challenge, fresh), "accepted accepted", 3);
    }

    @Test
    @Requirement({"F-TK-86", "T69"})
    void swap_ofRedeemedTokens_isRefusedForEver() {
        List<BlindToken> tokens = buy(challenge);
        answers(redeem(challenge, tokens), "accepted accepted", 3);
        stand.clock.advance(Duration.ofDays(68));
        List<PendingToken> wanted = TestMint.pending(stand.mint.directory(), challenge, stand.clock.instant(), 2, 1);
        String body = new SwapBody(challenge, tokens, TestMint.requests(wanted)).format();
        assertThat(MintStand.problem(stand.post("/token-swap", body), 409, ProblemType.TOKEN_SPENT)
                        .text("spent"))
                .contains("0 1");
    }
}
