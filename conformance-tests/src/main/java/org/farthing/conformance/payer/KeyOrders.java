package org.farthing.conformance.payer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.method.WalletOrders;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code wallet} by orders of one wallet whose private key is at hand, in place of a purse that has a key a payee.
 *
 * @param orders reads offers as a purse does
 * @param key the wallet's key
 * @param made gets the credential, so that it can be sent again
 */
record KeyOrders(WalletOrders orders, SigningKey key, AtomicReference<@Nullable Credential> made)
        implements PaymentMethod {

    @Override
    public String method() {
        return orders.method();
    }

    @Override
    public String intent() {
        return orders.intent();
    }

    @Override
    public boolean takes(Challenge challenge) {
        return orders.takes(challenge);
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        return orders.read(challenge);
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        Origin ledger = new Origin(price.recipient());
        String wallet = WalletId.of(key.publicKey());
        try {
            Map<String, Object> payload = PaymentOrder.sign(key, challenge, ledger, price.amount(), wallet)
                    .toPayload();
            Credential credential = Credential.of(challenge, null, payload);
            made.set(credential);
            return credential;
        } catch (MalformedException e) {
            throw new IllegalArgumentException("the challenge was not read before", e);
        }
    }

    /** The wallet, not the key. */
    @Override
    public String toString() {
        return "wallet " + WalletId.of(key.publicKey());
    }
}
