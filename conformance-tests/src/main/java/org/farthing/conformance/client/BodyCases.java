package org.farthing.conformance.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.binding.ContentDigest;

/** Requests with a body, and what a challenge says about it. */
@Group("Body")
final class BodyCases {

    private static final String BODY = "{\"hello\": \"world\", \"text\": \"\u00fcber \u20ac\"}";

    private final ClientLab lab;

    BodyCases(ClientLab lab) {
        this.lab = lab;
    }

    private static String digestOf(String body) {
        return ContentDigest.of(body.getBytes(StandardCharsets.UTF_8)).format();
    }

    private Offer bound() {
        return lab.offer()
                .parameter("digest", request -> ContentDigest.of(request.body()).format());
    }

    @Case(
            id = "C3-same-body-again",
            rows = {"C3", "F-BI-45", "F-CL-7"},
            section = "draft-httpauth-payment-01, Request Body Binding",
            title = "The paid request has the body the challenge was made for, and the echo has its digest",
            fix = "Keep the body, send the same bytes again with the credential, and copy digest into the echo.")
    void sameBody(Trace trace) throws IOException, InterruptedException {
        lab.need(Errand.POST);
        Visit visit = lab.visit(trace, Plan.post("a digest", Script.shop(bound()), BODY));
        Presented credential = visit.paidWell();
        byte[] sent = credential.request().body();
        NotAsExpected.unless(
                Arrays.equals(sent, BODY.getBytes(StandardCharsets.UTF_8)),
                "the body of " + BODY.getBytes(StandardCharsets.UTF_8).length + " bytes again",
                sent.length == 0 ? "no body" : "another one, of " + sent.length + " bytes");
        NotAsExpected.unless(
                credential.request().method().equals("POST"),
                "POST again",
                credential.request().method());
        Object echoed = credential.echo().get("digest");
        String digest = String.valueOf(credential.answered().parameter("digest"));
        NotAsExpected.unless(digest.equals(echoed), "challenge.digest = " + digest, String.valueOf(echoed));
    }

    @Case(
            id = "C3-digest-of-another-body",
            rows = {"C3", "F-BI-45", "F-CL-7"},
            section = "draft-httpauth-payment-01, Request Body Binding",
            title = "A challenge for another body is not paid",
            fix =
                    "Compute the SHA-256 of the body you are about to send and compare it with digest before you sign. If they differ,"
                            + " the payment could only be used for something else.")
    void otherBody(Trace trace) throws IOException, InterruptedException {
        lab.need(Errand.POST);
        Offer other = lab.offer().parameter("digest", digestOf("something else"));
        lab.visit(trace, Plan.post("the digest of another body", Script.shop(other), BODY))
                .notPaid("digest belongs to another body");
    }

    @Case(
            id = "C3-digest-without-a-body",
            rows = {"C3", "F-CL-7"},
            section = "draft-httpauth-payment-01, Request Body Binding",
            title = "A challenge for some body is not paid by a request that has none",
            fix = "Where the challenge has digest and your request has no body, pay nothing.")
    void noBody(Trace trace) throws IOException, InterruptedException {
        Offer other = lab.offer().parameter("digest", digestOf("something else"));
        lab.visit(trace, "the digest of a body, for a GET", Script.shop(other))
                .notPaid("digest belongs to a body, and the request has none");
    }

    @Case(
            id = "C3-digest-without-colons",
            rows = {"C3", "F-BI-40"},
            section = "binding.md, F-BI-40; RFC 9530",
            severity = Severity.SHOULD,
            title = "A digest written without colons is understood",
            fix =
                    "Accept sha-256=<base64> beside sha-256=:<base64>: — servers in the field write both — and echo what you got.")
    void oldForm(Trace trace) throws IOException, InterruptedException {
        lab.need(Errand.POST);
        Offer bare = lab.offer()
                .parameter(
                        "digest",
                        request -> ContentDigest.of(request.body()).format().replace(":", ""));
        Presented credential = lab.visit(trace, Plan.post("a digest without colons", Script.shop(bare), BODY))
                .paidOnce();
        String digest = String.valueOf(credential.answered().parameter("digest"));
        Object echoed = credential.echo().get("digest");
        NotAsExpected.unless(digest.equals(echoed), "challenge.digest = " + digest, String.valueOf(echoed));
    }
}
