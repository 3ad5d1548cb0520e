package org.farthing.conformance.client;

import java.io.IOException;
import java.util.List;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Redirects, and plain http: where a credential must not go. */
@Group("Transport")
final class RedirectCases {

    private final ClientLab lab;

    RedirectCases(ClientLab lab) {
        this.lab = lab;
    }

    /** Asks for money, and answers the credential with a redirect. */
    private Script sentOn(int status, String location) {
        return (request, visit) -> {
            if (request.path().endsWith("/next")) {
                return request.hasCredential()
                        ? visit.serve(request)
                        : Reply.status(200).text("free\n");
            }
            return request.hasCredential()
                    ? Reply.redirect(status, location.replace("{path}", visit.path("next")))
                    : visit.demand(request, lab.offer());
        };
    }

    @Case(
            id = "T14-credential-stays-at-its-origin",
            rows = {"T14", "F-CL-22"},
            section = "threats.md, T14; client.md, F-CL-22",
            title = "A credential does not follow a redirect to another origin",
            fix =
                    "Follow no redirect with the credential. Most HTTP libraries carry Payment-Authorization along, and some carry"
                            + " Authorization to another port: switch automatic redirects off for the paid request.")
    void otherOrigin(Trace trace) throws IOException, InterruptedException {
        Payee other = lab.elsewhere();
        for (int status : new int[] {302, 307, 308}) {
            Visit visit = lab.visit(
                    trace, status + " to another origin after payment", sentOn(status, other.origin() + "{path}"));
            String token = visit.paid().token();
            List<Received> there = visit.seen().stream()
                    .map(Visit.Seen::request)
                    .filter(request -> request.origin().equals(other.origin()))
                    .toList();
            NotAsExpected.unless(
                    there.stream().noneMatch(request -> request.text().contains(token) || request.hasCredential()),
                    "no credential at another origin",
                    "the " + status + " took it along to " + other.origin());
        }
    }

    @Case(
            id = "T14-credential-not-sent-on",
            rows = {"T14", "F-CL-22", "F-CL-71"},
            section = "client.md, F-CL-22",
            severity = Severity.SHOULD,
            title = "A credential does not follow a redirect within the origin either",
            fix = "Treat the new URL as a new request without a credential: what was paid for was the old one.")
    void sameOrigin(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "307 within the origin after payment", sentOn(307, "{path}"));
        var unused = visit.paid();
        NotAsExpected.unless(
                visit.credentials().stream()
                        .noneMatch(credential -> credential.request().path().endsWith("/next")),
                "no credential at the new URL",
                "the 307 took it along to " + visit.path("next"));
    }

    @Case(
            id = "T14-redirect-before-payment",
            rows = {"T14", "C11", "F-CL-3", "F-CL-26"},
            section = "threats.md, T14; client.md, F-CL-26",
            title = "An origin that was only redirected to is not paid",
            fix =
                    "Do not follow a redirect to another origin, or at least do not pay there: whoever ran the command allowed the origin of"
                            + " the URL.")
    void beforePayment(Trace trace) throws IOException, InterruptedException {
        Payee other = lab.elsewhere();
        Script script = (request, visit) -> {
            if (request.origin().equals(other.origin())) {
                return request.hasCredential() ? visit.serve(request) : visit.demand(request, lab.offer());
            }
            return Reply.redirect(302, other.origin() + visit.path("page"));
        };
        lab.visit(trace, "302 to another origin before payment", script)
                .notPaid("the command was sent to " + lab.home().origin() + ", not to " + other.origin());
    }

    @Case(
            id = "T14-redirect-within-the-origin",
            rows = {"T14", "F-CL-26"},
            section = "client.md, F-CL-26",
            title = "After a redirect within the origin, at most the page that asked for money gets a credential",
            fix = "Answer the 402 by the request that got it, to the same URL; not by the one you started with.")
    void withinOrigin(Trace trace) throws IOException, InterruptedException {
        Script script = (request, visit) -> {
            if (!request.path().endsWith("/next")) {
                return Reply.redirect(302, visit.path("next"));
            }
            return request.hasCredential() ? visit.serve(request) : visit.demand(request, lab.offer());
        };
        Visit visit = lab.visit(trace, "302 within the origin before payment", script);
        for (Presented credential : visit.credentials()) {
            NotAsExpected.unless(
                    credential.request().path().endsWith("/next"),
                    "a credential at " + visit.path("next") + " alone",
                    "one at " + credential.request().path());
        }
    }

    @Case(
            id = "T13-plain-http",
            rows = {"T13", "C13", "F-CL-2"},
            section = "draft-httpauth-payment-01, Transport Security",
            title = "A server that is asked over plain http is not paid, loopback aside",
            fix =
                    "Refuse to pay unless the request went over TLS. Exempt literal loopback addresses (127.0.0.1, [::1]) alone, and only"
                            + " where the user said so.")
    void plainHttp(Trace trace) throws IOException, InterruptedException {
        lab.visit(
                        trace,
                        Plan.get("plain http, not loopback", Script.shop(lab.offer()))
                                .at(lab.plain()))
                .notPaid("the page came over plain http from " + lab.plain().origin());
    }

    @Case(
            id = "T13-downgrade",
            rows = {"T13", "T14", "F-CL-2"},
            section = "threats.md, T13",
            title = "A credential does not follow a redirect to plain http",
            fix = "Follow no redirect with the credential, least of all to a URL without TLS.")
    void downgrade(Trace trace) throws IOException, InterruptedException {
        Payee plain = lab.plain();
        Visit visit = lab.visit(trace, "307 to plain http after payment", sentOn(307, plain.origin() + "{path}"));
        var unused = visit.paid();
        NotAsExpected.unless(
                visit.requests(plain).stream().noneMatch(Received::hasCredential),
                "no credential over plain http",
                "the 307 took it along to " + plain.origin());
    }
}
