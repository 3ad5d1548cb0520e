package org.farthing.conformance.server;

import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.jspecify.annotations.Nullable;

/** Pays method {@code wallet}, intent {@code charge}, by an order for the wallet whose key it has (wallet-order.md). */
public final class WalletPayer implements Payer {

    private final SigningKey key;
    private final String wallet;
    private final @Nullable Origin ledger;

    /**
     * A payer.
     *
     * @param key the wallet's key
     * @param wallet the wallet, or null for the one this key opened
     * @param ledger who debits, or null for the payee itself
     */
    public WalletPayer(SigningKey key, @Nullable String wallet, @Nullable Origin ledger) {
        this.key = key;
        this.wallet = wallet == null ? WalletId.of(key.publicKey()) : wallet;
        this.ledger = ledger;
    }

    /** The wallet it pays from. */
    public String wallet() {
        return wallet;
    }

    /** The wallet's key. */
    public SigningKey key() {
        return key;
    }

    @Override
    public boolean pays(Offer offer) {
        return offer.method().equals("wallet") && offer.intent().equals("charge") && !asksForReceiptToken(offer);
    }

    /** An offer with providers is paid by what one of them signs, not by an order to the payee's ledger (request.md). */
    private static boolean asksForReceiptToken(Offer offer) {
        return offer.request()
                .filter(request -> request.path("methodDetails").has("providers"))
                .isPresent();
    }

    @Override
    public Proof pay(Offer offer) {
        Challenge challenge = offer.strict();
        try {
            PaymentRequest request = challenge.paymentRequest();
            PaymentOrder order = PaymentOrder.sign(key, challenge, ledger(request), request.amount(), wallet);
            return new Proof(order.toPayload(), null);
        } catch (MalformedException e) {
            throw new NotAsExpected("a request of method wallet", "one that cannot be read: " + e.getMessage());
        }
    }

    private Origin ledger(PaymentRequest request) throws MalformedException {
        return ledger != null ? ledger : Origin.parse(String.valueOf(request.recipient()), "request.recipient");
    }

    /** The wallet, not the key. */
    @Override
    public String toString() {
        return "wallet " + wallet;
    }
}
