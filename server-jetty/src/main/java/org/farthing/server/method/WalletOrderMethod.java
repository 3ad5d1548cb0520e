package org.farthing.server.method;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code wallet}, intent {@code charge}: orders against the embedded ledger, one paid round trip (spec/wallet-order.md).
 *
 * <p>An unknown wallet, an unknown or revoked key and a bad signature are one answer and one signature check each, so wallets
 * cannot be found by trying (F-WO-21, T53). Keys come from the wallet's record, never from the message.
 *
 * <p>Thread-safe; never blocks.
 */
public final class WalletOrderMethod implements PaymentMethod {

    private static final MethodId ID = new MethodId("wallet");
    private static final Refused NOT_VERIFIED =
            new Refused(ProblemType.VERIFICATION_FAILED, "The payment could not be verified.");
    private static final Refused NO_ORDER =
            new Refused(ProblemType.INVALID_PAYLOAD, "The payload is not an order in the form of this method.");
    private static final Refused SUSPENDED =
            new Refused(ProblemType.WALLET_SUSPENDED, "This wallet is suspended and cannot pay.");

    private final Ledger ledger;
    private final @Nullable String walletUrl;
    private final WalletKeyCache keys = new WalletKeyCache();
    private final Decoy decoy = new Decoy();

    /**
     * Creates the method.
     *
     * @param ledger the ledger that debits
     */
    public WalletOrderMethod(Ledger ledger) {
        this(ledger, null);
    }

    /**
     * Creates the method.
     *
     * @param ledger the ledger that debits
     * @param walletUrl a page where a person opens or tops up a wallet, of the payee's origin; or null
     */
    public WalletOrderMethod(Ledger ledger, @Nullable String walletUrl) {
        this.ledger = ledger;
        this.walletUrl = walletUrl;
    }

    @Override
    public MethodId id() {
        return ID;
    }

    @Override
    public Set<Intent> intents() {
        return Set.of(Intent.CHARGE);
    }

    @Override
    public PaymentRequest offer(Offer offer, RequestFacts facts) {
        Map<String, @Nullable Object> details = new TreeMap<>();
        details.put("capture", offer.upTo() ? "upto" : "exact");
        Duration pass = offer.pass();
        if (pass != null) {
            details.put("pass", Long.toString(pass.toSeconds()));
        }
        if (walletUrl != null) {
            details.put("walletUrl", walletUrl);
        }
        return new PaymentRequest(
                offer.amount(), offer.currency(), facts.origin().text(), offer.description(), null, details, Map.of());
    }

    @Override
    public boolean offersAhead() {
        return true;
    }

    /** An order is of the wallet whose key signed it. */
    @Override
    public boolean knowsPayers() {
        return true;
    }

    /** A request that names wallet services is paid there and not with an order. */
    @Override
    public boolean takes(PaymentRequest request) {
        return !request.methodDetails().containsKey("providers");
    }

    @Override
    public CompletionStage<Authorization> verify(Presentation presentation) {
        PaymentOrder order;
        try {
            order = PaymentOrder.parse(presentation.credential());
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(NO_ORDER);
        }
        return ledger.wallet(order.wallet()).thenApply(wallet -> judge(order, presentation, wallet));
    }

    private Authorization judge(PaymentOrder order, Presentation presentation, Optional<Wallet> found) {
        Wallet wallet = found.orElse(null);
        VerificationKey key = wallet == null ? null : key(wallet, order);
        if (wallet == null || key == null) {
            decoy.verify(order);
            return NOT_VERIFIED;
        }
        try {
            order.verify(key, presentation.facts().origin());
        } catch (SignatureRejectedException e) {
            if (e.reason() != SignatureRejectedException.Reason.BAD_SIGNATURE) {
                decoy.verify(order);
            }
            return NOT_VERIFIED;
        }
        if (wallet.status() != Wallet.Status.ACTIVE) {
            return SUSPENDED;
        }
        Claim claim = new Claim(order.challenge().id(), wallet.id(), key.thumbprint(), wallet.version());
        Movement movement = new Movement(
                order.maxAmount(),
                presentation.request().currency(),
                presentation.facts().origin().text());
        return new Payable(claim, movement);
    }

    private @Nullable VerificationKey key(Wallet wallet, PaymentOrder order) {
        try {
            return wallet.key(order.kid()).map(keys::parsed).orElse(null);
        } catch (MalformedException e) {
            return null;
        }
    }
}
