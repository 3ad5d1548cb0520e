package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.WalletRequest;

/** Pays method {@code wallet} by a receipt token: a wallet service takes the order and vouches for it (wallet-service.md). */
final class ServicePayer implements Payer {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Visit visit;
    private final WalletPayer wallet;
    private final Origin service;

    ServicePayer(Visit visit, WalletPayer wallet, Origin service) {
        this.visit = visit;
        this.wallet = wallet;
        this.service = service;
    }

    /** Whether the offer names the service as a provider. */
    @Override
    public boolean pays(Offer offer) {
        return offer.method().equals("wallet")
                && offer.intent().equals("charge")
                && offer.request()
                        .map(request -> request.path("methodDetails").path("providers"))
                        .filter(JsonNode::isTextual)
                        .filter(providers ->
                                Arrays.asList(providers.textValue().split(" ")).contains(service.text()))
                        .isPresent();
    }

    @Override
    public Proof pay(Offer offer) {
        Challenge challenge = offer.strict();
        PaymentSubmission submission;
        try {
            PaymentOrder order = PaymentOrder.sign(
                    wallet.key(), challenge, service, challenge.paymentRequest().amount(), wallet.wallet());
            submission = new PaymentSubmission(challenge, order);
        } catch (MalformedException | IllegalArgumentException e) {
            throw new NotAsExpected(
                    "a signed challenge of method wallet that a wallet service can pay",
                    "one that it cannot: " + e.getMessage());
        }
        return new Proof(submitted(submission.format()).toPayload(), null);
    }

    private ReceiptToken submitted(String body) {
        URI payments = URI.create(service.text() + "/v1/payments");
        String token = WalletRequest.sign(
                wallet.key(),
                wallet.wallet(),
                service,
                RequestTarget.ofUri("POST", payments),
                body.getBytes(UTF_8),
                visit.site().now(),
                tokenId());
        List<FieldLine> fields = List.of(
                new FieldLine("Authorization", "Bearer " + token), new FieldLine("Content-Type", "application/json"));
        Page page = new Page(PageName.PAID, payments, "POST", fields, body);
        RawAnswer answer = visit.send("the order, to the wallet service", page, page.request());
        if (!answer.isSuccess()) {
            throw new NotApplicable("needs a receipt token, and the wallet service " + service + " gives none: "
                    + answer.brief() + Expect.problemOf(answer)
                    + "; it must know the server as a payee and have money in " + wallet);
        }
        try {
            return ReceiptToken.parse(PaymentReply.parse(answer.body()).receipt());
        } catch (MalformedException e) {
            throw new NotApplicable("needs a receipt token, and what the wallet service " + service + " gives is none: "
                    + e.getMessage());
        }
    }

    private static String tokenId() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** The service and the wallet, not the key. */
    @Override
    public String toString() {
        return wallet + " at " + service;
    }
}
