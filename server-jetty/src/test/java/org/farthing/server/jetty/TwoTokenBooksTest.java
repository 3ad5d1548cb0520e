package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.server.mint.KeyLife;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A payee and an issuer with books of their own come to the same, and no token counts twice (spec/token-remote.md). */
class TwoTokenBooksTest {

    @TempDir
    private Path folder = Path.of("");

    private RemoteStand stand;
    private List<BlindToken> tokens;

    /** Tokens of 1, 1, 2, 4, 8 and 16, bought with a wallet of the mint. */
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

    private List<BlindToken> five() {
        return List.of(tokens.get(0), tokens.get(3));
    }

    private PublishedKey key() {
        return stand.mint
                .mint
                .directory()
                .key(TestTokenKeys.publicKey(0).keyId())
                .orElseThrow();
    }

    // ---- paid and redeemed ---------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-118", "F-TK-110", "F-TK-101"})
    void payment_isServedWithoutTheIssuer_redeemedLater_andBothBooksAgree() {
        stand.away = true;
        HttpTester.Response answer = stand.pay("/docs/a", five());
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        assertThat(stand.owed()).isEqualTo(5);
        assertThat(stand.credited()).isZero();
        stand.away = false;
        stand.redeemed();
        assertThat(stand.credited()).isEqualTo(5);
        assertThat(stand.outstanding()).isEqualTo(32 - 5);
        assertThat(stand.owed()).isEqualTo(5);
        assertThat(stand.paywall.events).extracting(PaymentEvent::kind).contains(Kind.COLLECTED);
    }

    @Test
    @Requirement({"F-TK-114", "F-TK-118", "T47"})
    void answersLost_areAskedAgain_andCreditedOnce() {
        stand.losingAnswers = true;
        stand.pay("/docs/a", five());
        stand.until(() -> stand.credited() == 5);
        UploadStatus open = stand.status();
        assertThat(open == null ? 0 : open.waiting()).isEqualTo(2);
        stand.losingAnswers = false;
        stand.redeemed();
        assertThat(stand.credited()).isEqualTo(stand.owed()).isEqualTo(5);
    }

    @Test
    @Requirement({"F-TK-118", "T70"})
    void releasedPayment_isNeverRedeemed_andItsTokensAreSwappedOnceTheyAreFree() {
        stand.paywall.app(Paywall.status(500));
        HttpTester.Response answer = stand.pay("/docs/a", five());
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        String swap = RemoteStand.swapBody(five(), stand.mint.pending(1, 4));
        Problem spent = MintStand.problem(stand.swap(swap), 409, ProblemType.TOKEN_SPENT);
        assertThat(spent.text("spent")).contains("0 1");
        stand.pass(Duration.ofMinutes(16));
        assertThat(stand.swap(swap).getStatus()).isEqualTo(200);
        assertThat(stand.owed()).isZero();
        assertThat(stand.credited()).isZero();
    }

    @Test
    @Requirement({"F-TK-109", "T61"})
    void trustUsedUp_neitherAcceptsNorRefuses_untilTheIssuerHasRedeemed() {
        stand.close();
        stand = new RemoteStand(
                made(folder.resolve("small")), TestMint::epoch, settings -> settings.withExposure("0.0008usd"));
        tokens = stand.mint.buy(stand.mint.bundle());
        stand.away = true;
        assertThat(stand.pay("/docs/a", five()).getStatus()).isEqualTo(200);
        List<BlindToken> more = stand.mint.buy(stand.mint.bundle());
        HttpTester.Response held = stand.pay("/docs/b", List.of(more.get(0), more.get(3)));
        assertThat(held.getStatus()).isEqualTo(503);
        assertThat(held.get("Payment-Outcome")).startsWith("pending;");
        assertThat(held.get("WWW-Authenticate")).isNull();
        stand.away = false;
        stand.redeemed();
        assertThat(stand.pay("/docs/c", List.of(more.get(0), more.get(3))).getStatus())
                .isEqualTo(200);
        stand.redeemed();
        assertThat(stand.credited()).isEqualTo(stand.owed()).isEqualTo(10);
    }

    // ---- one authority -------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T69", "F-TK-100", "F-TK-115", "F-TK-88"})
    void spentHere_isSwappedNowhere_neitherNowNorLater() {
        twoEpochs();
        stand.pay("/docs/a", five());
        List<PendingToken> wanted = stand.mint.pending(1, 4);
        Problem there = MintStand.problem(stand.mint.swap(five(), wanted), 403, ProblemType.NOT_ALLOWED);
        assertThat(there.text("from")).contains(Rfc3339.format(key().redeemUntil()));
        assertThat(there.resolutions())
                .extracting(Problem.Resolution::href)
                .containsExactly(RemoteStand.PAYEE + "/token-swap");
        Problem here =
                MintStand.problem(stand.swap(RemoteStand.swapBody(five(), wanted)), 409, ProblemType.TOKEN_SPENT);
        assertThat(here.text("spent")).contains("0 1");
        stand.redeemed();
        stand.sleep(Duration.between(stand.mint.clock.instant(), key().redeemUntil())
                .plusSeconds(1));
        List<PendingToken> later = stand.mint.pending(1, 1, 1, 1, 1);
        MintStand.problem(stand.mint.swap(five(), later), 409, ProblemType.TOKEN_SPENT);
        assertThat(stand.credited()).isEqualTo(stand.owed()).isEqualTo(5);
    }

