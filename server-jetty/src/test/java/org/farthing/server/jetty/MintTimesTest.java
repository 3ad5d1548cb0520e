package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mint does when, and for whom: one authority for each token at any time. The payee has books of its own. */
class MintTimesTest {

    @TempDir
    Path folder;

    private MintStand stand;

    @BeforeEach
    void open() {
        Plan plan = new Plan();
        plan.keys = TestMint::twoEpochs;
        plan.settings = mint -> mint.sharing(MintStand.ISSUER);
        stand = new MintStand(folder, plan);
    }

    @AfterEach
    void close() {
        assertThat(stand.balanced()).isTrue();
        stand.close();
    }

    private List<BlindToken> buy(TokenChallenge challenge) {
        return stand.buy(TestMint.pending(stand.mint.directory(), challenge, stand.clock.instant(), 1, 2));
    }

    private HttpTester.Response swap(TokenChallenge challenge, List<BlindToken> tokens) {
        List<PendingToken> wanted = TestMint.pending(stand.mint.directory(), challenge, stand.clock.instant(), 2, 1);
        return stand.post("/token-swap", new SwapBody(challenge, tokens, TestMint.requests(wanted)).format());
    }

    @Test
    @Requirement("F-TK-80")
    void purchase_afterTheEndOfTheSale_isRefusedAndNothingIsCharged() {
        String body = MintStand.body(stand.pending(1, 2));
        String credential = stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        stand.clock.advance(Duration.ofDays(30).plusSeconds(1));
        MintStand.problem(stand.post("/token-purchase", body), 409, ProblemType.TOKEN_EXPIRED);
        assertThat(stand.post("/token-purchase", body, "Authorization: " + credential)
                        .getStatus())
                .isIn(402, 409);
        assertThat(stand.available()).isEqualTo(MintStand.FUNDS);
    }

    @Test
    @Requirement({"F-TK-88", "T69"})
    void swap_ofTokensOfAPayeeWithBooksOfItsOwn_isTheMintsAfterRedeemUntilAlone() {
        List<BlindToken> tokens = buy(MintStand.CHALLENGE);
        Problem problem = MintStand.problem(swap(MintStand.CHALLENGE, tokens), 403, ProblemType.NOT_ALLOWED);
        assertThat(problem.text("from")).contains("2027-01-28T10:00:01Z");
        assertThat(problem.resolutions().get(0).href()).isEqualTo("https://api.example.com/token-swap");
        // All of the second of redeem-until is the payee's, as in the ledger: it may be presenting these very tokens.
        stand.clock.advance(Duration.ofDays(67).plusMillis(999));
        MintStand.problem(swap(MintStand.CHALLENGE, tokens), 403, ProblemType.NOT_ALLOWED);
        stand.clock.advance(Duration.ofMillis(1));
        assertThat(swap(MintStand.CHALLENGE, tokens).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement("F-TK-86")
    void swap_afterSwapUntil_isTooLate() {
        List<BlindToken> tokens = buy(MintStand.CHALLENGE);
        List<BlindToken> others = buy(MintStand.CHALLENGE);
        stand.clock.advance(Duration.ofDays(90));
        assertThat(swap(MintStand.CHALLENGE, tokens).getStatus()).isEqualTo(200);
        stand.clock.advance(Duration.ofSeconds(1));
        MintStand.problem(swap(MintStand.CHALLENGE, others), 409, ProblemType.TOKEN_EXPIRED);
    }

    @Test
    @Requirement({"F-TK-89", "T57"})
    void swap_ofTokensThatAnyPayeeTakes_isRefusedUnlessConfigured() {
        TokenChallenge any = TokenChallenge.anyPayee(MintStand.ISSUER);
        MintStand.problem(swap(any, buy(any)), 403, ProblemType.NOT_ALLOWED);
    }

    @Test
    @Requirement({"F-TK-88", "T57", "T69"})
    void swap_ofTokensThatNameASecondPayee_isNotTakenForTheSharingOnes() {
        TokenChallenge two = new TokenChallenge(
                MintStand.ISSUER.realm(), new byte[0], MintStand.ISSUER.realm() + "," + MintStand.PAYEE.realm());
        MintStand.problem(swap(two, buy(two)), 403, ProblemType.NOT_ALLOWED);
    }

    @Test
    @Requirement("F-TK-86")
    void swap_ofTokensOfAnotherIssuerOrChallenge_isRefused() {
        List<BlindToken> tokens = buy(MintStand.CHALLENGE);
        TokenChallenge other = TokenChallenge.forPayee(MintStand.PAYEE, MintStand.PAYEE);
        MintStand.problem(swap(other, tokens), 400, ProblemType.BAD_REQUEST);
        TokenChallenge own = TokenChallenge.forPayee(MintStand.ISSUER, MintStand.ISSUER);
        MintStand.problem(swap(own, tokens), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement("F-TK-86")
    void swap_intoAKeyThatIsNotOnSale_isRefused() {
        TokenChallenge own = TokenChallenge.forPayee(MintStand.ISSUER, MintStand.ISSUER);
        List<BlindToken> tokens = buy(own);
        List<PendingToken> wanted = TestMint.pending(
                stand.mint.directory(), own, stand.clock.instant().plus(Duration.ofDays(62)), 1, 2);
        MintStand.problem(
                stand.post("/token-swap", new SwapBody(own, tokens, TestMint.requests(wanted)).format()),
                409,
                ProblemType.TOKEN_EXPIRED);
        assertThat(swap(own, tokens).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-87", "F-TK-98"})
    void restore_underAClosedKey_signsNothing() {
        List<PendingToken> pending = stand.pending(1, 2);
        stand.buy(pending);
        PublishedKey closed =
                stand.mint.directory().keyOfValue(1, stand.clock.instant()).orElseThrow();
        stand.mint.closeKey(closed.key().keyId(), "its file was copied");
        assertThat(stand.post("/token-restore", MintStand.body(pending)).getContent())
                .contains("\"issued\":\"01\"");
        MintStand.problem(stand.post("/token-purchase", MintStand.body(pending)), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-TK-84", "F-TK-170"})
    void purchase_sentAgainAfterItsKeyWasClosed_getsTheAnswerThatWasPaidFor() {
        List<PendingToken> pending = stand.pending(1, 2);
        String body = MintStand.body(pending);
        String paid = "Authorization: " + stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        HttpTester.Response first = stand.post("/token-purchase", body, paid);
        stand.mint.closeKey(pending.get(0).key().keyId(), "its file was copied");
        HttpTester.Response again = stand.post("/token-purchase", body, paid);
        assertThat(MintStand.tokens(pending, again)).isEqualTo(MintStand.tokens(pending, first));
        assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 3);
    }

    @Test
    @Requirement({"F-TK-74", "F-TK-170"})
    void purchase_ofAKeyThatWasClosedBeforeItWasPaid_isRefusedAndNothingIsCharged() {
        List<PendingToken> pending = stand.pending(1, 2);
        String body = MintStand.body(pending);
        String paid = "Authorization: " + stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        stand.mint.closeKey(pending.get(0).key().keyId(), "its file was copied");
        MintStand.problem(stand.post("/token-purchase", body, paid), 400, ProblemType.BAD_REQUEST);
        assertThat(stand.available()).isEqualTo(MintStand.FUNDS);
    }
}
