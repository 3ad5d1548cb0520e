package org.farthing.client.method;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentOrder;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code wallet}, intent {@code charge}, by an order to the payee's own ledger (spec/request.md, spec/wallet-order.md).
 * The ledger is the recipient, and nothing else a challenge names (F-WO-7).
 */
public final class WalletOrders implements PaymentMethod {

    private final Purse purse;
    private final @Nullable Set<String> ledgers;

    /**
     * Pays from the wallets of a purse.
     *
     * @param purse the purse
     */
    public WalletOrders(Purse purse) {
        this.purse = purse;
        this.ledgers = null;
    }

    /**
     * Pays from the wallets of a purse at some payees only. With it a list of methods can prefer the wallet at a payee
     * where there is one, and a wallet service elsewhere.
     *
     * @param purse the purse
     * @param ledgers the payees; challenges of others are not taken
     */
    public WalletOrders(Purse purse, Set<Origin> ledgers) {
        this.purse = purse;
        this.ledgers = ledgers.stream().map(Origin::text).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String method() {
        return "wallet";
    }

    @Override
    public String intent() {
        return "charge";
    }

    @Override
    public boolean takes(Challenge challenge) {
        try {
            return WalletRequests.providers(challenge).isEmpty()
                    && (ledgers == null
                            || ledgers.contains(
                                    String.valueOf(challenge.paymentRequest().recipient())));
        } catch (MalformedException e) {
            return true;
        }
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        Price price = WalletRequests.read(challenge);
        if (WalletRequests.providers(challenge).isPresent()) {
            throw new UnpayableException("the payee wants a wallet service, and this purse has none");
        }
        return price;
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        Origin ledger = new Origin(price.recipient());
        if (!ledger.isHttps() && !ledger.equals(origin)) {
            throw new IllegalArgumentException("a plain-http ledger is paid by requests to itself only");
        }
        PaymentOrder order =
                PaymentOrder.sign(purse.signingKey(ledger), challenge, ledger, price.amount(), purse.walletId(ledger));
        try {
            Map<String, Object> payload = order.toPayload();
            return Credential.of(challenge, DidKey.of(purse.publicKey(ledger)), payload);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("the challenge was not read before", e);
        }
    }

    /** The purse is the secret; nothing of it shows. */
    @Override
    public String toString() {
        return "WalletOrders";
    }
}
