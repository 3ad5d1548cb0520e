package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole circle over one ledger: bought with a wallet, spent at a payee, given back as new tokens. */
@Requirement({"F-TK-92", "T54"})
class MintRefundTest {

    @TempDir
    Path folder;

    private MintStand stand;
    private PaymentHandler shop = new PaymentHandler();

    @BeforeEach
    void open() {
        Plan plan = new Plan();
        plan.routes = (opened, handler) -> {
            shop = opened.shop("/docs/*", 24);
            handler.handler(shop);
        };
        stand = new MintStand(folder, plan);
    }

    @AfterEach
    void close() {
        assertThat(stand.balanced()).isTrue();
        stand.close();
    }

    private HttpTester.Response get(String... headers) {
        return stand.at(MintStand.PAYEE.realm(), "GET", "/docs/a", headers);
    }

    /** Pays 24 by tokens of 16 and 8. */
    private Credential paid(List<BlindToken> tokens) throws MalformedException {
        Challenge challenge = TokenTill.challenge(get());
        Credential credential =
                Credential.of(challenge, null, TokenPayload.toPayload(List.of(tokens.get(4), tokens.get(5))));
        HttpTester.Response answer = get("Authorization: " + credential.format());
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        return credential;
    }

    private void giveBack(Credential credential, String amount, String key) throws MalformedException {
        RefundResult result =
                MintStand.await(shop.refunds().part(credential.challenge().id(), Money.parse(amount), key, "test"));
        assertThat(result).isInstanceOf(RefundResult.Refunded.class);
    }

    private HttpTester.Response claim(Credential credential, List<PendingToken> wanted) {
        return stand.post("/token-refund", new RefundBody(credential, TestMint.requests(wanted)).format());
    }

    @Test
    void refund_ofATokenCharge_becomesNewTokensOnceForWhoShowsTheCredential() throws Exception {
        Credential credential = paid(stand.buy(stand.bundle()));
        MintStand.problem(claim(credential, stand.pending(8, 16)), 404, ProblemType.NOT_FOUND);
        giveBack(credential, "0.0024usd", "a");

        MintStand.problem(claim(credential, stand.pending(8)), 409, ProblemType.AMOUNT_MISMATCH);
        List<PendingToken> wanted = stand.pending(16, 4, 4);
        HttpTester.Response answer = claim(credential, wanted);
        List<BlindToken> fresh = MintStand.tokens(wanted, answer);
        assertThat(claim(credential, wanted).getContent()).isEqualTo(answer.getContent());
        MintStand.problem(claim(credential, stand.pending(8, 16)), 404, ProblemType.NOT_FOUND);
        assertThat(stand.swap(fresh, stand.pending(8, 16)).getStatus()).isEqualTo(200);
    }

    @Test
    void refund_withAnotherCredentialForTheChallenge_isNothing() throws Exception {
        List<BlindToken> tokens = stand.buy(stand.bundle());
        Credential credential = paid(tokens);
        giveBack(credential, "0.0024usd", "a");
        Credential other = Credential.of(
                credential.challenge(), null, TokenPayload.toPayload(List.of(tokens.get(5), tokens.get(4))));
        MintStand.problem(claim(other, stand.pending(8, 16)), 404, ProblemType.NOT_FOUND);
    }

    @Test
    @Requirement("F-TK-85")
    void refund_ofAPurchase_isRefused() {
        List<PendingToken> pending = stand.bundle();
        String body = MintStand.body(pending);
        HttpTester.Response demand = stand.post("/token-purchase", body);
        Challenge challenge = Payer.challengeOf(demand);
        stand.post("/token-purchase", body, "Authorization: " + stand.alice.pay(demand));
        RefundResult result = MintStand.await(stand.purchases().refunds().part(challenge.id(), money(32), "a", "test"));
        assertThat(result).isNotInstanceOf(RefundResult.Refunded.class);
        assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 32);
    }

    private static Money money(long baseUnits) {
        return Money.of(Amount.of(baseUnits), TestMint.CURRENCY);
    }
}
