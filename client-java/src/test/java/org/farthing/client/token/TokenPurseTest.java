package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.PurseException;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSerial;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of tokens: what is on disk, in which order, and what several of its users may do at once. */
@Timeout(60)
class TokenPurseTest {

    private static final TokenScope SCOPE =
            new TokenScope(new Origin("https://issuer.example"), new Origin("https://api.example.com"));

    @TempDir
    Path temp;

    private final SettableClock clock = new SettableClock();
    private Path directory;
    private Purse purse;
    private TokenPurse tokens;

    @BeforeEach
    void start() throws IOException {
        directory = temp.resolve("purse");
        purse = Purse.create(directory, new SecureRandom());
        tokens = TokenPurse.open(purse, clock);
    }

    private PublishedKey key(int index) {
        Instant start = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        return new PublishedKey(
                TestTokenKeys.publicKey(index),
                Amount.of(100L << index),
                new CurrencyId("usd.e6"),
                start,
                start.plus(Duration.ofDays(30)),
                start.plus(Duration.ofDays(60)),
                start.plus(Duration.ofDays(67)),
                start.plus(Duration.ofDays(90)));
    }

    private static List<BlindToken> signed(List<PendingToken> pending) throws Exception {
        List<BlindToken> signed = new ArrayList<>();
        for (PendingToken token : pending) {
            int index = java.util.stream.IntStream.range(0, 6)
                    .filter(i -> TestTokenKeys.publicKey(i).equals(token.key()))
                    .findFirst()
                    .orElseThrow();
            signed.add(token.finish(new TokenResponse(
                    TestTokenKeys.get(index).blindSign(token.request().blinded()))));
        }
        return signed;
    }

    /** So many tokens of a key, as if bought. */
    private List<HeldToken> buy(PublishedKey key, int count) throws Exception {
        Operation operation = tokens.begin(Operation.Kind.PURCHASE, SCOPE, Map.of(key, count), List.of())
                .orElseThrow();
        return tokens.finish(operation, signed(tokens.pending(operation)));
    }

    private TokenPurse reopened() throws IOException {
        return TokenPurse.open(purse, clock);
    }

    @Test
    @Requirement({"F-TK-120", "F-TK-121"})
    void begin_twice_usesNoCounterTwiceAndTheSameSecretsEachTime() throws Exception {
        PublishedKey key = key(0);
        Operation first = tokens.begin(Operation.Kind.PURCHASE, SCOPE, Map.of(key, 3), List.of())
                .orElseThrow();
        tokens.abandon(first);
        TokenPurse other = reopened();
        Operation second = other.begin(Operation.Kind.PURCHASE, SCOPE, Map.of(key, 2), List.of())
                .orElseThrow();
        assertThat(first.ranges().get(0).first()).isZero();
        assertThat(second.ranges().get(0).first()).isEqualTo(3);
        assertThat(requests(other.pending(second)))
                .isEqualTo(requests(reopened().pending(second)));
        TokenScope elsewhere = new TokenScope(SCOPE.issuer(), new Origin("https://other.example"));
        Operation third = other.begin(Operation.Kind.PURCHASE, elsewhere, Map.of(key, 2), List.of())
                .orElseThrow();
        assertThat(third.ranges().get(0).first())
                .as("each payee has counters of its own")
                .isZero();
        Set<Object> all = new HashSet<>(requests(other.pending(second)));
        all.addAll(requests(other.pending(third)));
        assertThat(all).hasSize(4);
    }

    @Test
    @Requirement({"F-TK-160", "F-TK-121"})
    void begin_afterWhatCameToNothing_leavesNoGapAndMixesNoKinds() throws Exception {
        PublishedKey key = key(0);
        buy(key, 2);
        Operation nothing = begin(Operation.Kind.PURCHASE, key, 200);
        tokens.abandonUnsigned(nothing);
        Operation swap = begin(Operation.Kind.SWAP, key, 3);
        assertThat(swap.ranges().get(0).first())
                .as("a swap shows nothing that a purchase has shown")
                .isEqualTo(202);
        tokens.abandonUnsigned(swap);
        tokens = reopened();
        Operation small = begin(Operation.Kind.PURCHASE, key, 50);
        assertThat(small.ranges().get(0).first()).isEqualTo(2);
        Operation rest = begin(Operation.Kind.PURCHASE, key, 150);
        assertThat(rest.ranges().get(0).first()).isEqualTo(52);
        assertThat(begin(Operation.Kind.PURCHASE, key, 1).ranges().get(0).first())
                .as("nothing is left of them")
                .isEqualTo(205);
    }

