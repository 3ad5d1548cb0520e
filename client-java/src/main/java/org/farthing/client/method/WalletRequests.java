package org.farthing.client.method;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** Reads the requests of method {@code wallet} (spec/request.md), for both ways to pay them. */
final class WalletRequests {

    private static final Set<String> CAPTURES = Set.of("exact", "upto");
    private static final String DETAILS = "request.methodDetails.";

    private WalletRequests() {}

    /** What the request asks; its price at the payee itself. */
    static Price read(Challenge challenge) throws MalformedException, UnpayableException {
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
        return new Price(request.amount(), request.currency(), recipient, capture);
    }

    /** The wallet services the payee accepts; empty if it is the ledger itself. */
    static Optional<List<String>> providers(Challenge challenge) throws MalformedException {
        return Optional.ofNullable(detail(challenge.paymentRequest(), "providers"))
                .map(list -> List.of(list.split(" ", -1)));
    }

    private static @Nullable String detail(PaymentRequest request, String name) throws MalformedException {
        Object value = request.methodDetails().get(name);
        if (value != null && !(value instanceof String)) {
            throw new MalformedException(Fault.TYPE, DETAILS + name, "a string is needed");
        }
        return (String) value;
    }
}
