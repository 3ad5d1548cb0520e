package org.farthing.conformance.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.jspecify.annotations.Nullable;

/** Wallets, and which challenge was paid by what. Safe for several threads. */
final class TinyBooks {

    /**
     * A challenge that was paid.
     *
     * @param fingerprint of the bytes that paid
     * @param wallet who paid
     * @param content what an idempotency key stands for: target, digest
     * @param done the answer, once there is one
     */
    record Claim(String fingerprint, String wallet, String content, CompletableFuture<TinyAnswer> done) {}

    private final Map<String, VerificationKey> keys = new HashMap<>();
    private final Map<String, Long> balances = new HashMap<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<String, Claim> idempotent = new HashMap<>();

    synchronized String open(VerificationKey key, long money) {
        String wallet = WalletId.of(key);
        keys.put(wallet, key);
        balances.put(wallet, money);
        return wallet;
    }

    synchronized Optional<VerificationKey> key(String wallet) {
        return Optional.ofNullable(keys.get(wallet));
    }

    synchronized long balance(String wallet) {
        return balances.getOrDefault(wallet, 0L);
    }

    synchronized Optional<Claim> claim(String challengeId) {
        return Optional.ofNullable(claims.get(challengeId));
    }

    synchronized Optional<Claim> idempotent(@Nullable String key) {
        return Optional.ofNullable(idempotent.get(key));
    }

    /** Claims a challenge and takes the money; another claim that was first comes back instead. */
    synchronized Optional<Claim> take(String challengeId, Claim claim, @Nullable String key, PaymentRequest request) {
        Claim first = claims.putIfAbsent(challengeId, claim);
        if (first != null) {
            return Optional.of(first);
        }
        balances.merge(claim.wallet(), -request.amount().baseUnits(), Long::sum);
        if (key != null) {
            idempotent.put(key, claim);
        }
        return Optional.empty();
    }

    /** Forgets that a challenge was claimed, which is wrong. */
    synchronized void forget(String challengeId) {
        claims.remove(challengeId);
    }

    /** Gives the money back; the challenge stays claimed. */
    synchronized void giveBack(Claim claim, @Nullable String key, PaymentRequest request) {
        balances.merge(claim.wallet(), request.amount().baseUnits(), Long::sum);
        if (key != null) {
            idempotent.remove(key, claim);
        }
    }
}
