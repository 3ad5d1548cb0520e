package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.jspecify.annotations.Nullable;

/** Kind {@code payment-request}: the decoded {@code request} of method wallet, read, written and judged. */
final class PaymentRequestCheck implements Check {

    private static final Set<String> NAMED =
            Set.of("amount", "currency", "recipient", "description", "externalId", "methodDetails");

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> json(PaymentRequest.parse(input.text("text")));
            case "canonical" -> PaymentRequest.isCanonical(input.text("text"));
            case "format" -> request(input.object("request")).format();
            default -> throw input.unknownOp();
        };
    }

    private static PaymentRequest request(CaseInput json) throws MalformedException, BrokenVectorException {
        Map<String, @Nullable Object> extensions = new LinkedHashMap<>(json.asMap());
        extensions.keySet().removeAll(NAMED);
        return new PaymentRequest(
                Amount.parse(json.text("amount"), "amount"),
                CurrencyId.parse(json.text("currency"), "currency"),
                json.textOrNull("recipient"),
                json.textOrNull("description"),
                json.textOrNull("externalId"),
                json.map("methodDetails"),
                extensions);
    }

    private static Map<String, Object> json(PaymentRequest request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("amount", request.amount().format());
        json.put("currency", request.currency().text());
        Wire.putPresent(json, "recipient", request.recipient());
        Wire.putPresent(json, "description", request.description());
        Wire.putPresent(json, "externalId", request.externalId());
        json.put("methodDetails", request.methodDetails());
        json.put("extensions", request.extensions());
        return json;
    }
}
