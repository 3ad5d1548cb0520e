package org.farthing.client.method;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.purse.Purse;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.wallet.PaymentsApi;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.ReceiptToken.Expectations;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.protocol.wallet.ServicePayment;

/**
 * Method {@code wallet}, intent {@code charge}, by way of a wallet service (spec/client.md, F-CL-60 to F-CL-69): the order
 * goes to a service of the purse, and the payee gets the service's receipt token. The services a challenge lists are
 * compared with the purse's and are never an address (F-WO-7).
 */
public final class WalletReceipts implements ExchangingMethod {

    private final Purse purse;
    private final List<Origin> services;
    private final PaymentsApi payments;
    private final KeyFetcher keys;
    private final InstantSource clock;

    /**
     * Pays through wallet services.
     *
     * @param purse the keys
     * @param services the services that may be used, the most wanted first; as a rule what the purse lists
     * @param payments how they are asked
     * @param keys where their key documents come from
     * @param clock the time
     */
    public WalletReceipts(
            Purse purse, List<Origin> services, PaymentsApi payments, KeyFetcher keys, InstantSource clock) {
        this.purse = purse;
        this.services = List.copyOf(services);
        this.payments = payments;
        this.keys = keys;
        this.clock = clock;
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
            return WalletRequests.providers(challenge).isPresent();
        } catch (MalformedException e) {
            return true;
        }
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        Price price = WalletRequests.read(challenge);
        List<String> accepted = WalletRequests.providers(challenge)
                .orElseThrow(() -> new UnpayableException("the payee takes no wallet service, only wallets at itself"));
        if (challenge.jws() == null) {
            throw new UnpayableException("a wallet service pays only for offers that the payee signed");
        }
        if (!challenge.id().matches("[A-Za-z0-9_-]{1,64}")) {
            throw new MalformedException(Fault.VALUE, "challenge.id", "no wallet service can name this payment");
        }
        // A key that pays real money never signs for a plain-http payee, nor the other way round (F-BI-34).
        boolean real = price.recipient().startsWith("https:");
        Origin service = services.stream()
                .filter(known -> known.isHttps() == real && accepted.contains(known.text()))
                .findFirst()
                .orElseThrow(() ->
                        new UnpayableException("the payee takes wallet services, and none of them is in this purse"));
        return new Price(price.amount(), price.currency(), price.recipient(), price.capture(), service);
    }

    /** The order: a credential only in form, which is exchanged before anything goes to the payee. */
    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        Origin service = price.service();
        if (service == null || !contacts(service)) {
            throw new IllegalArgumentException("an order is signed for a service of the purse only");
        }
        PaymentOrder order = PaymentOrder.sign(
                purse.signingKey(service), challenge, service, price.amount(), purse.walletId(service));
        try {
            return Credential.of(challenge, null, order.toPayload());
        } catch (MalformedException e) {
            throw new IllegalArgumentException("the challenge was not read before", e);
        }
    }

    @Override
    public boolean contacts(Origin service) {
        return services.contains(service);
    }

    @Override
    public CompletableFuture<Origin> ready(Origin service) {
        return keys.ofOwn(service, null).thenApply(document -> {
            boolean signs = document.keys().stream().anyMatch(this::signsReceipts);
            if (!document.payee().equals(service.text()) || !signs) {
                throw new CompletionException(
                        new IOException(service + " is no wallet service: its keys sign no receipts"));
            }
            return service;
        });
    }

    private boolean signsReceipts(VerificationKey key) {
        try {
            key.requireUsable(clock.instant());
            return key.roles().contains(Role.RECEIPT_TOKEN);
        } catch (SignatureRejectedException e) {
            return false;
        }
    }

    @Override
    public boolean isOrder(String token68) {
        try {
            return PaymentOrder.TYPE.equals(
                    Credential.parse("Payment " + token68).payload().get("type"));
        } catch (MalformedException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<Exchange> exchange(Challenge challenge, String token68, Origin service) {
        PaymentSubmission submission;
        try {
            PaymentOrder order = PaymentOrder.parse(Credential.parse("Payment " + token68));
            submission = new PaymentSubmission(challenge, order);
        } catch (MalformedException | IllegalArgumentException e) {
            return CompletableFuture.completedFuture(new Exchange.Unusable("the stored order is not readable"));
        }
        return payments.pay(service, submission)
                .thenCompose(reply -> checked(challenge, service, reply))
                .exceptionally(failure -> ServiceWords.exchange(service, cause(failure)));
    }

    private CompletableFuture<Exchange> checked(Challenge challenge, Origin service, PaymentReply reply) {
        if (reply.payment().state() == ServicePayment.State.RELEASED
                || reply.payment().state() == ServicePayment.State.EXPIRED) {
            return CompletableFuture.completedFuture(new Exchange.Unusable("the payment was given back before"));
        }
        ReceiptToken token;
        try {
            token = ReceiptToken.parse(reply.receipt());
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(new Exchange.Unusable("its receipt token is not readable"));
        }
        return keys.ofOwn(service, null).thenCompose(document -> {
            Optional<SignatureRejectedException> rejected = verify(challenge, service, token, document);
            if (rejected.isPresent() && rejected.get().reason() == Reason.UNKNOWN_KEY) {
                // The key may be newer than the document we kept; the fetcher bounds how often we may ask again.
                return keys.ofOwn(service, document)
                        .thenApply(newer -> exchanged(challenge, token, verify(challenge, service, token, newer)));
            }
            return CompletableFuture.completedFuture(exchanged(challenge, token, rejected));
        });
    }

    private static Exchange exchanged(
            Challenge challenge, ReceiptToken token, Optional<SignatureRejectedException> rejected) {
        return rejected.<Exchange>map(
                        no -> new Exchange.Unusable("its receipt token does not hold: " + no.getMessage()))
                .orElseGet(() -> new Exchange.Paid(Credential.of(challenge, null, token.toPayload())));
    }

    /** All that the payee will check, and that it is this very service that vouches (F-CL-64). */
    private Optional<SignatureRejectedException> verify(
            Challenge challenge, Origin service, ReceiptToken token, KeyDirectory document) {
        try {
            if (!document.payee().equals(service.text())) {
                throw new SignatureRejectedException(Reason.WRONG_ISSUER, "the keys are another service's");
            }
            // Half a minute less than payees want, because this check may come a moment after the token was made.
            token.verify(
                    document,
                    new Expectations(challenge, Expectations.DEFAULT_CAPTURE_WINDOW.minus(ReceiptToken.CLOCK_SKEW)),
                    clock.instant());
            return Optional.empty();
        } catch (SignatureRejectedException e) {
            return Optional.of(e);
        }
    }

    @Override
    public CompletableFuture<Standing> standing(Challenge challenge, Origin service) {
        try {
            String recipient = String.valueOf(challenge.paymentRequest().recipient());
            return said(payments.payment(service, challenge.id(), recipient), service);
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(
                    new Standing(Standing.State.UNCLEAR, "the stored challenge is not readable"));
        }
    }

    @Override
    public CompletableFuture<Standing> release(ReleaseStatement statement, Origin service) {
        return said(payments.release(service, statement), service);
    }

    private static CompletableFuture<Standing> said(CompletableFuture<ServicePayment> answer, Origin service) {
        return answer.handle((payment, failure) -> payment == null || failure != null
                ? ServiceWords.standing(service, failure == null ? null : cause(failure))
                : ServiceWords.standing(service, payment));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The purse is the secret; nothing of it shows. */
    @Override
    public String toString() {
        return "WalletReceipts" + services;
    }
}
