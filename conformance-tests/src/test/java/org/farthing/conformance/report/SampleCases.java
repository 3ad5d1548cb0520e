package org.farthing.conformance.report;

import java.io.IOException;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** One case for every way a case can end; the subject is what the checked program says. */
@Group("Samples")
@SuppressWarnings("DoNotCallSuggester") // cases are called by the suite alone
final class SampleCases {

    /** What must never be seen in a report: a credential as the cases that forget to redact would record it. */
    static final String CREDENTIAL = "eyJjaGFsbGVuZ2UiOnsiaWQiOiJhYmMifSwicGF5bG9hZCI6e319c2VjcmV0";

    private static final String DRAFT = "draft-httpauth-payment-01, Status Codes";

    private final String subject;

    SampleCases(String subject) {
        this.subject = subject;
    }

    @Case(
            id = "S1-unpaid-is-402",
            rows = {"S1", "S7"},
            section = DRAFT,
            title = "a request without a credential is answered 402",
            fix = "Answer 402.")
    void passes(Trace trace) {
        trace.add(
                new Exchange("no credential", "GET / HTTP/1.1\r\n", "HTTP/1.1 402 \r\n", "curl -i http://a.example/"));
    }

    @Case(
            id = "S3-used-id",
            rows = {"S3", "T1"},
            section = DRAFT,
            title = "a used id is refused",
            fix = "Keep the ids that paid, and answer 402 with invalid-challenge to the next one.")
    void fails(Trace trace) {
        trace.add(new Exchange(
                "the same again",
                "GET / HTTP/1.1\r\nAuthorization: Payment " + CREDENTIAL + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Said: " + subject + "\r\n\r\n" + subject,
                "curl -i -H 'Authorization: Payment " + CREDENTIAL + "' http://a.example/"));
        throw new NotAsExpected("402 and invalid-challenge", "200 to Payment " + CREDENTIAL + "\n" + subject);
    }

    @Case(
            id = "S19-expires",
            rows = "S19",
            section = "challenge.md, F-CH-42",
            severity = Severity.SHOULD,
            title = "the challenge says when it expires",
            fix = "Send expires.")
    void warns(Trace trace) {
        throw new NotAsExpected("expires", "none");
    }

    @Case(
            id = "S38-language",
            rows = "S38",
            section = DRAFT,
            severity = Severity.MAY,
            title = "the description has the language asked for",
            fix = "Read Accept-Language.")
    void breaks(Trace trace) throws IOException {
        throw new IOException("no answer within 5 s");
    }

    @Case(
            id = "T4-cross-route",
            rows = {"T4", "S13"},
            section = "binding.md, F-BI-24",
            title = "a credential for one URL does not open another",
            fix = "Bind the route.")
    void skips(Trace trace) {
        throw new NotApplicable("the config names no \"twin\": a second URL at the same price");
    }

    @Case(
            id = "F-RE-1-same-bytes",
            rows = {"F-RE-1", "T1"},
            section = "retry.md, F-RE-1",
            profile = Profile.WALLET,
            title = "the same bytes get the same answer",
            fix = "Keep the answer.")
    void passesForWallets(Trace trace) {}
}
