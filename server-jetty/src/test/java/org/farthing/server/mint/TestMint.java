package org.farthing.server.mint;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.testing.TestTokenKeys;

/** What tests of tokens need of a mint: keys that take no time to make, and messages for them. */
public final class TestMint {

    /** What the values count. */
    public static final CurrencyId CURRENCY = new CurrencyId("usd.e4");

    /** As many values as there are test keys. */
    public static final Denominations LADDER = new Denominations(List.of(1L, 2L, 4L, 8L, 16L, 32L));

    private static final SecureRandom RANDOM = new SecureRandom();

    private TestMint() {}

    /** One key for each value of the ladder, on sale for 30 days. */
    public static List<MintKey> epoch(Instant begin) {
        return epoch(begin, KeyLife.DEFAULT);
    }

    /** One key for each value of the ladder. */
    public static List<MintKey> epoch(Instant begin, KeyLife life) {
        List<MintKey> keys = new ArrayList<>();
        for (int i = 0; i < LADDER.values().size(); i++) {
            TokenSecretKey secret = TestTokenKeys.get(i);
            Amount value = Amount.of(LADDER.values().get(i));
            keys.add(new MintKey(secret, life.publish(secret.publicKey(), value, CURRENCY, begin)));
        }
        return keys;
    }

    /** Two epochs of the three smallest values, the second one on sale when tokens of the first are not taken any more. */
    public static List<MintKey> twoEpochs(Instant begin) {
        List<MintKey> keys = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TokenSecretKey secret = TestTokenKeys.get(i);
            Instant from = i < 3 ? begin : begin.plus(KeyLife.DEFAULT.spend()).plus(Duration.ofDays(1));
            Amount value = Amount.of(LADDER.values().get(i % 3));
            keys.add(new MintKey(secret, KeyLife.DEFAULT.publish(secret.publicKey(), value, CURRENCY, from)));
        }
        return keys;
    }

    /** Has a mint make these keys, in this order and again from the first. */
    public static MintBuilder making(MintBuilder builder, List<TokenSecretKey> keys) {
        int[] next = new int[1];
        Supplier<TokenSecretKey> maker = () -> keys.get(next[0]++ % keys.size());
        return builder.maker(maker);
    }

    /** Blinds a new token for each value. */
    public static List<PendingToken> pending(
            IssuerDirectory directory, TokenChallenge challenge, Instant now, long... values) {
        List<PendingToken> pending = new ArrayList<>();
        for (long value : values) {
            pending.add(PendingToken.begin(
                    directory.keyOfValue(value, now).orElseThrow().key(),
                    challenge,
                    random(32),
                    random(PendingToken.SALT_LENGTH),
                    random(PendingToken.BLIND_SEED_LENGTH)));
        }
        return pending;
    }

    /** What is sent to the mint. */
    public static List<TokenRequest> requests(List<PendingToken> pending) {
        return pending.stream().map(PendingToken::request).toList();
    }

    /** What the mint's answer makes of it. */
    public static List<BlindToken> finish(List<PendingToken> pending, List<TokenResponse> responses) {
        List<BlindToken> tokens = new ArrayList<>();
        for (int i = 0; i < pending.size(); i++) {
            try {
                tokens.add(pending.get(i).finish(responses.get(i)));
            } catch (SignatureRejectedException e) {
                throw new AssertionError("the mint signed something else", e);
            }
        }
        return tokens;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
