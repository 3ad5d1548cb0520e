package org.farthing.conformance.server;

import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;

/** The issuance of RFC 9578: one request, one response, in bytes. */
final class SingleRequest {

    private static final String TYPE = "application/private-token-request";

    private final Visit visit;
    private final TokenMint mint;
    private final Page page;

    SingleRequest(Visit visit, TokenMint mint) {
        this.visit = visit;
        this.mint = mint;
        this.page = mint.route("issuer-request-uri", null);
    }

    private RawRequest request(byte[] bytes) {
        return page.request().with("Content-Type", TYPE).withBody(bytes);
    }

    /** Sends bytes without a payment. */
    RawAnswer unpaid(byte[] bytes) {
        return visit.send("a request of RFC 9578, unpaid", page, request(bytes));
    }

    /** Pays for a token, which must cost its value. */
    RawAnswer buy(TokenRequest message, long value) {
        List<Offer> offers = Expect.challenged(unpaid(message.bytes()));
        Offer offer = mint.pick(offers);
        NotAsExpected.unless(
                offer.asked("amount").orElse("").equals(Long.toString(value)),
                "a price of " + value + ", the value of the key",
                "a price of " + offer.asked("amount").orElse("(none)"));
        Presented credential = mint.paid(offer);
        return visit.send(
                "the request, paid", page, request(message.bytes()).with(credential.field(), credential.value()));
    }

    /** The response in an answer. */
    TokenResponse response(RawAnswer answer) {
        try {
            return TokenResponse.parse(answer.body());
        } catch (MalformedException e) {
            throw new NotAsExpected("a response of 256 bytes", String.valueOf(e.getMessage()));
        }
    }
}