    @Test
    @Requirement({"T69", "F-TK-100", "F-TK-115", "F-TK-57"})
    void unspent_isSwappedByWhoHasAuthority_throughThePayeeAndThenByTheIssuerAlone() {
        twoEpochs();
        stand.sleep(
                Duration.between(stand.mint.clock.instant(), key().spendUntil()).plusSeconds(1));
        assertThat(TokenTill.problem(stand.pay("/docs/a", five())).type()).isEqualTo(ProblemType.TOKEN_EXPIRED);
        List<PendingToken> wanted = stand.mint.pending(1, 1, 1, 1, 1);
        MintStand.problem(stand.mint.swap(five(), wanted), 403, ProblemType.NOT_ALLOWED);
        HttpTester.Response changed = stand.swap(RemoteStand.swapBody(five(), wanted));
        assertThat(MintStand.tokens(wanted, changed)).hasSize(5);

        stand.sleep(Duration.between(stand.mint.clock.instant(), key().redeemUntil())
                .plusSeconds(1));
        List<BlindToken> left = List.of(tokens.get(1), tokens.get(2));
        List<PendingToken> last = stand.mint.pending(1, 1, 1);
        Problem over = MintStand.problem(stand.swap(RemoteStand.swapBody(left, last)), 409, ProblemType.TOKEN_EXPIRED);
        assertThat(over.resolutions())
                .extracting(Problem.Resolution::href)
                .containsExactly(MintStand.ISSUER + "/token-swap");
        assertThat(MintStand.tokens(last, stand.mint.swap(left, last))).hasSize(3);
    }

    @Test
    @Requirement({"T69", "F-TK-112", "F-TK-113", "F-TK-118"})
    void payeeThatPresentsTooLate_losesIt_andNobodyIsPaidTwice() {
        twoEpochs();
        stand.away = true;
        stand.pay("/docs/a", five());
        stand.sleep(Duration.between(stand.mint.clock.instant(), key().redeemUntil())
                .plusSeconds(1));
        stand.away = false;
        List<PendingToken> taken = stand.mint.pending(1);
        assertThat(stand.mint.swap(List.of(tokens.get(0)), taken).getStatus()).isEqualTo(200);
        stand.until(() -> failed() == 2);
        assertThat(Paywall.await(stand.paywall.ledger().tokens().uploadItems(TokenUpload.State.FAILED, 0, 10)))
                .extracting(TokenUpload::result)
                .containsExactlyInAnyOrder("expired", "expired");
        assertThat(stand.paywall.events).extracting(PaymentEvent::kind).contains(Kind.COLLECT_FAILED);
        assertThat(stand.owed()).isEqualTo(5);
        for (TokenUpload upload : Paywall.await(stand.paywall.ledger().tokens().uploadItems(null, 0, 10))) {
            Paywall.await(stand.paywall.ledger().tokens().uploads().writeOff(upload.seq(), "too late"));
        }
        assertThat(stand.owed()).isEqualTo(stand.credited()).isZero();
    }

    private long failed() {
        UploadStatus status = stand.status();
        return status == null ? 0 : status.failed();
    }

    /** A second epoch, of one value, that is on sale while the first ends. */
    private void twoEpochs() {
        stand.close();
        TokenSecretKey fresh = fresh();
        stand = new RemoteStand(
                made(folder.resolve("two")),
                begin -> {
                    List<MintKey> keys = new ArrayList<>(TestMint.epoch(begin));
                    keys.add(new MintKey(
                            fresh,
                            KeyLife.DEFAULT.publish(
                                    fresh.publicKey(),
                                    Amount.of(1),
                                    TestMint.CURRENCY,
                                    begin.plus(Duration.ofDays(50)))));
                    return keys;
                },
                settings -> settings.withMaxTokens(8));
        tokens = stand.mint.buy(stand.mint.bundle());
    }

    private static Path made(Path at) {
        try {
            return Files.createDirectory(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a last byte that no test key has. */
    private static TokenSecretKey fresh() {
        TokenSecretKey made = TokenSecretKey.generate(new SecureRandom());
        boolean taken = TestTokenKeys.all().stream()
                .anyMatch(
                        key -> key.publicKey().truncatedId() == made.publicKey().truncatedId());
        return taken ? fresh() : made;
    }
}
