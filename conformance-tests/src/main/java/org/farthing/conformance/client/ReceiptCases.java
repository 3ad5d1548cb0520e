package org.farthing.conformance.client;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;

/** What a client makes of {@code Payment-Receipt}. */
@Group("Receipts")
final class ReceiptCases {

    private static final String FIELD = "Payment-Receipt";

    private final ClientLab lab;

    ReceiptCases(ClientLab lab) {
        this.lab = lab;
    }

    /** A shop that changes the members of its receipts; null leaves the receipt out. */
    private Script shop(UnaryOperator<String> change) {
        Script good = Script.shop(lab.offer());
        return (request, visit) -> {
            Reply reply = good.answer(request, visit);
            return reply.values(FIELD).isEmpty()
                    ? reply
                    : reply.without(FIELD)
                            .with(FIELD, change.apply(reply.values(FIELD).get(0)));
        };
    }

    private static UnaryOperator<String> members(java.util.function.Consumer<Map<String, Object>> change) {
        return receipt -> {
            try {
                Map<String, Object> members = new LinkedHashMap<>(StrictJson.parseObject(
                        Base64Url.decode(receipt, "receipt"), "receipt", StrictJson.Limits.FIELD));
                change.accept(members);
                return Base64Url.encodeUtf8(CanonicalJson.write(members));
            } catch (MalformedException e) {
                throw new IllegalStateException("the suite reads its own receipts", e);
            }
        };
    }

    @Case(
            id = "C20-bad-receipt",
            rows = {"C20", "T35", "F-RC-1", "F-RC-22"},
            section = "draft-httpauth-payment-01, Payment-Receipt; receipt.md, F-RC-22",
            title = "A receipt that does not hold is no reason to pay again",
            fix =
                    "Report a receipt you cannot read or verify beside the content; the payment was made, so do not make another.")
    void badReceipt(Trace trace) throws IOException, InterruptedException {
        Map<String, UnaryOperator<String>> receipts = new LinkedHashMap<>();
        receipts.put("without a reference", members(members -> members.remove("reference")));
        receipts.put(
                "with a time in small letters", members(members -> members.put("timestamp", "2026-11-22t10:00:00z")));
        receipts.put("that is no base64url", receipt -> "*" + receipt);
        for (Map.Entry<String, UnaryOperator<String>> receipt : receipts.entrySet()) {
            Visit visit = lab.visit(trace, "a receipt " + receipt.getKey(), shop(receipt.getValue()));
            Count.atMost(visit, 1, "a bad receipt asks for no second payment");
            Count.endedByItself(visit);
        }
    }

    @Case(
            id = "C20-unknown-members",
            rows = {"C20", "C7", "F-EN-15"},
            section = "draft-httpauth-payment-01, Payment-Receipt; receipt.md, F-RC-1",
            title = "A receipt with members nobody knows is as good as one without",
            fix =
                    "Demand status, method, timestamp and reference of a receipt, and ignore every member you do not know.")
    void unknownMembers(Trace trace) throws IOException, InterruptedException {
        Visit plain = lab.visit(
                trace,
                "the four members of the draft",
                shop(members(members ->
                        members.keySet().retainAll(java.util.Set.of("status", "method", "timestamp", "reference")))));
        Visit more = lab.visit(trace, "members nobody knows besides", shop(members(members -> {
            members.keySet().retainAll(java.util.Set.of("status", "method", "timestamp", "reference"));
            members.put("labBalance", 12L);
            members.put("labDetails", Map.of("a", "b"));
        })));
        Count.atMost(plain, 1, "the receipt has all it needs");
        Count.atMost(more, 1, "the receipt has all it needs");
        NotAsExpected.unless(
                Objects.equals(plain.ran().exitCode(), more.ran().exitCode()),
                "the same end with and without unknown members",
                "exit codes " + plain.ran().exitCode() + " and " + more.ran().exitCode());
    }
}
