package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
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

/** At any time one ledger decides whether a token is used up: the payee's first, the issuer's then (T69). */
class TokenDeadlineTest {

    private static final TokenSecretKey FRESH = fresh();

    @TempDir
    private Path folder = Path.of("");

    private RemoteStand stand;
    private List<BlindToken> tokens;

    /** Tokens of 1, 1, 2, 4, 8 and 16; a second epoch, of one value, is on sale while their own ends. */
    @BeforeEach
    void open() {
        stand = new RemoteStand(
                folder,
                begin -> {
                    List<MintKey> keys = new ArrayList<>(TestMint.epoch(begin));
                    Instant next = begin.plus(Duration.ofDays(50));
                    keys.add(new MintKey(
                            FRESH, KeyLife.DEFAULT.publish(FRESH.publicKey(), Amount.of(1), TestMint.CURRENCY, next)));
                    return keys;
                },
                settings -> settings.withMaxTokens(8));
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

    @Test
    @Requirement({"T69", "F-TK-100", "F-TK-115", "F-TK-88"})
    void spentHere_isSwappedNowhere_neitherNowNorLater() {
        stand.pay("/docs/a", five());
        List<PendingToken> wanted = stand.mint.pending(1, 4);
        Problem there = MintStand.problem(stand.mint.swap(five(), wanted), 403, ProblemType.NOT_ALLOWED);
        assertThat(there.text("from"))
                .contains(Rfc3339.format(key().redeemUntil().plusSeconds(1)));
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
        stand.heard(Kind.COLLECT_FAILED);
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

    /** With a last byte that no test key has. */
    private static TokenSecretKey fresh() {
        TokenSecretKey made = TokenSecretKey.generate(new SecureRandom());
        boolean taken = TestTokenKeys.all().stream()
                .anyMatch(
                        key -> key.publicKey().truncatedId() == made.publicKey().truncatedId());
        return taken ? fresh() : made;
    }
}
