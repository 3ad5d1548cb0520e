package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RecallBody.Opened;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenOpening;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tokens whose key was closed: who bought them gets others, who has the key gets nothing (T60). */
class MintRecallTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private MintStand stand;
    private final List<TokenOpening> openings = new ArrayList<>();
    private TokenKey stolen;
    private List<BlindToken> bought;

    /** Two tokens of 1 and one of 2 are bought, as a purse does it; then the key of 1 is closed. */
    @BeforeEach
    void open() {
        Plan plan = new Plan();
        plan.settings = mint -> mint.sharing(MintStand.PAYEE).bundle(Map.of(1L, 2, 2L, 1));
        stand = new MintStand(folder, plan);
        stolen = key(1).key();
        bought = stand.buy(opened(1, 1, 2));
        stand.mint.closeKey(stolen.keyId(), "its file was copied");
    }

    @AfterEach
    void close() {
        assertThat(stand.balanced()).isTrue();
        assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 4);
        stand.close();
    }

    private PublishedKey key(long value) {
        return stand.mint.directory().keyOfValue(value, stand.clock.instant()).orElseThrow();
    }

    private static TokenOpening opening() {
        byte[] secret = new byte[TokenOpening.LENGTH];
        RANDOM.nextBytes(secret);
        return new TokenOpening(secret);
    }

    private List<PendingToken> opened(long... values) {
        List<PendingToken> pending = new ArrayList<>();
        for (long value : values) {
            openings.add(opening());
            pending.add(PendingToken.begin(key(value).key(), MintStand.CHALLENGE, openings.get(openings.size() - 1)));
        }
        return pending;
    }

    private HttpTester.Response recall(TokenChallenge challenge, List<TokenOpening> given, List<PendingToken> wanted) {
        List<Opened> tokens = given.stream().map(one -> new Opened(0, one)).toList();
        List<TokenRequest> requests = TestMint.requests(wanted);
        return stand.post("/token-recall", new RecallBody(challenge, List.of(stolen), tokens, requests).format());
    }

    private HttpTester.Response recall(List<TokenOpening> given, List<PendingToken> wanted) {
        return recall(MintStand.CHALLENGE, given, wanted);
    }

    @Test
    @Requirement({"F-TK-171", "F-TK-172", "F-TK-173", "T60"})
    void recall_openedTokens_givesOthersAndTheSameOnesAgain() {
        Problem problem =
                MintStand.problem(stand.swap(bought.subList(0, 2), stand.pending(2)), 409, ProblemType.TOKEN_EXPIRED);
        assertThat(problem.resolutions().get(0).rel()).isEqualTo("recall");
        assertThat(problem.resolutions().get(0).href()).isEqualTo("https://mint.example/token-recall");

        List<PendingToken> wanted = stand.pending(2);
        HttpTester.Response answer = recall(openings.subList(0, 2), wanted);
        List<BlindToken> fresh = MintStand.tokens(wanted, answer);
        assertThat(recall(openings.subList(0, 2), wanted).getContent()).isEqualTo(answer.getContent());
        List<PendingToken> again = stand.pending(2);
        assertThat(MintStand.tokens(again, stand.swap(fresh, again))).hasSize(1);
        assertThat(MintStand.problem(recall(openings.subList(0, 2), stand.pending(2)), 409, ProblemType.TOKEN_SPENT)
                        .extensions())
                .containsEntry("spent", "0 1");
    }

    @Test
    @Requirement({"F-TK-173", "T60"})
    void recall_ofWhatWasForged_getsNothing() {
        MintStand.problem(recall(List.of(openings.get(0), opening()), stand.pending(2)), 409, ProblemType.BAD_REQUEST);
        // Nor does somebody get it who opens the right message for another payee.
        TokenChallenge other = TokenChallenge.forPayee(MintStand.ISSUER, MintStand.ISSUER);
        MintStand.problem(recall(other, openings.subList(0, 2), stand.pending(2)), 403, ProblemType.NOT_ALLOWED);
        assertThat(recall(openings.subList(0, 2), stand.pending(2)).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-TK-171", "F-TK-175"})
    void recall_ofAKeyThatIsNotClosed_isRefused() {
        stolen = key(2).key();
        MintStand.problem(recall(List.of(openings.get(2)), stand.pending(2)), 409, ProblemType.TOKEN_EXPIRED);
    }

    @Test
    @Requirement({"F-TK-171", "F-TK-72"})
    void recall_thatDoesNotAddUpOrCannotBeRead_usesNothingUp() {
        MintStand.problem(recall(openings.subList(0, 1), stand.pending(2)), 409, ProblemType.AMOUNT_MISMATCH);
        for (String body :
                List.of("", "{}", "{\"challenge\":\"AA\",\"keys\":\"AA\",\"requests\":\"AA\",\"tokens\":\"AA\"}")) {
            MintStand.problem(stand.post("/token-recall", body), 400, ProblemType.BAD_REQUEST);
        }
        assertThat(recall(openings.subList(0, 2), stand.pending(2)).getStatus()).isEqualTo(200);
    }
}
