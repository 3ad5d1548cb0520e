package org.farthing.server.token;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.testing.TestTokenKeys;
import org.jspecify.annotations.Nullable;

/**
 * An issuer that signs whatever a test wants: six keys, each worth twice the one before, sold for 30 days. It has no ledger and
 * takes no money.
 */
public final class TestIssuer implements AcceptedIssuer {

    public static final Origin ORIGIN = new Origin("https://issuer.example");
    public static final CurrencyId CURRENCY = new CurrencyId("usd.e6");

    /** What the smallest token is worth. */
    public static final long UNIT = 500;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Instant start;
    private final boolean shared;
    private final long limit;
    private final Map<Long, TokenSecretKey> keys = new TreeMap<>();
    private volatile @Nullable IssuerDirectory directory;

    private TestIssuer(Instant start, boolean shared, long limit) {
        this.start = start.truncatedTo(ChronoUnit.SECONDS);
        this.shared = shared;
        this.limit = limit;
        List<PublishedKey> published = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long value = UNIT << i;
            keys.put(value, TestTokenKeys.get(i));
            published.add(published(i, value, this.start));
        }
        publish(published);
    }

    /** An issuer with the ledger of the payee. */
    public static TestIssuer shared(InstantSource clock) {
        return new TestIssuer(clock.instant(), true, 0);
    }

    /** An issuer with another ledger, trusted so far. */
    public static TestIssuer remote(InstantSource clock, long limit) {
        return new TestIssuer(clock.instant(), false, limit);
    }

    /** A key as it is published: for 30 days, spent for 60, redeemed for 67, exchanged for 90. */
    public static PublishedKey published(int key, long value, Instant from) {
        return new PublishedKey(
                TestTokenKeys.publicKey(key),
                Amount.of(value),
                CURRENCY,
                from,
                from.plus(Duration.ofDays(30)),
                from.plus(Duration.ofDays(60)),
                from.plus(Duration.ofDays(67)),
                from.plus(Duration.ofDays(90)));
    }

    /** Has another directory from now on. */
    public void publish(List<PublishedKey> published) {
        directory = IssuerDirectory.of(ORIGIN, IssuerLinks.at(ORIGIN), published, List.of(Bundle.of(Map.of(UNIT, 4))));
    }

    /** Cannot be reached any more. */
    public void vanish() {
        directory = null;
    }

    /** When its keys began. */
    public Instant start() {
        return start;
    }

    @Override
    public Origin origin() {
        return ORIGIN;
    }

    @Override
    public Optional<IssuerDirectory> directory() {
        return Optional.ofNullable(directory);
    }

    @Override
    public boolean sharesLedger() {
        return shared;
    }

    @Override
    public long exposureLimit(CurrencyId currency, Amount amount) {
        if (shared) {
            throw new AssertionError("nobody asks where the ledger is shared");
        }
        return limit;
    }

    /** What the ledger must know of its keys. */
    public List<TokenKeyTerms> terms() {
        return directory().orElseThrow().keys().stream()
                .map(key -> new TokenKeyTerms(
                        key.key().keyId(),
                        ORIGIN.text(),
                        shared,
                        key.value().baseUnits(),
                        key.currency().text(),
                        key.notBefore(),
                        key.notAfter(),
                        key.spendUntil(),
                        key.redeemUntil(),
                        key.swapUntil()))
                .toList();
    }

    /** Fresh tokens of these values for a payee. */
    public List<BlindToken> tokens(Origin payee, long... values) {
        return tokens(TokenChallenge.forPayee(ORIGIN, payee), values);
    }

    /** Fresh tokens of these values. */
    public List<BlindToken> tokens(TokenChallenge challenge, long... values) {
        List<BlindToken> tokens = new ArrayList<>();
        for (long value : values) {
            TokenSecretKey key = keys.get(value);
            if (key == null) {
                throw new IllegalArgumentException("no key is worth " + value);
            }
            tokens.add(token(challenge, key));
        }
        return tokens;
    }

    private static BlindToken token(TokenChallenge challenge, TokenSecretKey key) {
        PendingToken pending = PendingToken.begin(
                key.publicKey(), challenge, random(32), random(48), random(PendingToken.BLIND_SEED_LENGTH));
        try {
            return pending.finish(
                    new TokenResponse(key.blindSign(pending.request().blinded())));
        } catch (MalformedException | SignatureRejectedException e) {
            throw new AssertionError("a token made here is good", e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] some = new byte[bytes];
        RANDOM.nextBytes(some);
        return some;
    }
}