    @Test
    @Requirement({"F-TK-160", "T59"})
    void begin_afterSwapsThatCameToNothing_showsTheirMessagesAgainOnlyBeforeTheGapGetsLong() throws Exception {
        PublishedKey key = key(0);
        for (int i = 0; i < 3; i++) {
            Operation swap = begin(Operation.Kind.SWAP, key, 20);
            assertThat(swap.ranges().get(0).first())
                    .as("the issuer does not see that one purse asked for both")
                    .isEqualTo(20L * i);
            tokens.abandonUnsigned(swap);
        }
        tokens = reopened();
        Operation again = begin(Operation.Kind.SWAP, key, 20);
        assertThat(again.ranges().get(0).first())
                .as("a restore does not look over any gap")
                .isZero();
        tokens.abandon(again);
        assertThat(begin(Operation.Kind.SWAP, key, 50).ranges().get(0).first())
                .as("the first 20 may have been signed, the other 40 were not")
                .isEqualTo(20);
    }

    private Operation begin(Operation.Kind kind, PublishedKey key, int count) throws IOException {
        return tokens.begin(kind, SCOPE, Map.of(key, count), List.of()).orElseThrow();
    }

    @Test
    @Requirement({"F-TK-124", "T70"})
    void compaction_aPaymentWithATokenNobodyHonoursAnyMore_keepsItsOtherTokensReserved() throws Exception {
        PublishedKey old = key(0);
        buy(old, 1);
        clock.advance(Duration.ofDays(50));
        PublishedKey young = key(1);
        buy(young, 1);
        buy(young, 1);
        assertThat(tokens.reserve("shown", "id", "payee", coin -> true, 300, 2, chosen -> ""))
                .isPresent();
        clock.advance(Duration.ofDays(45));
        for (int i = 0; i < 130; i++) {
            assertThat(tokens.reserve("owner-" + i, "id", "payee", coin -> true, 200, 1, chosen -> ""))
                    .isPresent();
            tokens.settle(new Claim("owner-" + i, "id", "payee", List.of(), ""), State.READY, clock.instant());
        }
        assertThat(Files.readAllLines(directory.resolve("tokens.jsonl"))).hasSizeLessThan(240);
        assertThat(reopened().tokens())
                .extracting(HeldToken::state)
                .containsExactlyInAnyOrder(State.RESERVED, State.READY);
    }

    @Test
    @Requirement("F-TK-160")
    void compaction_countersOfWhatCameToNothing_areKept() throws Exception {
        buy(key(0), 1);
        tokens.abandonUnsigned(begin(Operation.Kind.PURCHASE, key(0), 9));
        for (int i = 0; i < 130; i++) {
            assertThat(tokens.reserve("owner-" + i, "id", "payee", coin -> true, 100, 1, chosen -> ""))
                    .isPresent();
            tokens.settle(new Claim("owner-" + i, "id", "payee", List.of(), ""), State.READY, clock.instant());
        }
        assertThat(Files.readAllLines(directory.resolve("tokens.jsonl"))).hasSizeLessThan(240);
        tokens = reopened();
        assertThat(begin(Operation.Kind.PURCHASE, key(0), 9).ranges().get(0).first())
                .isEqualTo(1);
    }

    private static List<Object> requests(List<PendingToken> pending) {
        return pending.stream().map(token -> (Object) token.request()).toList();
    }

    @Test
    @Requirement({"F-TK-120"})
    void open_aCopyOfTheSeed_asksForTheSameTokens() throws Exception {
        Path copy = temp.resolve("copy");
        Files.createDirectory(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.copy(directory.resolve("purse.json"), copy.resolve("purse.json"));
        TokenPurse again = TokenPurse.open(Purse.open(copy), clock);
        assertThat(again.pending(SCOPE, key(0), 7).request())
                .isEqualTo(tokens.pending(SCOPE, key(0), 7).request());
        assertThat(again.pending(SCOPE, key(0), 8).request())
                .isNotEqualTo(tokens.pending(SCOPE, key(0), 7).request());
    }

    @Test
    @Requirement({"F-TK-124", "F-TK-126"})
    void reserve_manyThreads_noTokenTwice() throws Exception {
        PublishedKey key = key(0);
        buy(key, 8);
        Set<TokenSerial> taken = ConcurrentHashMap.newKeySet();
        TokenPurse other = reopened();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String owner = "owner-" + i;
            TokenPurse mine = i % 2 == 0 ? tokens : other;
            results.add(threads.submit(() -> {
                start.await();
                return mine.reserve(owner, owner, "payee", coin -> true, 100, 1, chosen -> "")
                        .map(chosen -> taken.add(chosen.get(0).serial()) ? 1 : 100)
                        .orElse(0);
            }));
        }
        start.countDown();
        int sum = 0;
        for (Future<Integer> result : results) {
            sum += result.get();
        }
        threads.shutdown();
        assertThat(sum).as("eight payments, eight tokens").isEqualTo(8);
        assertThat(taken).hasSize(8);
    }

