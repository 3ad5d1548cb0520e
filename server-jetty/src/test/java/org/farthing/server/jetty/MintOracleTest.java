package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.keys.MintKey;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mint signs what it does not see: what must not be had from it by that. */
@Requirement({"T60", "F-TK-74", "F-TK-75"})
class MintOracleTest {

    /** The key of the value 32. */
    private static final int KEY = 5;

    @TempDir
    Path folder;

    private static TokenRequest request(BigInteger message) {
        byte[] bytes = message.toByteArray();
        byte[] blinded = new byte[256];
        int length = Math.min(bytes.length, 256);
        System.arraycopy(bytes, bytes.length - length, blinded, 256 - length, length);
        return new TokenRequest(TestTokenKeys.publicKey(KEY).truncatedId(), blinded);
    }

    /** Numbers that are none of the group, or would say something about the key. */
    private static Map<String, TokenRequest> bad() {
        byte[] spki = TestTokenKeys.publicKey(KEY).spki();
        BigInteger p = TestTokenKeys.prime(KEY);
        BigInteger n = modulus(spki);
        byte[] all = new byte[256];
        Arrays.fill(all, (byte) 0xff);
        Map<String, TokenRequest> bad = new LinkedHashMap<>();
        bad.put("zero", request(BigInteger.ZERO));
        bad.put("the modulus", request(n));
        bad.put("above the modulus", request(n.add(BigInteger.TWO)));
        bad.put("the largest number", request(new BigInteger(1, all)));
        bad.put("a factor", request(p));
        bad.put("a multiple of a factor", request(p.multiply(BigInteger.valueOf(12_345))));
        bad.put("a multiple of the other", request(n.divide(p).multiply(BigInteger.valueOf(77))));
        return bad;
    }

    /** The 256 bytes before the exponent 65537. */
    private static BigInteger modulus(byte[] spki) {
        return new BigInteger(1, Arrays.copyOfRange(spki, spki.length - 5 - 256, spki.length - 5));
    }

    @Test
    void badNumbers_atEveryRoute_areRefusedBeforeAnythingHappens() {
        try (MintStand stand = new MintStand(folder)) {
            List<BlindToken> tokens = stand.buy(stand.pending(32));
            bad().forEach((name, bad) -> {
                String purchase = new PurchaseBody(List.of(bad)).format();
                MintStand.problem(stand.post("/token-purchase", purchase), 400, ProblemType.BAD_REQUEST);
                MintStand.problem(stand.send("POST", "/token-request", bad.bytes()), 422, ProblemType.BAD_REQUEST);
                MintStand.problem(
                        stand.post("/token-swap", new SwapBody(MintStand.CHALLENGE, tokens, List.of(bad)).format()),
                        400,
                        ProblemType.BAD_REQUEST);
                assertThat(stand.post("/token-restore", purchase).getContent())
                        .as(name)
                        .isEqualTo("{\"issued\":\"0\",\"responses\":\"\"}");
            });
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS - 32);
            assertThat(stand.swap(tokens, stand.pending(32)).getStatus()).isEqualTo(200);
        }
    }

    @Test
    void badNumbers_withAPaymentForGoodOnes_areNotSigned() {
        try (MintStand stand = new MintStand(folder)) {
            String good = MintStand.body(stand.pending(32));
            String paid =
                    "Authorization: " + stand.credential("/token-purchase", good.getBytes(StandardCharsets.UTF_8));
            for (TokenRequest bad : bad().values()) {
                HttpTester.Response answer =
                        stand.post("/token-purchase", new PurchaseBody(List.of(bad)).format(), paid);
                MintStand.problem(answer, 400, ProblemType.BAD_REQUEST);
            }
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS);
        }
    }

    /** A wrong result of one CRT computation would give a prime to whoever sees it. */
    @Test
    void machineThatComputesWrongly_givesNothingOutAndTakesNothing() {
        Plan plan = new Plan();
        plan.keys = MintOracleTest::faulty;
        try (MintStand stand = new MintStand(folder, plan)) {
            List<PendingToken> pending = stand.bundle();
            HttpTester.Response answer = stand.purchase(pending);
            assertThat(answer.getStatus()).isEqualTo(500);
            assertThat(answer.getContent()).doesNotContain("responses");
            assertThat(answer.get("Payment-Outcome")).startsWith("released");
            assertThat(stand.available()).isEqualTo(MintStand.FUNDS);
            assertThat(stand.post("/token-restore", MintStand.body(pending)).getContent())
                    .contains("\"issued\":\"000000\"");
            assertThat(stand.balanced()).isTrue();
        }
    }

    private static List<MintKey> faulty(Instant begin) {
        List<MintKey> keys = new ArrayList<>();
        List<MintKey> good = TestMint.epoch(begin);
        for (int i = 0; i < good.size(); i++) {
            keys.add(new MintKey(TestTokenKeys.faulty(i), good.get(i).published()));
        }
        return keys;
    }
}
