package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MintHandlerTest {

    @TempDir
    static Path folder;

    private static MintStand stand;

    private long before;

    @BeforeAll
    static void open() {
        Plan plan = new Plan();
        plan.settings = mint -> mint.sharing(MintStand.PAYEE).bundle(Map.of(1L, 128, 2L, 128));
        stand = new MintStand(folder, plan);
    }

    @BeforeEach
    void count() {
        before = stand.available();
    }

    @AfterAll
    static void close() {
        stand.close();
    }

    private long spent() {
        return before - stand.available();
    }

    // ---- directory

    @Test
    @Requirement({"F-TK-77", "F-TK-78", "T58"})
    void directory_read_isTheSameBytesForEverybody() throws Exception {
        HttpTester.Response answer = stand.get(IssuerDirectory.WELL_KNOWN_PATH);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Content-Type")).isEqualTo("application/private-token-issuer-directory");
        assertThat(answer.get("Cache-Control")).isEqualTo("public, s-maxage=60, max-age=3600");
        IssuerDirectory directory = IssuerDirectory.parse(answer.getContentBytes());
        assertThat(directory.hash()).isEqualTo(stand.mint.directory().hash());
        assertThat(directory.keys()).hasSize(6);
        assertThat(directory.links().purchase()).isEqualTo("https://mint.example/token-purchase");
        HttpTester.Response again = stand.get(IssuerDirectory.WELL_KNOWN_PATH, "If-None-Match: " + answer.get("ETag"));
        assertThat(again.getStatus()).isEqualTo(304);
        assertThat(stand.send("HEAD", IssuerDirectory.WELL_KNOWN_PATH, new byte[0])
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement("F-TK-70")
    void otherPaths_goToTheHandlerBehind() {
        assertThat(stand.get("/x").getContent()).isEqualTo("the shop");
    }

    @Test
    @Requirement("F-TK-70")
    void otherMethodOrAuthority_isRefused() {
        HttpTester.Response answer = stand.get("/token-swap");
        MintStand.problem(answer, 405, ProblemType.METHOD_NOT_ALLOWED);
        assertThat(answer.get("Allow")).isEqualTo("POST");
        MintStand.problem(stand.at("other.example", "POST", "/token-swap"), 421, ProblemType.MISDIRECTED_REQUEST);
    }

    // ---- purchase

    @Test
    @Requirement({"F-TK-79", "F-TK-82", "F-TK-83"})
    void purchase_paid_givesTokensThatVerifyAndBacksThem() {
        List<PendingToken> pending = stand.bundle();
        String body = MintStand.body(pending);
        HttpTester.Response demand = stand.post("/token-purchase", body);
        assertThat(demand.getStatus()).as(demand.getContent()).isEqualTo(402);
        Challenge challenge = Payer.challengeOf(demand);
        assertThat(challenge.digest()).isNotNull();
        HttpTester.Response answer = stand.post("/token-purchase", body, "Authorization: " + stand.alice.pay(demand));
        List<BlindToken> tokens = MintStand.tokens(pending, answer);
        assertThat(tokens).hasSize(6);
        assertThat(answer.get("Payment-Receipt")).isNotNull();
        assertThat(answer.get("Cache-Control")).contains("no-store");
        assertThat(spent()).isEqualTo(32);
        assertThat(stand.balanced()).isTrue();
    }

    @Test
    @Requirement("F-TK-84")
    void purchase_sentAgain_getsTheSameBytes() {
        List<PendingToken> pending = stand.bundle();
        String body = MintStand.body(pending);
        String paid = "Authorization: " + stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        HttpTester.Response first = stand.post("/token-purchase", body, paid);
        HttpTester.Response again = stand.post("/token-purchase", body, paid);
        assertThat(again.getStatus()).isEqualTo(200);
        assertThat(again.getContent()).isEqualTo(first.getContent());
        assertThat(spent()).isEqualTo(32);
    }

    @Test
    @Requirement("F-TK-81")
    void purchase_ofMessagesSignedBefore_isRefusedBeforeAPriceIsAskedFor() {
        List<PendingToken> pending = stand.bundle();
        stand.buy(pending);
        Problem problem = MintStand.problem(
                stand.post("/token-purchase", MintStand.body(pending)), 409, ProblemType.ALREADY_FULFILLED);
        assertThat(problem.extensions()).containsEntry("issued", "0 1 2 3 4 5");
        assertThat(problem.resolutions().get(0).href()).isEqualTo("https://mint.example/token-restore");
    }

    @Test
    @Requirement("F-TK-81")
    void purchase_paidTwiceForTheSameMessages_chargesOnce() {
        List<PendingToken> pending = stand.bundle();
        String body = MintStand.body(pending);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String one = stand.credential("/token-purchase", bytes);
        String other = stand.credential("/token-purchase", bytes);
        assertThat(stand.post("/token-purchase", body, "Authorization: " + one).getStatus())
                .isEqualTo(200);
        HttpTester.Response second = stand.post("/token-purchase", body, "Authorization: " + other);
        MintStand.problem(second, 409, ProblemType.ALREADY_FULFILLED);
        assertThat(second.get("Payment-Outcome")).startsWith("released");
        assertThat(spent()).isEqualTo(32);
        assertThat(stand.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-72", "F-TK-84"})
    void purchase_ofTheLargestBundle_fitsAndIsAnsweredAgain() {
        long[] values = new long[256];
        Arrays.fill(values, 0, 128, 1);
        Arrays.fill(values, 128, 256, 2);
        List<PendingToken> pending = stand.pending(values);
        String body = MintStand.body(pending);
        String paid = "Authorization: " + stand.credential("/token-purchase", body.getBytes(StandardCharsets.UTF_8));
        HttpTester.Response answer = stand.post("/token-purchase", body, paid);
        List<BlindToken> tokens = MintStand.tokens(pending, answer);
        assertThat(stand.post("/token-purchase", body, paid).getContent()).isEqualTo(answer.getContent());
        assertThat(spent()).isEqualTo(384);
        assertThat(stand.swap(tokens, stand.pending(32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32))
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement("F-TK-82")
    void purchase_withAnotherBodyThanWasPriced_isNotPaid() {
        String cheap = MintStand.body(stand.pending(32));
        String credential = stand.credential("/token-purchase", cheap.getBytes(StandardCharsets.UTF_8));
        HttpTester.Response answer =
                stand.post("/token-purchase", MintStand.body(stand.bundle()), "Authorization: " + credential);
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(spent()).isZero();
    }

    @Test
    @Requirement("F-TK-82")
    void purchase_thatStatesItsOwnSum_isPricedByItsMessages() throws Exception {
        HttpTester.Response demand =
                stand.post("/token-purchase", MintStand.body(stand.bundle()), QuotedPurchase.TOTAL + ": 1");
        assertThat(Payer.challengeOf(demand).paymentRequest().amount().baseUnits())
                .isEqualTo(32);
    }

    @Test
    @Requirement({"F-TK-79", "T59"})
    void purchase_thatIsNoBundle_isRefused() {
        MintStand.problem(
                stand.post("/token-purchase", MintStand.body(stand.pending(1, 2, 4))), 400, ProblemType.BAD_REQUEST);
    }

    @Test
    @Requirement({"F-TK-70", "F-TK-72"})
    void purchase_malformed_isRefused() {
        for (String body : List.of("", "[]", "{}", "{\"requests\":\"AAAA\"}", "{\"requests\":7}")) {
            MintStand.problem(stand.post("/token-purchase", body), 400, ProblemType.BAD_REQUEST);
        }
        List<PendingToken> one = stand.pending(32);
        MintStand.problem(
                stand.post("/token-purchase", MintStand.body(List.of(one.get(0), one.get(0)))),
                400,
                ProblemType.BAD_REQUEST);
        MintStand.problem(stand.post("/token-purchase", " ".repeat(300_000)), 413, ProblemType.BODY_TOO_LARGE);
    }

    // ---- one token, by RFC 9578

    @Test
    @Requirement({"F-TK-79", "F-TK-74"})
    void tokenRequest_paid_getsOneSignature() throws Exception {
        PendingToken pending = stand.pending(4).get(0);
        byte[] request = pending.request().bytes();
        String credential = stand.credential("/token-request", request);
        HttpTester.Response answer = stand.send(
                "POST",
                "/token-request",
                request,
                "Content-Type: application/private-token-request",
                "Authorization: " + credential);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Content-Type")).isEqualTo("application/private-token-response");
        BlindToken token = pending.finish(TokenResponse.parse(answer.getContentBytes()));
        assertThat(pending.key().verify(token)).isTrue();
        assertThat(spent()).isEqualTo(4);
    }

    @Test
    @Requirement("F-TK-74")
    void tokenRequest_thatCannotBeIssued_is422() {
        byte[] request = stand.pending(4).get(0).request().bytes();
        byte[] otherType = request.clone();
        otherType[1] = 1;
        byte[] tooLarge = request.clone();
        Arrays.fill(tooLarge, 3, tooLarge.length, (byte) 0xff);
        byte[] otherKey = request.clone();
        otherKey[2] = (byte) stand.mint.directory().keys().stream()
                .mapToInt(key -> key.key().truncatedId())
                .reduce(1, (free, taken) -> free == taken ? free + 1 : free);
        for (byte[] bad : List.of(otherType, tooLarge, new byte[3], otherKey)) {
            MintStand.problem(stand.send("POST", "/token-request", bad), 422, ProblemType.BAD_REQUEST);
        }
    }

    // ---- swap and restore

    @Test
    @Requirement({"F-TK-86", "F-TK-88"})
    void swap_ofEqualValue_givesNewTokensAndTheSameOnesAgain() {
        List<BlindToken> tokens = stand.buy(stand.bundle());
        List<PendingToken> wanted = stand.pending(16, 16);
        HttpTester.Response answer = stand.swap(tokens, wanted);
        assertThat(MintStand.tokens(wanted, answer)).hasSize(2);
        assertThat(stand.swap(tokens, wanted).getContent()).isEqualTo(answer.getContent());
        assertThat(spent()).isEqualTo(32);
        assertThat(stand.balanced()).isTrue();
    }

    @Test
    @Requirement({"F-TK-86", "F-TK-71"})
    void swap_ofSpentTokens_namesAllOfThem() {
        List<BlindToken> tokens = stand.buy(stand.bundle());
        List<BlindToken> some = List.of(tokens.get(0), tokens.get(1));
        List<PendingToken> two = stand.pending(2);
        assertThat(stand.swap(some, two).getStatus()).isEqualTo(200);
        Problem problem = MintStand.problem(stand.swap(tokens, stand.pending(32)), 409, ProblemType.TOKEN_SPENT);
        assertThat(problem.extensions()).containsEntry("spent", "0 1");
        assertThat(stand.swap(tokens.subList(2, 6), stand.pending(16, 8, 4, 2)).getStatus())
                .isEqualTo(200);
    }

    @Test
    @Requirement("F-TK-86")
    void swap_refusedForItsForm_usesNothingUp() {
        List<BlindToken> tokens = stand.buy(stand.bundle());
        MintStand.problem(stand.swap(tokens, stand.pending(16)), 409, ProblemType.AMOUNT_MISMATCH);
        byte[] forged = tokens.get(0).bytes();
        forged[353] ^= 1;
        BlindToken bad = parse(forged);
        MintStand.problem(stand.swap(List.of(bad), stand.pending(1)), 400, ProblemType.BAD_REQUEST);
        List<PendingToken> bought = stand.pending(32);
        stand.buy(bought);
        MintStand.problem(stand.swap(tokens, bought), 409, ProblemType.ALREADY_FULFILLED);
        assertThat(stand.swap(tokens, stand.pending(32)).getStatus()).isEqualTo(200);
    }

    private static BlindToken parse(byte[] bytes) {
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement("F-TK-87")
    void restore_signsWhatWasSignedAndNothingElse() throws Exception {
        List<PendingToken> bought = stand.bundle();
        List<BlindToken> tokens = stand.buy(bought);
        List<PendingToken> asked =
                List.of(stand.pending(1).get(0), bought.get(5), stand.pending(8).get(0), bought.get(0));
        HttpTester.Response answer = stand.post("/token-restore", MintStand.body(asked));
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        RestoreAnswer restored = RestoreAnswer.parse(answer.getContentBytes(), 4);
        assertThat(restored.answers().get(0)).isEmpty();
        assertThat(restored.answers().get(2)).isEmpty();
        assertThat(bought.get(5).finish(restored.answers().get(1).orElseThrow()))
                .isEqualTo(tokens.get(5));
        assertThat(bought.get(0).finish(restored.answers().get(3).orElseThrow()))
                .isEqualTo(tokens.get(0));
        assertThat(spent()).isEqualTo(32);
    }
}