    @Test
    @Requirement({"F-TK-124"})
    void reserve_theSameChallenge_getsTheSameTokens() throws Exception {
        buy(key(0), 2);
        List<BlindToken> first = tokens.reserve("a", "id", "payee", coin -> true, 100, 1, chosen -> "")
                .orElseThrow();
        assertThat(reopened().reserve("a", "id", "payee", coin -> true, 100, 1, chosen -> ""))
                .contains(first);
        assertThat(tokens.reserve("b", "id", "payee", coin -> true, 200, 2, chosen -> ""))
                .as("one is left")
                .isEmpty();
        assertThat(tokens.reserve("b", "id", "payee", coin -> true, 100, 1, chosen -> "")
                        .orElseThrow())
                .doesNotContainAnyElementsOf(first);
    }

    @Test
    @Requirement({"F-TK-126"})
    void reserve_oldAndNew_takesWhatEndsFirstAndOfThatARandomOne() throws Exception {
        PublishedKey old = key(0);
        buy(old, 6);
        clock.advance(Duration.ofDays(20));
        Instant start = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        PublishedKey young = new PublishedKey(
                TestTokenKeys.publicKey(1),
                old.value(),
                old.currency(),
                start,
                start.plus(Duration.ofDays(30)),
                start.plus(Duration.ofDays(60)),
                start.plus(Duration.ofDays(67)),
                start.plus(Duration.ofDays(90)));
        buy(young, 6);
        Set<TokenSerial> firsts = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Coin first = choose(1).get(0);
            assertThat(first.key()).isEqualTo(old);
            firsts.add(first.serial());
        }
        assertThat(firsts).as("one in 10^30 runs takes the same one each time").hasSizeGreaterThan(1);
    }

    private List<Coin> choose(int count) throws IOException {
        return new Choice(new SecureRandom())
                .exact(tokens.coins(coin -> true), 100L * count, count)
                .orElseThrow();
    }

    @Test
    @Requirement({"F-TK-124"})
    void compaction_manyPayments_keepsEveryTokenAndForgetsNone() throws Exception {
        PublishedKey key = key(0);
        List<HeldToken> bought = buy(key, 3);
        for (int i = 0; i < 130; i++) {
            String owner = "owner-" + i;
            assertThat(tokens.reserve(owner, owner, "payee", coin -> true, 100, 1, chosen -> ""))
                    .isPresent();
            tokens.settle(new Claim(owner, owner, "payee", List.of(), ""), State.READY, clock.instant());
        }
        int lines = Files.readAllLines(directory.resolve("tokens.jsonl")).size();
        assertThat(lines).as("rewritten on the way").isLessThan(240);
        assertThat(reopened().tokens()).containsExactlyInAnyOrderElementsOf(bought);
        TokenSerial spent = tokens.reserve("last", "last", "payee", coin -> true, 100, 1, chosen -> "")
                .orElseThrow()
                .get(0)
                .serial();
        tokens.settle(new Claim("last", "last", "payee", List.of(), ""), State.SPENT, clock.instant());
        assertThat(reopened().tokens())
                .extracting(HeldToken::serial)
                .doesNotContain(spent)
                .hasSize(2);
        clock.advance(Duration.ofDays(91));
        assertThat(reopened().tokens()).as("nobody takes them any more").isEmpty();
    }

    @Test
    @Requirement({"F-TK-121"})
    void open_aLineThatWasCutOff_isWhatItWasBefore() throws Exception {
        buy(key(0), 2);
        Path file = directory.resolve("tokens.jsonl");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 1; cut < 40; cut += 13) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
            assertThat(reopened().tokens()).hasSize(2);
            assertThat(reopened().open())
                    .as("the end of the purchase was cut off")
                    .hasSize(1);
        }
        whole[whole.length / 2] ^= 1;
        Files.write(file, whole);
        assertThatThrownBy(this::reopened).isInstanceOf(PurseException.class).hasMessageContaining("damaged");
    }

    @Test
    @Requirement({"T38"})
    void toString_ofEverything_showsNoToken() throws Exception {
        List<HeldToken> bought = buy(key(0), 1);
        Coin coin = tokens.coins(any -> true).get(0);
        String token = BlindToken.formatAll(List.of(coin.token()));
        String all = coin + " " + tokens + " " + bought + " " + purse.tokenSecrets() + " "
                + purse.tokenSecrets().of(new byte[32], new byte[32], 0);
        for (int i = 0; i + 12 < token.length(); i += 12) {
            assertThat(all).doesNotContain(token.substring(i, i + 12));
        }
        assertThat(all).contains("redacted");
    }
}
