package org.farthing.server.gate;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;

/**
 * Gives back what was charged, to the wallet that paid it and nowhere else (F-ST-52). Where the wallet is at a wallet service,
 * the refund is booked here at once and told to the service behind the capture.
 *
 * <p>Each refund has a key of the caller's: repeated with the same key it moves money once. Safe to share between threads;
 * never blocks.
 */
public final class Refunds {

    private static final String PREFIX = "ch_";

    private final Ledger ledger;
    private final Runnable afterwards;

    /**
     * Refunds out of a ledger.
     *
     * @param ledger the ledger
     * @param afterwards what to do after a refund: wake whoever tells wallet services, or nothing
     */
    public Refunds(Ledger ledger, Runnable afterwards) {
        this.ledger = ledger;
        this.afterwards = afterwards;
    }

    /**
     * Gives all of it back.
     *
     * @param reference the receipt's {@code reference}, or the challenge id
     * @param key this refund's own identity, 1 to 128 characters
     * @param reason for people, 1 to 200 characters
     * @return what became of it
     */
    public CompletionStage<RefundResult> all(String reference, String key, String reason) {
        return find(reference)
                .thenCompose(found -> found.isEmpty()
                        ? unknown()
                        : refund(found.get(), found.get().captured(), key, reason));
    }

    /**
     * Gives some of it back.
     *
     * @param reference the receipt's {@code reference}, or the challenge id
     * @param amount how much, in the currency that was charged
     * @param key this refund's own identity, 1 to 128 characters
     * @param reason for people, 1 to 200 characters
     * @return what became of it; fails with {@link IllegalArgumentException} if the amount is in another currency or finer
     *     than the currency counts
     */
    public CompletionStage<RefundResult> part(String reference, Money amount, String key, String reason) {
        return find(reference)
                .thenCompose(found ->
                        found.isEmpty() ? unknown() : refund(found.get(), baseUnits(amount, found.get()), key, reason));
    }

    /** A challenge id may by chance begin as a reference does. */
    private CompletionStage<Optional<Charge>> find(String reference) {
        if (!reference.startsWith(PREFIX)) {
            return ledger.charge(reference);
        }
        return ledger.charge(reference.substring(PREFIX.length()))
                .thenCompose(found ->
                        found.isPresent() ? CompletableFuture.completedFuture(found) : ledger.charge(reference));
    }

    private static long baseUnits(Money amount, Charge charge) {
        CurrencyId currency = new CurrencyId(charge.terms().currency());
        if (!amount.code().equals(currency.code())) {
            throw new IllegalArgumentException(
                    "charged was " + currency.code() + ", " + amount.format() + " cannot be given back");
        }
        try {
            return amount.toAmount(currency).baseUnits();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(amount.format() + " is finer than " + currency + " counts", e);
        }
    }

    private CompletionStage<RefundResult> refund(Charge charge, long amount, String key, String reason) {
        if (amount == Amount.ZERO.baseUnits()) {
            return CompletableFuture.completedFuture(new RefundResult.TooMuch(charge));
        }
        return ledger.refund(new RefundRequest(charge.challengeId(), amount, key, reason))
                .thenApply(result -> {
                    afterwards.run();
                    return result;
                });
    }

    private static CompletionStage<RefundResult> unknown() {
        return CompletableFuture.completedFuture(new RefundResult.Unknown());
    }
}
