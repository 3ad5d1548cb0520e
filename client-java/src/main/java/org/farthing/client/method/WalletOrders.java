package org.farthing.client.method;

import java.util.Map;
import java.util.Set;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentOrder;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code wallet}, intent {@code charge}, by an order to the payee's own ledger (spec/request.md, spec/wallet-order.md).
 * The ledger is the recipient, and nothing else a challenge names (F-WO-7).
 */
public final class WalletOrders implements PaymentMethod {

    private static final Set<String> CAPTURES = Set.of("exact", "upto");
    private static final String DETAILS = "request.methodDetails.";

    private final Purse purse;

    /**
     * Pays from the wallets of a purse.
     *
     * @param purse the purse
     */
    public WalletOrders(Purse purse) {
        this.purse = purse;
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
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        PaymentRequest.requireCanonical(challenge.request());
        PaymentRequest request = challenge.paymentRequest();
        String recipient = request.recipient();
        if (recipient == null) {
            throw new MalformedException(Fault.MISSING, "request.recipient", "the member is required");
        }
        if (!Origin.parse(recipient, "request.recipient").text().equals(recipient)) {
            throw new MalformedException(Fault.NOT_CANONICAL, "request.recipient", "an origin in its one spelling");
        }
        String capture = detail(request, "capture");
        if (capture == null || !CAPTURES.contains(capture)) {
            throw new MalformedException(Fault.VALUE, DETAILS + "capture", "exact or upto");
        }
        String version = detail(request, "version");
        if (version != null && !version.equals("1")) {
            throw new UnpayableException("the challenge is of a later version of the method");
        }
        if (detail(request, "providers") != null) {
            throw new UnpayableException("the payee wants a wallet service, and this purse has none");
        }
        return new Price(request.amount(), request.currency(), recipient, capture);
    }

    private static @Nullable String detail(PaymentRequest request, String name) throws MalformedException {
        Object value = request.methodDetails().get(name);
        if (value != null && !(value instanceof String)) {
            throw new MalformedException(Fault.TYPE, DETAILS + name, "a string is needed");
        }
        return (String) value;
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
