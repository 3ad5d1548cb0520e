package org.farthing.conformance.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;

/** What a server makes of credentials that are unusual, hostile, or something else. */
@Group("Reading credentials")
final class CredentialReadingCases {

    private static final int PADDING = 3 * 1024;

    private final Site site;

    CredentialReadingCases(Site site) {
        this.site = site;
    }

    private RawAnswer raw(Visit visit, String what, String json) {
        return visit.presentOpen(what, site.paid(), "Payment " + Base64Url.encodeUtf8(json));
    }

    private static void delivered(RawAnswer answer, String why) {
        NotAsExpected.unless(answer.isSuccess(), "2xx: " + why, answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "S33-unknown-members-are-ignored",
            rows = {"S33", "F-EN-15", "F-CR-23"},
            section = "draft-httpauth-payment-01, Extensibility",
            title = "Members a server does not know change nothing: in the credential, the echo and the payload",
            fix =
                    "Ignore JSON members you do not know wherever they stand in a credential. Clients of later versions send some.")
    void unknown(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page))
                .with("extension", Map.of("v", "2"))
                .withEcho("jws", "a..b")
                .withEcho("note", "x")
                .withPayload("note", "x");
        delivered(visit.present("a credential with unknown members", page, paid), "unknown members are ignored");
    }

    @Case(
            id = "S36-long-credential",
            rows = {"S36", "F-SV-42"},
            section = "draft-httpauth-payment-01, Size Considerations",
            title = "A credential of more than 4 KB is taken",
            fix =
                    "Raise the header limit of the HTTP server (Jetty's and many others' is 8 KB in all): credentials of 4 KB must"
                            + " pass, 16 KB are better.")
    void size(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page)).with("extension", "x".repeat(PADDING));
        delivered(
                visit.present("a credential of " + paid.token68().length() + " characters", page, paid),
                "credentials of at least 4 KB are taken");
    }

    @Case(
            id = "T23-deep-json",
            rows = {"T23", "F-EN-30", "F-EN-31"},
            section = "encoding.md, F-EN-30 and F-EN-31",
            title = "JSON that is too deep is refused and breaks nothing",
            fix = "Limit how deep JSON may nest (8 is enough) before parsing, and answer 402 malformed-credential.")
    void deep(Trace trace) {
        Visit visit = site.visit(trace);
        String deep = "[".repeat(4_000) + "]".repeat(4_000);
        refusedKindly(raw(visit, "4,000 arrays in one another", deep));
        refusedKindly(raw(visit, "in the payload", "{\"challenge\":{},\"payload\":" + deep + "}"));
        Expect.challenged(visit.unpaid(site.paid()));
    }

    @Case(
            id = "T23-endless-head",
            rows = {"T23", "F-EN-34", "F-SV-42"},
            section = "encoding.md, F-EN-34; server.md, F-SV-42",
            title = "A header section without end is refused and breaks nothing",
            fix = "Limit the header section (24 KB is plenty) and answer 431, or close the connection.")
    void longHead(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        RawRequest request = page.request().withOpen("Authorization", "Payment " + "A".repeat(100_000));
        try {
            refusedKindly(visit.send("a credential of 100,000 characters", page, request));
        } catch (org.farthing.conformance.http.NoAnswer closed) {
            // Closing the connection is correct.
        }
        Expect.challenged(visit.unpaid(page));
    }

    private static void refusedKindly(RawAnswer answer) {
        NotAsExpected.unless(answer.status() >= 400 && answer.status() < 500, "402, or another 4xx", answer.brief());
    }

    @Case(
            id = "T24-name-twice",
            rows = {"T24", "F-EN-10"},
            section = "encoding.md, F-EN-10",
            title = "A credential in which a JSON name stands twice is refused",
            fix = "Use a JSON parser that refuses repeated names: two readers would take different ones.")
    void twice(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page));
        String json = "{\"payload\":{\"proof\":\"another\"}," + paid.json().substring(1);
        Expect.notDelivered(
                raw(visit, paid, page, "the name payload twice", json), "the JSON name \"payload\" stands twice");
        String inner = paid.json().replaceFirst("\"challenge\":\\{", "\"challenge\":{\"id\":\"another\",");
        Expect.notDelivered(raw(visit, paid, page, "the name id twice", inner), "the JSON name \"id\" stands twice");
    }

    /** Presents other JSON in the field of a credential. */
    private static RawAnswer raw(Visit visit, Presented paid, Page page, String what, String json) {
        RawRequest request =
                page.request().without(paid.field()).with(paid.field(), "Payment " + Base64Url.encodeUtf8(json));
        return visit.send(what, page, request);
    }

    @Case(
            id = "T25-request-written-anew",
            rows = {"T25", "S13", "F-BI-2"},
            section = "binding.md, F-BI-2",
            title = "A request that says the same in other bytes is another request",
            fix =
                    "Compute the id over the text of request as it was echoed. Do not decode it and write it anew before the check.")
    void rewritten(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Offer offer = visit.offer(page);
        String json =
                new String(java.util.Base64.getUrlDecoder().decode(offer.text("request")), StandardCharsets.UTF_8);
        String spaced = Base64Url.encodeUtf8(json.replaceFirst("\\{", "{ "));
        String why = "the request has other bytes than the one that was offered";
        // A server may verify the proof over the text it got, or over the text it would have written.
        Presented asOffered = visit.pay(offer).withEcho("request", spaced);
        Expect.notDelivered(visit.present("one space more in the request", page, asOffered), why);
        Presented asEchoed = visit.pay(offer.with("request", spaced));
        Expect.notDelivered(visit.present("one space more, in the proof too", page, asEchoed), why);
    }

    @Case(
            id = "T25-numbers-for-texts",
            rows = {"T25", "F-CR-21"},
            section = "credential.md, F-CR-21",
            title = "Echoed parameters that are no texts are refused",
            fix = "Demand a JSON string for every echoed parameter; take neither numbers nor objects for it.")
    void numbers(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Offer offer = visit.offer(page);
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("amount", 1);
        for (Object value : List.of(1, true, request)) {
            Presented odd = visit.unproven(offer).withEcho("request", value);
            refusedKindly(visit.present("request as " + value.getClass().getSimpleName(), page, odd));
        }
    }

    @Case(
            id = "T34-no-injected-field",
            rows = {"T34", "F-CH-22", "F-OU-2"},
            section = "challenge.md, F-CH-22; outcome.md, F-OU-2",
            title = "Line breaks in what a client sends do not become fields of the answer",
            fix =
                    "Refuse control characters in echoed values, and never write text of the client into a response field unchecked.")
    void injection(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented unproven = visit.unproven(visit.offer(page));
        for (String member : List.of("id", "realm", "intent", "description")) {
            Presented odd = unproven.withEcho(member, "x\r\nX-Injected: yes\r\n\r\n");
            RawAnswer answer = visit.present("a line break in " + member, page, odd);
            NotAsExpected.unless(
                    !answer.has("X-Injected") && !answer.text().startsWith("X-Injected"),
                    "no field X-Injected",
                    "X-Injected from the echoed " + member);
        }
    }

    @Case(
            id = "T35-receipt-is-no-payment",
            rows = {"T35", "F-RC-8", "F-CR-33"},
            section = "receipt.md, F-RC-8",
            title = "A receipt buys nothing: not as credential, not in its own field",
            fix = "Take a receipt for what it is, evidence of an old payment. Never let one open a page.")
    void receipt(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        String receipt = visit.buy(page)
                .answer()
                .first("Payment-Receipt")
                .orElseThrow(() -> new org.farthing.conformance.suite.NotApplicable(
                        "this server sends no Payment-Receipt, so there is none to try"));
        RawRequest plain = page.request().without("Authorization");
        List<RawRequest> tries =
                List.of(plain.with("Authorization", "Payment " + receipt), plain.with("Payment-Receipt", receipt));
        for (RawRequest request : tries) {
            Expect.challenged(visit.send("a receipt for a payment", page, request));
        }
    }
}
