package org.farthing.conformance.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** How a server says no: problem bodies, waiting times, and nothing about its inside. */
@Group("Problems")
final class ProblemCases {

    private static final String SECTION = "draft-httpauth-payment-01, Error Responses; problems.md";

    private final Site site;

    ProblemCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S31-unpaid-has-a-problem-body",
            rows = {"S31", "F-PR-1"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "A 402 to a request without credential has a problem body of type payment-required",
            fix = "Send an application/problem+json body (RFC 9457) with type"
                    + " https://paymentauth.org/problems/payment-required, title, status 402 and detail.")
    void unpaid(Trace trace) {
        RawAnswer answer = site.visit(trace).unpaid(site.paid());
        Expect.challenged(answer);
        wellFormed(answer);
        Expect.problem(answer, "payment-required");
    }

    @Case(
            id = "S31-refusal-has-a-problem-body",
            rows = {"S31", "F-PR-1", "F-PR-3"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "A refused credential is answered with a problem body whose type says why",
            fix =
                    "Send an application/problem+json body whose type is one of https://paymentauth.org/problems/malformed-credential,"
                            + " invalid-challenge, payment-expired or verification-failed.")
    void refused(Trace trace) {
        RawAnswer answer =
                site.visit(trace).presentOpen("a credential that is no JSON", site.paid(), "Payment bm90IEpTT04");
        wellFormed(answer);
        Expect.problem(answer, "malformed-credential");
    }

    private static void wellFormed(RawAnswer answer) {
        NotAsExpected.unless(
                answer.mediaType().equals("application/problem+json"),
                "Content-Type: application/problem+json",
                "Content-Type: " + answer.mediaType());
        JsonNode body = Expect.json(answer)
                .orElseThrow(() -> new NotAsExpected("a JSON object as the body", "a body that is none"));
        NotAsExpected.unless(
                !body.has("status") || body.path("status").asInt() == answer.status(),
                "the status of the answer, " + answer.status() + ", in the body",
                "status " + body.path("status").asText());
    }

    @Case(
            id = "S32-waiting-is-timed",
            rows = {"S32", "F-PR-22", "F-RE-10"},
            section = "draft-httpauth-payment-01, Error Responses; problems.md, F-PR-22",
            severity = Severity.SHOULD,
            title = "Whoever is asked to come back later is told when",
            fix =
                    "Send Retry-After, in whole seconds, with every 409 for a request in progress, every 429 and every 503.")
    void retryAfter(Trace trace) {
        Visit visit = site.visit(trace);
        Page slow = site.need(PageName.SLOW);
        Presented paid = visit.pay(visit.offer(slow));
        List<RawRequest> both = List.of(
                visit.request(slow, paid),
                visit.request(slow, paid.with("source", "somebody")),
                visit.request(slow, paid.with("source", "somebody else")));
        List<RawAnswer> asked = visit.together("one payment in three spellings", slow, both).stream()
                .filter(answer -> List.of(409, 429, 503).contains(answer.status()))
                .toList();
        if (asked.isEmpty()) {
            throw new NotApplicable(
                    "nobody was asked to come back: no 409, 429 or 503 while the page \"slow\" was in progress");
        }
        for (RawAnswer answer : asked) {
            String value = answer.first("Retry-After").orElse("");
            boolean afterwards = answer.status() == 409
                    && Expect.json(answer)
                            .map(body -> body.path("code").asText().equals("ALREADY_FULFILLED"))
                            .orElse(false);
            NotAsExpected.unless(
                    afterwards || value.matches("[0-9]{1,6}|[A-Z][a-z]{2}, .*GMT"),
                    "Retry-After with a " + answer.status(),
                    value.isEmpty() ? "no Retry-After" : "Retry-After: " + value);
        }
    }

    @Case(
            id = "S56-payload-of-another-form",
            rows = {"S56", "F-CR-26"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "A payload that is not in its method's form is invalid-payload",
            fix =
                    "Check the payload's members before the proof, and answer 402 with type"
                            + " https://paymentauth.org/problems/invalid-payload and a fresh challenge when they are not there.")
    void payload(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        RawAnswer answer = visit.present("a payload of no method", site.paid(), visit.unproven(offer));
        Expect.refusedAfresh(answer, offer.id());
        Expect.problem(answer, "invalid-payload");
    }

    @Case(
            id = "S56-method-nobody-has",
            rows = {"S56", "S31", "F-CR-27"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "A credential of a method the server does not have is refused, and said to be one",
            fix = "Answer a credential whose method you do not have with 400 and type"
                    + " https://paymentauth.org/problems/method-unsupported. (402 invalid-challenge is accepted too: its id is none"
                    + " of yours.)")
    void method(Trace trace) {
        Visit visit = site.visit(trace);
        Presented credential = visit.unproven(visit.offer(site.paid())).withEcho("method", "nosuchmethod");
        RawAnswer answer = visit.present("method nosuchmethod", site.paid(), credential);
        NotAsExpected.unless(
                answer.status() == 400 || answer.status() == 402, "400, or 402 with a fresh challenge", answer.brief());
        Expect.problem(answer, "method-unsupported", "invalid-challenge");
    }

    @Case(
            id = "S40-credential-is-not-repeated",
            rows = {"S40", "S41", "F-CR-32", "F-PR-7"},
            section = "draft-httpauth-payment-01, Security Considerations; problems.md, F-PR-7",
            title = "No answer repeats the credential it refuses",
            fix =
                    "Never write the Authorization field, or a part of the payload, into a body, a field or an error page.")
    void leak(Trace trace) {
        Visit visit = site.visit(trace);
        String secret = "c2VjcmV0LXByb29mLW9mLXRoaXMtcGF5ZXI";
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("proof", secret);
        Presented unproven = visit.unproven(visit.offer(site.paid())).with("payload", payload);
        notRepeated(visit.present("a proof that proves nothing", site.paid(), unproven), unproven, secret);
        Presented foreign = unproven.withEcho("id", "not-an-id-of-this-server");
        notRepeated(visit.present("an id nobody issued", site.paid(), foreign), foreign, secret);
        RawAnswer broken = visit.presentOpen("no credential at all", site.paid(), "Payment " + secret);
        notRepeated(broken, unproven, secret);
    }

    private static void notRepeated(RawAnswer answer, Presented credential, String secret) {
        String all = answer.fields() + "\n" + answer.text();
        NotAsExpected.unless(
                !all.contains(credential.token68()) && !all.contains(secret),
                "an answer without what the client sent as proof",
                "the credential, or its payload, in the " + (answer.text().contains(secret) ? "body" : "answer"));
    }

    @Case(
            id = "S42-nothing-of-the-inside",
            rows = {"S42", "F-PR-7"},
            section = "draft-httpauth-payment-01, Security Considerations; problems.md, F-PR-7",
            title = "No refusal shows the server's inside",
            fix =
                    "Answer with fixed sentences: no stack traces, class names, file paths or statements of a database, which in time"
                            + " show a secret.")
    void inside(Trace trace) {
        Visit visit = site.visit(trace);
        for (String value : List.of("Payment %%%", "Payment e30", "Payment " + "A".repeat(5_000))) {
            String text =
                    visit.presentOpen("not a credential", site.paid(), value).text();
            NotAsExpected.unless(
                    !text.matches(
                            "(?s).*((\\n|\\\\n)(\\s|\\\\t)*at [\\w.$]+\\(|Traceback \\(most recent|goroutine [0-9]+ \\[|SELECT .* FROM ).*"),
                    "a sentence for people",
                    "a stack trace or a statement of a database");
        }
    }
}
