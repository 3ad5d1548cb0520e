package org.farthing.benchmarks.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.UsedToken;

/** Charges to be made, each paid with one token of an issuer whose books are here. Their signatures are nothing of the ledger's. */
final class UsedTokens {

    private static final String ORIGIN = "https://api.example.com";
    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final byte[] seed = bytes(32);
    private final String keyId = TEXT.encodeToString(bytes(32));
    private final AtomicLong count = new AtomicLong();
    private final Ledger ledger;
    private final Purchases purchases;

    UsedTokens(Ledger ledger, Purchases purchases) {
        this.ledger = ledger;
        this.purchases = purchases;
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        TokenKeyTerms terms = new TokenKeyTerms(
                keyId,
                ORIGIN,
                true,
                Purchases.PRICE,
                Purchases.CURRENCY,
                begin,
                begin.plus(Duration.ofDays(30)),
                begin.plus(Duration.ofDays(60)),
                begin.plus(Duration.ofDays(67)),
                begin.plus(Duration.ofDays(90)));
        var unused = ledger.tokens().openKey(terms).toCompletableFuture().join();
    }

    /** So many times a thousand: no more may be used than were sold. */
    void buy(int thousands) {
        for (int i = 0; i < thousands; i++) {
            HoldRequest request = purchases.next(Purchases.PRICE * Issuance.MOST);
            if (!(ledger.reserve(request).toCompletableFuture().join() instanceof Reserved.Held held)) {
                throw new IllegalStateException("the tokens cannot be paid for");
            }
            List<IssuedMessage> messages = IntStream.range(0, Issuance.MOST)
                    .mapToObj(message -> new IssuedMessage(keyId, bytes(16)))
                    .toList();
            Transition sold = ledger.capture(
                            held.ref(),
                            Purchases.PRICE * Issuance.MOST,
                            purchases.outcome(),
                            new Issuance(ORIGIN, messages))
                    .toCompletableFuture()
                    .join();
            if (!(sold instanceof Transition.Done)) {
                throw new IllegalStateException("the tokens cannot be sold");
            }
        }
    }

    HoldRequest next() {
        byte[] digest = digest(count.getAndIncrement());
        String challenge = TEXT.encodeToString(digest);
        ChargeTerms terms = new ChargeTerms(
                challenge,
                new StringBuilder(challenge).reverse().toString(),
                challenge,
                "t_" + challenge,
                ORIGIN,
                "/v1/summaries",
                "token",
                Purchases.CURRENCY,
                Purchases.PRICE,
                Instant.now().plusSeconds(300),
                true);
        UsedToken token = new UsedToken(keyId, TEXT.encodeToString(Arrays.copyOf(digest, 16)));
        TokenPayment payment = new TokenPayment(ORIGIN, List.of(token), Purchases.PRICE, null, null);
        return new HoldRequest(terms, "-", 0, HOLD, null, payment);
    }

    private byte[] digest(long number) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("token".getBytes(StandardCharsets.US_ASCII));
            sha256.update(seed);
            return sha256.digest(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
