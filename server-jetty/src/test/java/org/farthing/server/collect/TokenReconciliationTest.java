package org.farthing.server.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;
import static org.farthing.server.ledger.kit.Tokens.far;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.TokenSerial;
import org.farthing.server.collect.ReconciliationReport.Difference;
import org.farthing.server.collect.ReconciliationReport.Sum;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadAnswer;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payee and issuer are compared token by token (spec/token-remote.md, "Comparing both books"). */
class TokenReconciliationTest {

    private static final Map<String, Long> VALUES =
            Map.of(Tokens.keyId("remote-1"), 1L, Tokens.keyId("remote-2"), 2L, Tokens.keyId("remote-4"), 4L);
    private static final Comparator<UsedToken> ORDER = Comparator.comparing(
                    (UsedToken token) -> bytes(token.keyId()), Arrays::compareUnsigned)
            .thenComparing(token -> bytes(token.serial()), Arrays::compareUnsigned);

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final Issuer issuer = new Issuer();
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                folder.resolve("payee.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        for (long value : List.of(1L, 2L, 4L)) {
            assertThat(await(ledger.tokens().openKey(Tokens.remote(value)))).isInstanceOf(KeyResult.Open.class);
        }
    }

    @AfterEach
    void close() {
        ledger.close();
        completions.shutdownNow();
    }

    // ---- what agrees ---------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-152", "F-TK-151"})
    void manyTokensOfSeveralKeys_inManyPages_agreeToTheBaseUnit() throws Exception {
        List<UsedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            tokens.add(far(List.of(1L, 2L, 4L).get(i % 3), "t" + i));
        }
        pay("c1", tokens.toArray(UsedToken[]::new));
        tell("accepted", tokens.toArray(UsedToken[]::new));
        issuer.has(tokens.toArray(UsedToken[]::new));
        issuer.pageSize = 4;

        ReconciliationReport report = compare();

        assertThat(report.agreed()).containsOnly(Map.entry(USD, new Sum(30, 70)));
        assertThat(report.differing() + report.tooOld() + report.pending().size())
                .isZero();
        assertThat(issuer.pages).isEqualTo(8);
    }

    @Test
    @Requirement("F-TK-153")
    void whatIsOnItsWay_isPending_onWhicheverSideItIs() throws Exception {
        pay("c1", far(4, "waits"), far(2, "answer lost"));
        hold("c2", far(1, "in work"));
        issuer.has(far(2, "answer lost"));

        ReconciliationReport report = compare();

        assertThat(report.pending()).containsOnly(Map.entry(USD, new Sum(3, 7)));
        assertThat(report.agreed()).isEmpty();
        assertThat(report.differences()).isEmpty();
    }

    @Test
    @Requirement("F-TK-153")
    void whatNobodyEarned_isNothing() throws Exception {
        HoldRef released = hold("c1", far(4, "a"));
        await(ledger.release(released, ReleaseReason.HANDLER_FAILED, Execution.YES));
        await(ledger.tokens().claimForSwap(Tokens.REMOTE, "s1", List.of(far(4, "b"))));
        pay("c2", far(4, "c"));
        tell("spent", far(4, "c"));
        writeOff();

        ReconciliationReport report = compare();

        assertThat(report.agreed()).isEmpty();
        assertThat(report.pending()).isEmpty();
        assertThat(report.differing()).isZero();
    }

    // ---- what differs --------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-TK-154", "T61"})
    void everyDifference_isListedWithBothAmounts() throws Exception {
        pay("c1", far(4, "forgotten there"));
        tell("accepted", far(4, "forgotten there"));
        pay("c2", far(4, "refused"), far(2, "refused, then not"));
        tell("spent", far(4, "refused"), far(2, "refused, then not"));
        pay("c3", far(1, "written off"));
        tell("spent", far(1, "written off"));
        TokenUpload last = failed().stream()
                .filter(upload -> upload.value() == 1)
                .findFirst()
                .orElseThrow();
        await(ledger.tokens().uploads().writeOff(last.seq(), "lost"));
        HoldRef released = hold("c4", far(2, "given back"));
        await(ledger.release(released, ReleaseReason.HANDLER_FAILED, Execution.YES));
        await(ledger.tokens().claimForSwap(Tokens.REMOTE, "s1", List.of(far(2, "swapped"))));
        hold("c5", far(1, "in work"));
        payTo("https://other.example", "c6", far(1, "another payee's"));
        tell("accepted", far(1, "another payee's"));
        issuer.has(
                far(2, "refused, then not"),
                far(1, "written off"),
                far(2, "given back"),
                far(2, "swapped"),
                far(1, "in work"),
                far(1, "another payee's"),
                far(4, "unknown"));

        ReconciliationReport report = compare();

        assertThat(report.differences())
                .containsExactlyInAnyOrder(
                        differs(far(4, "forgotten there"), "c1", 4, 0, "redeemed here, unknown there"),
                        differs(far(4, "refused"), "c2", 4, 0, "refused there, and not written off here"),
                        differs(far(2, "refused, then not"), "c2", 2, 2, "refused before, redeemed there by now"),
                        differs(far(1, "written off"), "c3", 0, 1, "written off here, redeemed there"),
                        differs(far(2, "given back"), "c4", 0, 2, "given back here, redeemed there"),
                        differs(far(2, "swapped"), "s1", 0, 2, "exchanged here, redeemed there"),
                        differs(far(1, "in work"), "c5", 0, 1, "in a charge that is not over here, redeemed there"),
                        differs(far(1, "another payee's"), "c6", 0, 1, "paid to https://other.example here"),
                        differs(far(4, "unknown"), "", 0, 4, "unknown here, redeemed there"));
        assertThat(report.differing()).isEqualTo(9);
        assertThat(report.agreed()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-154", "F-TK-106"})
    void tokenOfAnotherValueThere_differs() throws Exception {
        pay("c1", far(4, "a"));
        tell("accepted", far(4, "a"));
        issuer.has(far(4, "a"));
        issuer.lie = 8;
        assertThat(compare().differences())
                .containsExactly(differs(far(4, "a"), "c1", 4, 8, "of another value or currency there"));
    }

    @Test
    @Requirement("F-TK-154")
    void keysThatAreOver_areCountedAndNotCompared() throws Exception {
        pay("c1", far(4, "a"), far(4, "b"));
        tell("accepted", far(4, "a"), far(4, "b"));
        issuer.has(far(4, "a"));
        clock.advance(Duration.ofDays(90).plusSeconds(1));

        ReconciliationReport report = compare();

        assertThat(report.tooOld()).isEqualTo(1);
        assertThat(report.differing()).isZero();
    }

    // ---- an issuer that cannot be relied on ----------------------------------------------------------------------

    @Test
    @Requirement("F-TK-151")
    void issuerThatListsTwiceOrOutOfOrder_orNotAtAll_isNotCompared() {
        issuer.has(far(4, "a"), far(4, "b"));
        issuer.pageSize = 1;
        issuer.repeating = true;
        assertThatThrownBy(this::compare)
                .isInstanceOf(ServiceCallException.class)
                .hasMessageContaining("twice or not in their order");
        issuer.away = true;
        assertThatThrownBy(this::compare)
                .isInstanceOf(ServiceCallException.class)
                .hasMessageContaining("nobody is there");
    }

    /** All that was taken would look as if nobody had been told. */
    @Test
    @Requirement("F-TK-152")
    void issuersOwnBooks_areNotComparedWithThemselves() {
        await(ledger.tokens().openKey(Tokens.mine(1)));
        assertThatThrownBy(() -> TokenReconciliation.compare(
                        ledger.tokens(), issuer, new Origin(Tokens.ISSUER), new Origin(PAYEE), clock.instant()))
                .isInstanceOf(ServiceCallException.class)
                .hasMessageContaining("no others to compare");
        assertThat(issuer.pages).isZero();
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    private ReconciliationReport compare() throws ServiceCallException {
        return TokenReconciliation.compare(
                ledger.tokens(), issuer, new Origin(Tokens.REMOTE), new Origin(PAYEE), clock.instant());
    }

    private static Difference differs(UsedToken token, String owner, long here, long there, String what) {
        return new Difference(token.serial(), owner, USD, here, there, what);
    }

    private HoldRef hold(String challengeId, UsedToken... tokens) {
        return hold(PAYEE, challengeId, tokens);
    }

    private HoldRef hold(String payee, String challengeId, UsedToken... tokens) {
        List<UsedToken> all = List.of(tokens);
        long value = all.stream().mapToLong(token -> VALUES.get(token.keyId())).sum();
        List<byte[]> bytes = all.stream()
                .map(token -> token.serial().getBytes(StandardCharsets.UTF_8))
                .toList();
        ChargeTerms terms = new ChargeTerms(
                challengeId,
                "hash-" + challengeId,
                challengeId,
                "t_" + challengeId,
                payee,
                "docs",
                "token",
                USD,
                value,
                clock.instant().plus(VALID),
                true);
        TokenPayment payment = new TokenPayment(Tokens.REMOTE, all, value, 1000L, bytes);
        return ((Reserved.Held) await(ledger.reserve(new HoldRequest(terms, "key", 0, HOLD, null, payment)))).ref();
    }

    private void pay(String challengeId, UsedToken... tokens) {
        payTo(PAYEE, challengeId, tokens);
    }

    private void payTo(String payee, String challengeId, UsedToken... tokens) {
        long value = Arrays.stream(tokens)
                .mapToLong(token -> VALUES.get(token.keyId()))
                .sum();
        await(ledger.capture(hold(payee, challengeId, tokens), value, ANSWER));
    }

    /** What the issuer said about these. */
    private void tell(String word, UsedToken... tokens) {
        List<UploadAnswer> answers = await(ledger.tokens().uploads().due(100, Duration.ofSeconds(1))).stream()
                .filter(upload -> List.of(tokens).contains(upload.used()))
                .map(upload -> new UploadAnswer(upload.seq(), word.equals("accepted"), word))
                .toList();
        assertThat(await(ledger.tokens().uploads().done(answers))).isEqualTo(tokens.length);
    }

    private List<TokenUpload> failed() {
        return await(ledger.tokens().uploadItems(TokenUpload.State.FAILED, 0, 10));
    }

    private void writeOff() {
        failed().forEach(upload -> assertThat(await(ledger.tokens().uploads().writeOff(upload.seq(), "lost")))
                .isTrue());
    }

    private static byte[] bytes(String base64url) {
        return Base64.getUrlDecoder().decode(base64url);
    }

    /** An issuer in a few lines: what it says it has, in pages. */
    private static final class Issuer implements TokenCalls {

        private final List<UsedToken> tokens = new ArrayList<>();
        private final Map<String, Integer> cursors = new HashMap<>();
        private int pageSize = 1000;
        private int pages;
        private long lie;
        private boolean repeating;
        private boolean away;

        void has(UsedToken... more) {
            tokens.addAll(List.of(more));
            tokens.sort(ORDER);
        }

        @Override
        public CompletionStage<RedeemedPage> redeemed(Origin issuer, Origin payee, @Nullable String cursor) {
            if (away) {
                return CompletableFuture.failedFuture(ServiceCallException.unreachable("nobody is there"));
            }
            pages++;
            int from = cursor == null ? 0 : cursors.getOrDefault(cursor, 0);
            List<RedeemedPage.OfKey> keys = new ArrayList<>();
            int to = from;
            while (to < tokens.size() && to - from < pageSize) {
                String key = tokens.get(to).keyId();
                List<TokenSerial> serials = new ArrayList<>();
                while (to < tokens.size()
                        && to - from < pageSize
                        && tokens.get(to).keyId().equals(key)) {
                    serials.add(new TokenSerial(tokens.get(to).serial()));
                    to++;
                }
                long value = lie == 0 ? VALUES.getOrDefault(key, 0L) : lie;
                keys.add(new RedeemedPage.OfKey(key, Amount.of(value), new CurrencyId(USD), serials));
            }
            String next = to == tokens.size() ? null : "c" + pages;
            if (next != null) {
                cursors.put(next, repeating ? from : to);
            }
            return CompletableFuture.completedFuture(new RedeemedPage(keys, next));
        }

        @Override
        public CompletionStage<RedemptionAnswer> redeem(Origin issuer, Origin payee, List<BlindToken> presented) {
            throw new UnsupportedOperationException("nobody presents here");
        }

        @Override
        public CompletionStage<SwapReply> swap(Origin issuer, Origin payee, byte[] body) {
            throw new UnsupportedOperationException("nobody swaps here");
        }
    }
}
