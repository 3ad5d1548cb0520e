package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens are changed through the payee that alone knows whether they are spent (spec/token-remote.md, F-TK-115 to F-TK-117). */
class SwapForwardingTest {

    @TempDir
    private Path folder = Path.of("");

    private RemoteStand stand;
    private List<BlindToken> tokens;

    /** Tokens of 1, 1, 2, 4, 8 and 16. */
    @BeforeEach
    void open() {
        stand = new RemoteStand(folder);
        tokens = stand.mint.buy(stand.mint.bundle());
    }

    @AfterEach
    void close() {
        try {
            assertThat(stand.paywall.balanced()).isTrue();
            assertThat(stand.mint.balanced()).isTrue();
        } finally {
            stand.close();
        }
    }

    private List<BlindToken> sixteen() {
        return List.of(tokens.get(5));
    }

    private List<BlindToken> five() {
        return List.of(tokens.get(0), tokens.get(3));
    }

    // ---- changed -------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-115", "F-TK-116", "F-TK-118"})
    void swap_claimsHere_passesTheVeryBytesOn_andTheChangeIsGood() {
        List<PendingToken> wanted = stand.mint.pending(8, 4, 4);
        String body = " " + RemoteStand.swapBody(sixteen(), wanted);
        HttpTester.Response answer = stand.swap(body);
        List<BlindToken> change = MintStand.tokens(wanted, answer);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(stand.swaps).singleElement().isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        assertThat(stand.pay("/docs/a", List.of(change.get(1), tokens.get(0))).getStatus())
                .isEqualTo(200);
        assertThat(stand.outstanding()).isEqualTo(32);
    }

    @Test
    @Requirement({"F-TK-116", "F-TK-84"})
    void sameBodyAgain_getsTheSameSignatures() {
        String body = RemoteStand.swapBody(sixteen(), stand.mint.pending(8, 8));
        String first = stand.swap(body).getContent();
        assertThat(stand.swap(body).getContent()).isEqualTo(first);
    }

    @Test
    @Requirement({"F-TK-115", "T57", "T69"})
    void swappedTokens_payNothingHere_andAreNotSwappedAgain() {
        assertThat(stand.swap(RemoteStand.swapBody(five(), stand.mint.pending(4, 1)))
                        .getStatus())
                .isEqualTo(200);
        assertThat(TokenTill.problem(stand.pay("/docs/a", five())).type()).isEqualTo(ProblemType.TOKEN_SPENT);
        String other = RemoteStand.swapBody(List.of(tokens.get(1), tokens.get(3)), stand.mint.pending(4, 1));
        Problem problem = MintStand.problem(stand.swap(other), 409, ProblemType.TOKEN_SPENT);
        assertThat(problem.text("spent")).contains("1");
        assertThat(stand.swaps).hasSize(1);
    }

