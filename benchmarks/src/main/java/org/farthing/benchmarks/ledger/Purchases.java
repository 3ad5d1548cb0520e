package org.farthing.benchmarks.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;

/** Charges to be made: each of a challenge of its own, spread over a thousand wallets. As the gate would ask for them. */
public final class Purchases {

    /** What each costs, in base units. */
    public static final long PRICE = 500;

    static final String CURRENCY = "usd.e6";
    private static final int WALLETS = 1000;
    private static final long PLENTY = 1_000_000_000_000L;
    private static final Duration HOLD = Duration.ofSeconds(30);

    /** As long as a receipt with its signature. */
    private static final String RECEIPT = "r".repeat(600);

    private static final StoredOutcome OUTCOME = StoredOutcome.whole(
            200,
            List.of(new StoredOutcome.Field("Content-Type", "text/plain")),
            "x".repeat(100).getBytes(StandardCharsets.US_ASCII),
            RECEIPT);

    private final byte[] seed = new byte[32];
    private final AtomicLong count = new AtomicLong();

    public Purchases() {
        new SecureRandom().nextBytes(seed);
    }

    /** Opens the wallets and fills them. */
    public static void fund(Ledger ledger) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < WALLETS; i++) {
            String wallet = wallet(i);
            WalletKey key = new WalletKey("thumbprint-" + wallet, "{\"kty\":\"OKP\"}");
            all.add(ledger.register(new WalletRegistration(wallet, key))
                    .thenCompose(registered -> ledger.topUp(new TopUp(wallet, CURRENCY, PLENTY, "load")))
                    .toCompletableFuture());
        }
        all.forEach(CompletableFuture::join);
    }

    public HoldRequest next() {
        return next(PRICE);
    }

    HoldRequest next(long price) {
        long number = count.getAndIncrement();
        byte[] digest = digest(number);
        String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        String wallet = wallet((int) (number % WALLETS));
        ChargeTerms terms = new ChargeTerms(
                challenge,
                new StringBuilder(challenge).reverse().toString(),
                challenge,
                wallet,
                "https://api.example.com",
                "/v1/summaries",
                "wallet",
                CURRENCY,
                price,
                Instant.now().plusSeconds(300),
                true);
        return new HoldRequest(terms, "thumbprint-" + wallet, 1, HOLD, null);
    }

    public StoredOutcome outcome() {
        return OUTCOME;
    }

    private static String wallet(int number) {
        return String.format("w_%022d", number);
    }

    private byte[] digest(long number) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(seed);
            return sha256.digest(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
