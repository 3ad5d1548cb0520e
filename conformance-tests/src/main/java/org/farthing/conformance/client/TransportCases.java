package org.farthing.conformance.client;

import java.io.IOException;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;

/** What lies between client and server: sizes, intermediaries. */
@Group("Transport")
final class TransportCases {

    private static final String STATUS = "draft-httpauth-payment-01, Status Codes; client.md, F-CL-3";

    private final ClientLab lab;

    TransportCases(ClientLab lab) {
        this.lab = lab;
    }

    @Case(
            id = "C12-four-kilobytes",
            rows = {"C12", "F-EN-34"},
            section = "draft-httpauth-payment-01, Size; encoding.md, F-EN-34",
            title = "A challenge of more than 4096 characters is read and echoed",
            fix =
                    "Let challenges be long: raise the limit your HTTP library has for one header field to 8 KiB or more.")
    void fourKilobytes(Trace trace) throws IOException, InterruptedException {
        Offer large = lab.offer().opaque("pad", "x".repeat(3_200));
        Presented paid = lab.visit(trace, "a challenge of more than 4096 characters", Script.shop(large))
                .paidOnce();
        NotAsExpected.unless(
                String.valueOf(paid.answered().parameter("opaque"))
                        .equals(paid.echo().get("opaque")),
                "the long opaque echoed as it came",
                "opaque has " + String.valueOf(paid.echo().get("opaque")).length() + " characters in the echo");
    }

    @Case(
            id = "C15-bare-402",
            rows = {"C15", "F-CL-3"},
            section = STATUS,
            title = "A 402 is paid by its number and its challenge alone, without reason phrase, body and known fields",
            fix = "Decide on status 402 and WWW-Authenticate only: intermediaries may change reason phrase and body.")
    void bare402(Trace trace) throws IOException, InterruptedException {
        lab.visit(trace, "HTTP/1.1 402 and nothing but the challenge", bare(lab.offer()))
                .paidOnce();
    }

    private static Script bare(Offer offer) {
        return (request, visit) -> request.hasCredential()
                ? visit.serve(request)
                : Reply.bytes(("HTTP/1.1 402 \r\nVia: 1.1 proxy\r\nWarning: 199 - \"changed\"\r\nwww-authenticate: "
                                + visit.issue(request, offer).line()
                                + "\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Case(
            id = "C15-page-of-a-proxy",
            rows = {"C15", "F-CL-3"},
            section = STATUS,
            title = "A 402 whose body is a page of an intermediary is paid by its challenge",
            fix = "Do not need a problem document in the body: a proxy may have put a page of its own there.")
    void pageOfProxy(Trace trace) throws IOException, InterruptedException {
        Script shop = Script.shop(lab.offer());
        Script proxy = (request, visit) -> request.hasCredential()
                ? shop.answer(request, visit)
                : shop.answer(request, visit)
                        .body("text/html", "<!doctype html><title>402</title><p>Payment Required")
                        .with("Via", "1.1 proxy")
                        .with("Proxy-Authenticate", "Basic realm=\"proxy\"");
        lab.visit(trace, "a page of HTML in place of the problem", proxy).paidOnce();
    }

    @Case(
            id = "C15-nothing-to-pay",
            rows = {"C15", "F-CL-3"},
            section = STATUS,
            title = "A 402 without any Payment challenge ends in an error and in no payment",
            fix =
                    "Treat a 402 that offers nothing you can pay as a failure: tell the user, and exit with a code other than 0.")
    void nothingToPay(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(
                trace,
                "a 402 with Basic only",
                (request, going) -> Reply.status(402)
                        .with("WWW-Authenticate", "Basic realm=\"proxy\"")
                        .text("pay\n"));
        visit.notPaid("the answer has no Payment challenge");
        Count.endedByItself(visit);
        NotAsExpected.unless(
                !Integer.valueOf(0).equals(visit.ran().exitCode()), "an exit code other than 0", visit.story());
    }

    @Case(
            id = "F-CH-27-only-402",
            rows = {"F-CH-27", "C15"},
            section = "draft-httpauth-payment-01, Status Codes; challenge.md, F-CH-27",
            title = "A Payment challenge on any other status than 402 is not paid",
            fix =
                    "Look for Payment challenges in 402 answers only; 401, 403 and 200 with one are what their status says.")
    void only402(Trace trace) throws IOException, InterruptedException {
        for (int status : new int[] {200, 401, 403}) {
            Script script = (request, visit) -> request.hasCredential()
                    ? visit.serve(request)
                    : visit.demand(request, lab.offer()).withStatus(status);
            lab.visit(trace, status + " with a good offer", script).notPaid("its status is " + status);
        }
    }

    @Case(
            id = "C13-unknown-certificate",
            rows = {"C13", "T13", "F-CL-2"},
            section = "draft-httpauth-payment-01, Transport Security",
            title = "A server whose certificate nobody vouches for is sent nothing",
            fix = "Leave the verification of certificates and host names switched on; there is no payment without it.")
    void unknownCertificate(Trace trace) throws IOException, InterruptedException {
        Payee impostor = lab.impostor();
        Visit visit = lab.visit(
                trace,
                Plan.get("https with a certificate of its own making", Script.shop(lab.offer()))
                        .at(impostor));
        Count.nothingAt(visit, impostor, "its certificate proves nothing");
        Count.endedByItself(visit);
    }

    @Case(
            id = "T23-oversized-challenge",
            rows = {"T23", "F-EN-30"},
            section = "encoding.md, F-EN-30",
            profile = org.farthing.conformance.suite.Profile.WALLET,
            title = "A challenge of 100,000 characters is not paid, and the client ends",
            fix = "Refuse a WWW-Authenticate value over 16,384 characters before you take it apart.")
    void oversized(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(
                trace,
                "a description of 100,000 characters",
                Script.shop(lab.offer().description("x".repeat(100_000))));
        visit.notPaid("the challenge is longer than any reader should take");
        Count.endedByItself(visit);
    }

    @Case(
            id = "T23-deep-request",
            rows = {"T23", "F-EN-31"},
            section = "encoding.md, F-EN-31",
            profile = org.farthing.conformance.suite.Profile.WALLET,
            title = "A request nested 200 deep is not paid, and the client ends",
            fix = "Refuse JSON that is nested deeper than 8, with a reader that does not recurse for each level.")
    void deep(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("other methods may nest as they like.");
        Object nested = "x";
        for (int level = 0; level < 200; level++) {
            nested = java.util.Map.of("a", nested);
        }
        Visit visit = lab.visit(
                trace, "a request nested 200 deep", Script.shop(lab.offer().member("zz", nested)));
        visit.notPaid("its request is nested deeper than any reader should follow");
        Count.endedByItself(visit);
    }
}
