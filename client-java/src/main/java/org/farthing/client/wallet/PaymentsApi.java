package org.farthing.client.wallet;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.LedgerCalls.Call;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.protocol.wallet.ServicePayment;

/**
 * The payer's routes of a wallet service for single payments (spec/wallet-service.md): have a challenge paid, ask what became
 * of it, have it given back. Whether a service may be contacted at all, the caller decides before.
 *
 * <p>Nothing blocks. Futures fail with {@link java.io.IOException}: {@link WalletRefusedException} where the service said no,
 * others where no answer came or none that can be read. Safe to share between threads.
 */
public final class PaymentsApi {

    private static final String PAYMENTS = "/v1/payments";

    private final LedgerCalls calls;
    private final Purse purse;

    /**
     * Makes the routes usable.
     *
     * @param http a client that does not follow redirects
     * @param purse the keys
     * @param clock the time
     * @param loopbackProfile whether plain http to a loopback literal is allowed
     * @throws IllegalArgumentException if the client follows redirects
     */
    public PaymentsApi(HttpClient http, Purse purse, InstantSource clock, boolean loopbackProfile) {
        this.calls = new LedgerCalls(http, clock, loopbackProfile);
        this.purse = purse;
    }

    /**
     * Has a challenge paid. Sending the same submission again changes nothing and gets the same receipt.
     *
     * @param service the service the order was signed for
     * @param submission challenge and order
     * @return the payment and its receipt token, which is not verified yet
     */
    public CompletableFuture<PaymentReply> pay(Origin service, PaymentSubmission submission) {
        String id = submission.challenge().id();
        return signed(new Call("POST", service, PAYMENTS, submission.format(), id))
                .thenApply(answer -> LedgerCalls.read(answer, json -> {
                    PaymentReply reply = PaymentReply.parse(json);
                    requireId(reply.payment(), id);
                    return reply;
                }));
    }

    /**
     * Asks what became of a payment.
     *
     * @param service the service
     * @param challengeId the challenge that was paid
     * @param recipient the payee, because two payees may use one id
     * @return the payment
     */
    public CompletableFuture<ServicePayment> payment(Origin service, String challengeId, String recipient) {
        String query = "?recipient=" + encoded(recipient);
        return asked(
                new Call("GET", service, PAYMENTS + "/" + encoded(challengeId) + query, ""), challengeId, recipient);
    }

    /**
     * Shows the service that the payee gave a payment back.
     *
     * @param service the service
     * @param statement the payee's signed word
     * @return the payment after it
     */
    public CompletableFuture<ServicePayment> release(Origin service, ReleaseStatement statement) {
        String path = PAYMENTS + "/" + encoded(statement.challengeId()) + "/release";
        return asked(
                new Call("POST", service, path, new ReleaseNotice(statement).format()),
                statement.challengeId(),
                statement.recipient());
    }

    private CompletableFuture<byte[]> signed(Call call) {
        return calls.signed(call, purse.signingKey(call.ledger()), purse.walletId(call.ledger()));
    }

    private CompletableFuture<ServicePayment> asked(Call call, String challengeId, String recipient) {
        return signed(call)
                .thenApply(answer -> LedgerCalls.read(answer, json -> {
                    ServicePayment payment = ServicePayment.parse(json);
                    requireId(payment, challengeId);
                    if (!payment.recipient().equals(recipient)) {
                        throw new MalformedException(
                                Fault.VALUE, "payment.recipient", "another payment than was asked for");
                    }
                    return payment;
                }));
    }

    private static void requireId(ServicePayment payment, String challengeId) throws MalformedException {
        if (!payment.challengeId().equals(challengeId)) {
            throw new MalformedException(Fault.VALUE, "payment.challengeId", "another payment than was asked for");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
