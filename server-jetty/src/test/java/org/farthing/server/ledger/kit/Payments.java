package org.farthing.server.ledger.kit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.IdempotencyScope;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.jspecify.annotations.Nullable;

/** Makes requests for tests, with one wallet {@code w_alice} unless said otherwise. */
public final class Payments {

    public static final String ALICE = "w_alice";
    public static final String PAYEE = "https://api.example.com";
    public static final String USD = "usd.e6";
    public static final String SERVICE = "https://wallet.example";
    public static final long MOST = 999_999_999_999_999_999L;
    public static final Duration COLLECT = Duration.ofHours(1);
    public static final Duration HOLD = Duration.ofSeconds(30);
    public static final Duration VALID = Duration.ofMinutes(5);

    public static final StoredOutcome ANSWER = StoredOutcome.whole(
            200, List.of(new StoredOutcome.Field("content-type", "text/plain")), new byte[] {'o', 'k'}, "receipt");
    public static final StoredOutcome TOO_LARGE = StoredOutcome.withoutBody(200, "receipt");

    private final InstantSource clock;

    public Payments(InstantSource clock) {
        this.clock = clock;
    }

    public ChargeTerms terms(String challengeId, long amount) {
        return terms(challengeId, challengeId, ALICE, amount, clock.instant().plus(VALID));
    }

    public static ChargeTerms terms(String challengeId, String paymentId, String wallet, long amount, Instant expires) {
        return new ChargeTerms(
                challengeId,
                "hash-" + challengeId,
                paymentId,
                wallet,
                PAYEE,
                "docs",
                "wallet",
                USD,
                amount,
                expires,
                true);
    }

    public HoldRequest hold(String challengeId, long amount) {
        return hold(terms(challengeId, amount));
    }

    public static HoldRequest hold(ChargeTerms terms) {
        return hold(terms, null);
    }

    public static HoldRequest hold(ChargeTerms terms, @Nullable IdempotencyScope key) {
        return new HoldRequest(terms, thumbprint(terms.wallet()), 1, HOLD, key);
    }

    /** A hold of money at {@link #SERVICE}, for a token whose hold there ends an hour after the challenge. */
    public HoldRequest backed(String challengeId, long amount, long exposureLimit) {
        return backed(challengeId, amount, SERVICE, "t-" + challengeId, exposureLimit);
    }

    public HoldRequest backed(String challengeId, long amount, String service, String tokenId, long exposureLimit) {
        Instant expires = clock.instant().plus(VALID);
        String pseudonym = "r_" + Integer.toHexString((service + " " + tokenId).hashCode());
        ChargeTerms terms = terms(challengeId, pseudonym, pseudonym, amount, expires);
        return backed(terms, new Backing(service, tokenId, expires.plus(COLLECT), exposureLimit, "rb-" + challengeId));
    }

    public static HoldRequest backed(ChargeTerms terms, Backing backing) {
        return new HoldRequest(terms, "key-of-the-service", 0, HOLD, null, backing);
    }

    /** A wallet service's hold for {@link #PAYEE}, ordered by Alice. */
    public PaymentHold vouched(String challengeId, long amount) {
        return vouched(ALICE, PAYEE, challengeId, amount);
    }

    public PaymentHold vouched(String wallet, String recipient, String challengeId, long amount) {
        return vouched(wallet, recipient, challengeId, "t-" + challengeId + recipient.hashCode(), USD, amount);
    }

    public PaymentHold vouched(
            String wallet, String recipient, String challengeId, String tokenId, String currency, long amount) {
        Instant expires = clock.instant().plus(VALID);
        return new PaymentHold(
                wallet,
                thumbprint(wallet),
                1,
                recipient,
                challengeId,
                "order of " + challengeId + " by " + wallet,
                tokenId,
                "the token " + tokenId,
                currency,
                amount,
                expires,
                expires.plus(COLLECT),
                "rb-" + challengeId);
    }

    public static WalletRegistration registration(String wallet) {
        return new WalletRegistration(wallet, key(thumbprint(wallet)));
    }

    public static WalletKey key(String thumbprint) {
        return new WalletKey(thumbprint, "{\"kty\":\"OKP\"}");
    }

    private static String thumbprint(String wallet) {
        return "key-of-" + wallet;
    }

    /** Waits for a stage; its failure becomes the test's, unwrapped. */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(cause);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the ledger did not answer", e);
        }
    }
}