    // ---- not known -----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-117", "T47", "T69"})
    void issuerAway_keepsTheClaim_untilTheSameBodyComesAgain() {
        String body = RemoteStand.swapBody(five(), stand.mint.pending(4, 1));
        stand.away = true;
        HttpTester.Response later = stand.swap(body);
        MintStand.problem(later, 503, ProblemType.LEDGER_UNAVAILABLE);
        assertThat(later.get("Retry-After")).isEqualTo("5");
        assertThat(TokenTill.problem(stand.pay("/docs/a", five())).type()).isEqualTo(ProblemType.TOKEN_SPENT);
        stand.away = false;
        assertThat(stand.swap(body).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-117", "T47"})
    void answerLost_isAskedForAgain_andMadeOnce() {
        List<PendingToken> wanted = stand.mint.pending(4, 1);
        String body = RemoteStand.swapBody(five(), wanted);
        stand.losingAnswers = true;
        MintStand.problem(stand.swap(body), 503, ProblemType.LEDGER_UNAVAILABLE);
        stand.losingAnswers = false;
        assertThat(MintStand.tokens(wanted, stand.swap(body))).hasSize(2);
        assertThat(stand.outstanding()).isEqualTo(32);
    }

    // ---- refused by the issuer -----------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-117", "F-TK-81"})
    void finalRefusal_isPassedOn_andTheTokensAreFreeAgain_howeverOftenItComes() {
        List<PendingToken> before = stand.mint.pending(4, 1);
        assertThat(stand.swap(RemoteStand.swapBody(List.of(tokens.get(1), tokens.get(2), tokens.get(2)), before))
                        .getStatus())
                .as("a token twice")
                .isEqualTo(400);
        assertThat(stand.swap(RemoteStand.swapBody(five(), before)).getStatus()).isEqualTo(200);
        List<BlindToken> eight = List.of(tokens.get(4));
        List<PendingToken> again = new ArrayList<>(before);
        again.addAll(stand.mint.pending(2, 1));
        String body = RemoteStand.swapBody(eight, again);
        for (int i = 0; i < 2; i++) {
            Problem problem = MintStand.problem(stand.swap(body), 409, ProblemType.ALREADY_FULFILLED);
            assertThat(problem.text("issued")).contains("0 1");
        }
        assertThat(stand.swap(RemoteStand.swapBody(eight, stand.mint.pending(4, 4)))
                        .getStatus())
                .isEqualTo(200);
    }

    /** The issuer knows a token as redeemed that these books do not know: a copy from before a crash, or another's copy. */
    @Test
    @Requirement({"F-TK-150", "F-TK-117", "T69"})
    void whatTheIssuerCallsSpent_isNeverTakenHere_andTheRestIs() {
        UsedToken first = new UsedToken(
                Base64Url.encode(five().get(0).keyId()), five().get(0).serial().text());
        MintStand.await(
                stand.mint.ledger().tokens().redeem(MintStand.ISSUER.text(), RemoteStand.PAYEE.text(), List.of(first)));
        String body = RemoteStand.swapBody(five(), stand.mint.pending(4, 1));
        for (int i = 0; i < 2; i++) {
            Problem problem = MintStand.problem(stand.swap(body), 409, ProblemType.TOKEN_SPENT);
            assertThat(problem.text("spent")).contains("0");
        }
        assertThat(stand.swaps).as("known here by now").hasSize(1);
        Problem spent = TokenTill.problem(stand.pay("/docs/a", five()));
        assertThat(spent.text("spent")).contains("0");
        assertThat(stand.pay("/docs/b", List.of(tokens.get(1), five().get(1))).getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-150", "T69"})
    void issuerThatSaysSpent_andNotWhich_leavesTheClaim() {
        String body = RemoteStand.swapBody(five(), stand.mint.pending(4, 1));
        for (String said : List.of("", "2", "0 0", "1, 0", "-1", "00")) {
            stand.saying = Problem.of(ProblemType.TOKEN_SPENT, "Some were used before.")
                    .withStatus(409)
                    .with("spent", said);
            MintStand.problem(stand.swap(body), 503, ProblemType.LEDGER_UNAVAILABLE);
        }
        stand.saying = null;
        assertThat(TokenTill.problem(stand.pay("/docs/a", five())).type()).isEqualTo(ProblemType.TOKEN_SPENT);
        assertThat(stand.swap(body).getStatus()).isEqualTo(200);
    }

    // ---- refused here --------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-115", "F-TK-71", "T29", "T41", "T57"})
    void whatIsNotTheirs_claimsNothing_andTheIssuerDoesNotSeeIt() throws Exception {
        List<PendingToken> wanted = stand.mint.pending(4, 1);
        MintStand.problem(
                stand.swap(RemoteStand.swapBody(five(), stand.mint.pending(4, 2))), 409, ProblemType.AMOUNT_MISMATCH);
        MintStand.problem(
                stand.swap(RemoteStand.swapBody(List.of(forged(five().get(0)), five().get(1)), wanted)),
                400,
                ProblemType.BAD_REQUEST);
        MintStand.problem(stand.swap(swapFor("https://other.example", wanted)), 403, ProblemType.NOT_ALLOWED);
        MintStand.problem(stand.swap("{}"), 400, ProblemType.BAD_REQUEST);
        MintStand.problem(stand.swap("x".repeat(SwapForwarding.LONGEST_BODY + 1)), 413, ProblemType.BODY_TOO_LARGE);
        assertThat(stand.swaps).isEmpty();
        assertThat(stand.pay("/docs/a", five()).getStatus()).isEqualTo(200);
    }

    private String swapFor(String payee, List<PendingToken> wanted) {
        TokenChallenge other = TokenChallenge.forPayee(MintStand.ISSUER, new Origin(payee));
        return new SwapBody(other, five(), TestMint.requests(wanted)).format();
    }

    private static BlindToken forged(BlindToken token) throws Exception {
        byte[] bytes = token.bytes();
        bytes[bytes.length - 1] ^= 1;
        return BlindToken.parse(bytes);
    }

    @Test
    @Requirement({"F-TK-115", "F-SV-2"})
    void route_takesPostForItsOwnHostAlone() {
        HttpTester.Response get = stand.paywall.get("/token-swap");
        assertThat(get.getStatus()).isEqualTo(405);
        assertThat(get.get("Allow")).isEqualTo("POST");
        HttpTester.Response other =
                stand.paywall.raw("POST /token-swap HTTP/1.1\nHost: other.example\nContent-Length: 2\n\n{}");
        assertThat(other.getStatus()).isEqualTo(421);
    }
}
