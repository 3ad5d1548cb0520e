package org.farthing.server.ledger.kit;

import static org.farthing.server.ledger.kit.Payments.USD;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.UsedToken;

/** Makes keys, tokens and messages, by name. The ledger knows them by their ids only, so nothing needs to be signed. */
public final class Tokens {

    /** An issuer whose books these are. */
    public static final String ISSUER = "https://issuer.example";

    /** An issuer that keeps its books elsewhere. */
    public static final String REMOTE = "https://far.example";

    static final List<Long> VALUES = List.of(1L, 2L, 4L);

    private static final Instant START = TestClock.START;
    static final Duration SPEND = Duration.ofDays(60);
    static final Duration REDEEM = Duration.ofDays(67);
    static final Duration SWAP = Duration.ofDays(90);

    private Tokens() {}

    /** A key of {@link #ISSUER}. */
    public static TokenKeyTerms mine(long value) {
        return terms("mine-" + value, ISSUER, true, value, START);
    }

    /** A key of {@link #REMOTE}. */
    public static TokenKeyTerms remote(long value) {
        return terms("remote-" + value, REMOTE, false, value, START);
    }

    /** A key. */
    public static TokenKeyTerms terms(String name, String issuer, boolean mine, long value, Instant from) {
        return new TokenKeyTerms(
                keyId(name),
                issuer,
                mine,
                value,
                USD,
                from,
                from.plus(Duration.ofDays(30)),
                from.plus(SPEND),
                from.plus(REDEEM),
                from.plus(SWAP));
    }

    /** The id of a key by name. */
    public static String keyId(String name) {
        return encode(digest(name));
    }

    /** A token of {@link #ISSUER}. */
    public static UsedToken token(long value, String name) {
        return of("mine-" + value, name);
    }

    /** A token of {@link #REMOTE}. */
    public static UsedToken far(long value, String name) {
        return of("remote-" + value, name);
    }

    /** A token of a key. */
    public static UsedToken of(String key, String name) {
        return new UsedToken(keyId(key), encode(Arrays.copyOf(digest(key + "/" + name), 16)));
    }

    /** A message for a key of {@link #ISSUER}. */
    public static IssuedMessage message(long value, String name) {
        return new IssuedMessage(keyId("mine-" + value), Arrays.copyOf(digest("message " + value + "/" + name), 16));
    }

    static long worth(List<UsedToken> tokens) {
        return tokens.stream().mapToLong(Tokens::worth).sum();
    }

    private static long worth(UsedToken token) {
        return VALUES.stream()
                .filter(value -> token.keyId().equals(keyId("mine-" + value))
                        || token.keyId().equals(keyId("remote-" + value)))
                .findFirst()
                .orElse(1L);
    }

    static byte[] bytes(UsedToken token) {
        return ("token " + token.serial()).getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
