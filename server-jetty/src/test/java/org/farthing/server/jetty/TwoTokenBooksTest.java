package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.server.collect.ReconciliationReport;
import org.farthing.server.collect.TokenReconciliation;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
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

    /** Tokens of 1, 1, 2, 4, 8 and 16, bought with a wallet of the mint, which is trusted with one payment. */
    @BeforeEach
    void open() {
        stand = new RemoteStand(folder, TestMint::epoch, settings -> settings.withExposure("0.0008usd"));
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

    @Test
    @Requirement({"F-WA-24", "F-TK-37"})
    void purchase_standsInTheWalletsStatement_asTokensOfItsIssuer() throws Exception {
        String wallet = stand.mint.alice.wallet();
        String statement =
                WalletJson.statement(wallet, Paywall.await(stand.mint.ledger().statement(wallet, null, 10)));
        List<Members> transfers = new Members(
                        StrictJson.parseObject(statement, "statement", StrictJson.Limits.BODY), "statement")
                .objects("transfers");
        Members bought = transfers.get(0);
        assertThat(bought.text("kind")).isEqualTo("capture");
        assertThat(bought.text("from")).isEqualTo("held");
        assertThat(bought.text("to")).isEqualTo("tokens");
        assertThat(bought.text("recipient")).isEqualTo(MintStand.ISSUER.text());
        assertThat(bought.text("amount")).isEqualTo("32");
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
        stand.heard(Kind.COLLECTED);
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
    @Requirement({"F-TK-151", "F-TK-152", "F-TK-153"})
    void bothBooks_areComparedTokenByToken_overTheWire() throws Exception {
        stand.pay("/docs/a", five());
        assertThat(compared().pending().values()).containsExactly(new ReconciliationReport.Sum(2, 5));
        stand.redeemed();
        ReconciliationReport report = compared();
        assertThat(report.agreed().values()).containsExactly(new ReconciliationReport.Sum(2, 5));
        assertThat(report.pending()).isEmpty();
        assertThat(report.differing()).isZero();
        BlindToken stranger = tokens.get(5);
        Paywall.await(stand.mint
                .ledger()
                .tokens()
                .redeem(
                        MintStand.ISSUER.text(),
                        RemoteStand.PAYEE.text(),
                        List.of(new UsedToken(
                                Base64Url.encode(stranger.keyId()),
                                stranger.serial().text()))));
        assertThat(compared().differences()).singleElement().satisfies(difference -> {
            assertThat(difference.tokenId()).isEqualTo(stranger.serial().text());
            assertThat(difference.there()).isEqualTo(16);
        });
    }

    private ReconciliationReport compared() throws Exception {
        return TokenReconciliation.compare(
                stand.paywall.ledger().tokens(),
                stand,
                MintStand.ISSUER,
                RemoteStand.PAYEE,
                stand.paywall.clock.instant());
    }

    @Test
    @Requirement({"F-TK-151", "T38"})
    void listOfWhatWasRedeemed_isForThePayeeAlone_andPagesByItsCursor() {
        assertThat(stand.mint.get("/token-redemptions").getStatus()).isEqualTo(401);
        for (String cursor :
                List.of("x", "a".repeat(43), "A".repeat(43) + ".x", "A".repeat(43) + "&cursor=" + "A".repeat(43))) {
            assertThatThrownBy(() -> Paywall.await(stand.redeemed(MintStand.ISSUER, RemoteStand.PAYEE, cursor)))
                    .hasStackTraceContaining("BAD_REQUEST");
        }
        RedeemedPage none = Paywall.await(stand.redeemed(MintStand.ISSUER, RemoteStand.PAYEE, "_".repeat(42) + "8"));
        assertThat(none).isEqualTo(new RedeemedPage(List.of(), null));
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
}
