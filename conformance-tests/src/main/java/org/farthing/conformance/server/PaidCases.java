package org.farthing.conformance.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;

/** What a valid payment gets. */
@Group("Paid")
final class PaidCases {

    private static final String STATUS = "draft-httpauth-payment-01, Status Codes";
    private static final String RECEIPT = "draft-httpauth-payment-01, Payment-Receipt";

    private final Site site;

    PaidCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S5-paid-is-delivered",
            rows = {"S5", "F-ST-31"},
            section = STATUS,
            title = "A valid payment gets the resource",
            fix =
                    "When the proof verifies, run the application and answer 2xx. If this fails although your own client can pay, look at"
                            + " the evidence: the credential may echo more or less than your server expects.")
    void delivered(Trace trace) {
        Visit visit = site.visit(trace);
        Presented credential = visit.payAnyhow(visit.offer(site.paid()));
        RawAnswer answer = visit.present("the credential that pays", site.paid(), credential);
        NotAsExpected.unless(answer.isSuccess(), "2xx", answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "S5-paid-post-is-delivered",
            rows = {"S5", "S24", "F-BI-44"},
            section = STATUS,
            title = "A valid payment for a request with a body gets the resource",
            fix = "Compare the digest of the body with the one in the challenge; both are over the bytes as they came.")
    void postDelivered(Trace trace) {
        var unused = site.visit(trace).buy(site.need(PageName.PAID_POST));
    }

    @Case(
            id = "S5-every-offer-can-be-paid",
            rows = {"S5", "F-CH-32"},
            section = STATUS,
            title = "Each of several offers can be paid",
            fix = "Find the offer a credential answers by what it echoes, not by its place in the list.")
    void everyOffer(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.SEVERAL);
        int offers = Expect.challenged(visit.unpaid(page)).size();
        NotAsExpected.unless(offers > 1, "several challenges", "one");
        int paid = 0;
        for (int at = 0; at < offers; at++) {
            Offer offer = Expect.challenged(visit.unpaid(page)).get(at);
            if (site.payer().pays(offer)) {
                RawAnswer answer = visit.present("offer " + (at + 1) + ", paid", page, visit.pay(offer));
                NotAsExpected.unless(
                        answer.isSuccess(), "2xx for offer " + (at + 1), answer.brief() + Expect.problemOf(answer));
                paid++;
            }
        }
        if (paid == 0) {
            throw new NotApplicable("needs a payment, and none of the offers can be paid by " + site.payer());
        }
    }

    @Case(
            id = "S6-denied-is-403",
            rows = {"S6", "S9", "F-PR-50"},
            section = STATUS,
            title = "Who paid and may not have it gets 403 without a challenge",
            fix =
                    "When a policy denies the request whoever pays, answer 403 without WWW-Authenticate: Payment, and do not keep the money.")
    void denied(Trace trace) {
        RawAnswer answer = paidAnswer(trace, PageName.DENIED);
        Expect.status(answer, 403);
        NotAsExpected.unless(Offer.in(answer).isEmpty(), "403 without a challenge", "403 that asks to pay");
    }

    /** Pays for a page whose application does not answer 2xx. */
    private RawAnswer paidAnswer(Trace trace, PageName name) {
        Visit visit = site.visit(trace);
        Page page = site.need(name);
        return visit.present("the credential that pays", page, visit.pay(visit.offer(page)));
    }

    @Case(
            id = "S25-receipt-is-sent",
            rows = {"S25", "F-RC-3"},
            section = RECEIPT,
            severity = Severity.SHOULD,
            title = "A paid answer has a receipt",
            fix =
                    "Add Payment-Receipt to the 2xx answer: base64url of {\"status\":\"success\",\"method\":…,\"reference\":…,"
                            + "\"timestamp\":…}.")
    void receipt(Trace trace) {
        RawAnswer answer = site.visit(trace).buy(site.paid()).answer();
        NotAsExpected.unless(answer.has("Payment-Receipt"), "Payment-Receipt", "none");
    }

    @Case(
            id = "S26-receipt-can-be-read",
            rows = {"S26", "F-RC-1", "F-RC-2", "C20"},
            section = RECEIPT,
            title = "The receipt says success, the method, a reference and a time",
            fix =
                    "Send one Payment-Receipt field: base64url without padding of a JSON object with status \"success\", the method, a"
                            + " reference that is not empty, and timestamp in RFC 3339 with upper-case T and Z.")
    void readableReceipt(Trace trace) {
        Visit.Bought bought = site.visit(trace).buy(site.paid());
        List<String> fields = bought.answer().all("Payment-Receipt");
        if (fields.isEmpty()) {
            throw new NotApplicable("the server sends no receipts (S25-receipt-is-sent)");
        }
        NotAsExpected.unless(fields.size() == 1, "one Payment-Receipt field", fields.size() + " of them");
        try {
            PaymentReceipt receipt = PaymentReceipt.parse(fields.get(0));
            NotAsExpected.unless(
                    receipt.method().equals(bought.offer().method()),
                    "the method that was paid, " + bought.offer().method(),
                    receipt.method());
        } catch (MalformedException e) {
            throw new NotAsExpected("a receipt that can be read", String.valueOf(e.getMessage()));
        }
    }

    @Case(
            id = "S27-no-receipt-on-refusal",
            rows = {"S27", "F-RC-3"},
            section = RECEIPT,
            title = "Refused requests get no receipt",
            fix = "Send Payment-Receipt on 2xx answers only.")
    void refusalReceipt(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        for (RawAnswer answer : List.of(
                visit.unpaid(page),
                visit.presentOpen("a token that is no credential", page, "Payment AAAA"),
                visit.present("a payload without a proof", page, visit.unproven(visit.offer(page))))) {
            noReceipt(answer);
        }
    }

    @Case(
            id = "S27-no-receipt-on-failure",
            rows = {"S27", "T44", "F-RC-3", "F-ST-31"},
            section = RECEIPT,
            title = "An application that fails, denies or finds nothing sends no receipt",
            fix = "Decide on the receipt after the application answered, and leave it out unless the status is 2xx.")
    void failureReceipt(Trace trace) {
        List<PageName> names = List.of(PageName.FAILING, PageName.MISSING, PageName.DENIED).stream()
                .filter(name -> site.page(name).isPresent())
                .toList();
        if (names.isEmpty()) {
            var unused = site.need(PageName.FAILING);
        }
        for (PageName name : names) {
            noReceipt(paidAnswer(trace, name));
        }
    }

    private static void noReceipt(RawAnswer answer) {
        if (!answer.isSuccess()) {
            NotAsExpected.unless(
                    !answer.has("Payment-Receipt"), "no Payment-Receipt with " + answer.status(), "a receipt");
        }
    }

    @Case(
            id = "S9-paid-and-not-there-is-404",
            rows = {"S9", "F-PR-20"},
            section = STATUS,
            severity = Severity.SHOULD,
            title = "Who paid for what is not there gets 404, not 402",
            fix =
                    "Pass the application's 404 on. Another 402 would make the client pay again for something that does not exist.")
    void paidNotThere(Trace trace) {
        RawAnswer answer = paidAnswer(trace, PageName.MISSING);
        NotAsExpected.unless(answer.status() == 404, "404", answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "T44-failure-keeps-no-money",
            rows = {"T44", "F-ST-31", "F-PR-20", "F-OU-1"},
            section = "charge.md, F-ST-31",
            title = "When the application fails after the payment, the answer says so and does not look like a sale",
            fix =
                    "Hold the money while the application runs and give it back when it fails. Answer with its 5xx, or with a 402 that says"
                            + " in its problem body that nothing was charged; never with 2xx.")
    void failure(Trace trace) {
        RawAnswer answer = paidAnswer(trace, PageName.FAILING);
        NotAsExpected.unless(
                answer.status() >= 500 || answer.status() == 402, "5xx, or 402 and not charged", answer.brief());
        String outcome = answer.first("Payment-Outcome").orElse("");
        NotAsExpected.unless(
                !outcome.startsWith("captured") && !answer.has("Payment-Receipt"),
                "nothing that says the money was taken",
                answer.has("Payment-Receipt") ? "a receipt" : "Payment-Outcome: " + outcome);
        if (answer.status() == 402) {
            String said = Expect.json(answer)
                    .map(body -> body.path("code"))
                    .map(JsonNode::asText)
                    .orElse("");
            NotAsExpected.unless(
                    said.equals("PAYMENT_RELEASED") || outcome.startsWith("released"),
                    "a 402 that says nothing was charged",
                    "402" + Expect.problemOf(answer) + ": a client cannot tell whether it has paid");
        }
    }
}
