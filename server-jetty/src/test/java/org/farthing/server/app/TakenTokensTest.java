package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadAnswer;
import org.farthing.server.ledger.UsedToken;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator sees what an issuer refused, has it tried again, and gives it up (spec/token-remote.md, F-TK-112). */
@Requirement({"F-TK-112", "F-TK-43", "T61"})
class TakenTokensTest {

    private static final String ISSUER = "https://issuer.example";
    private static final String KEY = TestTokenKeys.publicKey(0).keyId();
    private static final String SECRET = "a token that nobody may read";

    @TempDir
    private Path folder = Path.of("");

    private Path store = Path.of("");

    @BeforeEach
    void takeTwoTokens_oneOfThemRefused() {
        store = folder.resolve("shop.db");
        try (Ledger ledger = open()) {
            openKey(ledger, KEY, ISSUER, false);
            take(ledger, 1);
            take(ledger, 2);
            TokenUpload first = await(ledger.tokens().uploads().due(1, Duration.ofSeconds(1)))
                    .get(0);
            await(ledger.tokens().uploads().done(List.of(new UploadAnswer(first.seq(), false, "spent"))));
        }
    }

    private Ledger open() {
        return SqliteLedger.open(
                store, LedgerOptions.builder(ForkJoinPool.commonPool()).build());
    }

    private static void openKey(Ledger ledger, String key, String issuer, boolean mine) {
        Instant now = Instant.now();
        await(ledger.tokens()
                .openKey(new TokenKeyTerms(
                        key,
                        issuer,
                        mine,
                        25,
                        "usd.e4",
                        now.minusSeconds(60),
                        now.plus(Duration.ofDays(30)),
                        now.plus(Duration.ofDays(60)),
                        now.plus(Duration.ofDays(67)),
                        now.plus(Duration.ofDays(90)))));
    }

    private static UsedToken used(String key, int number) {
        byte[] serial = new byte[16];
        serial[0] = (byte) number;
        return new UsedToken(key, Base64Url.encode(serial));
    }

    private static void take(Ledger ledger, int number) {
        byte[] bytes = (SECRET + number).getBytes(StandardCharsets.UTF_8);
        reserveAndCapture(
                ledger,
                "ch-" + number,
                new TokenPayment(ISSUER, List.of(used(KEY, number)), 25, 1000L, List.of(bytes)));
    }

    private static void reserveAndCapture(Ledger ledger, String id, TokenPayment payment) {
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash-" + id,
                id,
                "t_" + id,
                PAYEE,
                "docs",
                "token",
                "usd.e4",
                25,
                Instant.now().plus(VALID),
                true);
        Reserved reserved = await(ledger.reserve(new HoldRequest(terms, "key", 0, HOLD, null, payment)));
        await(ledger.capture(((Reserved.Held) reserved).ref(), 25, ANSWER));
    }

    @Test
    void list_showsIssuersAndNumbers_andNothingOfATokenItself() {
        Terminal terminal = Terminal.run("outbox", "list", "--store", store);
        assertThat(terminal.exitCode()).isEqualTo(4);
        assertThat(terminal.out())
                .contains(ISSUER + ": trusted with 0.005 USD in tokens now, 1 waiting, 1 failed (0.0025 USD)")
                .contains("t1  FAILED  TOKEN  0.0025 USD  " + ISSUER)
                .contains(": spent")
                .contains("t2  WAITING  TOKEN  0.0025 USD  " + ISSUER)
                .doesNotContain(SECRET)
                .doesNotContain("Nothing waits");
    }

    @Test
    void retry_letsItWaitAgain() {
        assertThat(Terminal.run("outbox", "retry", "--store", store, "t1").out())
                .contains("Item t1 waits again.");
        assertThat(Terminal.run("outbox", "list", "--store", store).exitCode()).isZero();
    }

    @Test
    void writeOff_takesItOutOfTheEarnings_once() {
        Terminal done = Terminal.run("outbox", "write-off", "--store", store, "t1", "--reason", "the issuer is right");
        assertThat(done.out()).contains("Item t1 is written off.");
        try (Ledger ledger = open()) {
            assertThat(await(ledger.totals()).get(0).payees()).isEqualTo(25);
            assertThat(await(ledger.check()).findings()).isEmpty();
        }
        Terminal again = Terminal.run("outbox", "write-off", "--store", store, "t1", "--reason", "once more");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("not one that failed");
    }

    @Test
    void number_thatIsNone_isRefusedWithTheForm() {
        Terminal wrong = Terminal.run("outbox", "retry", "--store", store, "x17");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("such as 17 or t17");
    }

    @Test
    @Requirement({"F-TK-155", "F-TK-46", "T54"})
    void refund_ofTokensOfTheStoresOwnMint_tellsHowThePayerGetsNewOnes_andOfOthersIsRefused() {
        String mint = "https://mint.example";
        String key = TestTokenKeys.publicKey(1).keyId();
        try (Ledger ledger = open()) {
            openKey(ledger, key, mint, true);
            reserveAndCapture(ledger, "ch-3", new TokenPayment(mint, List.of(used(key, 3)), 25, null, null));
        }
        Terminal done = Terminal.run("refund", "--store", store, "ch_ch-3", "0.001usd");
        assertThat(done.err()).isEmpty();
        assertThat(done.out())
                .contains(
                        "0.0025 USD was charged, 0.001 USD of it is given back",
                        "farthing tokens refund --issuer " + mint + " " + PAYEE + " 0.001usd ch_ch-3");
        try (Ledger ledger = open()) {
            assertThat(await(ledger.tokens().refundDue("ch-3", "hash-ch-3"))).contains(10L);
        }
        Terminal far = Terminal.run("refund", "--store", store, "ch_ch-2");
        assertThat(far.exitCode()).isEqualTo(1);
        assertThat(far.err()).contains("tokens of another issuer", "nothing moved");
    }

    /** One challenge id in sixty-four begins with a hyphen, and some of those as the short form of an option does. */
    @ParameterizedTest
    @ValueSource(strings = {"-", "--", "-h", "-V"})
    @Requirement("F-TK-155")
    void refund_challengeIdThatBeginsWithAHyphen_isAnIdAndNoOption(String begin) {
        String id = begin + "A".repeat(43 - begin.length());
        String mint = "https://mint.example";
        String key = TestTokenKeys.publicKey(1).keyId();
        try (Ledger ledger = open()) {
            openKey(ledger, key, mint, true);
            reserveAndCapture(ledger, id, new TokenPayment(mint, List.of(used(key, 3)), 25, null, null));
        }
        Terminal part = Terminal.run("refund", "--store", store, id, "--reason", "bad", "0.001usd");
        assertThat(part.err()).isEmpty();
        assertThat(part.out()).contains("0.0025 USD was charged, 0.001 USD of it is given back");
        assertThat(Terminal.run("refund", id, "0.0005usd", "--store", store).out())
                .contains("0.0025 USD was charged, 0.0015 USD of it is given back");
    }
}
