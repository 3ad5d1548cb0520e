package org.farthing.conformance.server;

import java.util.List;
import org.farthing.conformance.http.NoAnswer;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Ways around a paywall: other methods, conditions, ranges, rewriting, ambiguous messages. */
@Group("Ways around")
final class CornerCases {

    private final Site site;

    CornerCases(Site site) {
        this.site = site;
    }

    /** What the page is, without the numbers that change from time to time. */
    private String bought(Visit visit) {
        return shape(visit.buy(site.paid()).answer().text());
    }

    private static String shape(String body) {
        return body.replaceAll("[0-9]+", "0").strip();
    }

    private static void notGiven(RawAnswer answer, String content, String how) {
        boolean given =
                answer.isSuccess() && !content.isEmpty() && shape(answer.text()).equals(content);
        NotAsExpected.unless(!given, "not the priced page", "the page, unpaid: " + how);
    }

    @Case(
            id = "S47-no-account-needed",
            rows = {"S47", "F-SV-25"},
            section = "draft-httpauth-payment-01, Privacy; server.md, F-SV-25",
            title = "A stranger is offered the page: no login, no registration, no cookie",
            fix = "Answer a request without any identity with 402, not with 401 and not with a redirect to a login.")
    void stranger(Trace trace) {
        Page page = site.paid();
        RawRequest bare = RawRequest.of(page.method(), page.target());
        RawAnswer answer = site.visit(trace).send("no identity at all", page, bare);
        Expect.challenged(answer);
        NotAsExpected.unless(!answer.has("Set-Cookie"), "no cookie with the price", "Set-Cookie");
    }

    @Case(
            id = "T63-head-is-priced",
            rows = {"T63", "F-SV-21", "F-SV-97"},
            section = "server.md, F-SV-21 and F-SV-97",
            title = "HEAD of a priced page is 402 without a body, with a challenge",
            fix = "Ask for payment for HEAD as for GET. A free HEAD tells length, type and ETag of what is sold.")
    void head(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        RawAnswer answer =
                visit.send("HEAD", page, page.request().withMethod("HEAD").withBody((byte[]) null));
        Expect.challenged(answer);
        CacheRules.unstored(answer);
    }

    @Case(
            id = "T63-options-gives-nothing",
            rows = {"T63", "F-SV-22"},
            section = "server.md, F-SV-22",
            title = "OPTIONS does not give the page",
            fix = "Answer OPTIONS yourself with 204 and Allow, or price it; do not hand it to the application.")
    void options(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        String content = bought(visit);
        notGiven(visit.send("OPTIONS", page, page.request().withMethod("OPTIONS")), content, "OPTIONS");
    }

    @Case(
            id = "T63-other-methods-give-nothing",
            rows = {"T63", "F-SV-21"},
            section = "server.md, F-SV-21",
            title = "No other request method gives the page, and a field that names one changes nothing",
            fix =
                    "Price a path for all methods, and let nothing behind or in front of the paywall read X-HTTP-Method-Override.")
    void methods(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        String content = bought(visit);
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "PROPFIND", "X")) {
            RawRequest request = page.request().withMethod(method);
            String[] what = {method};
            around(() -> notGiven(visit.send(what[0], page, request), content, what[0]));
        }
        RawRequest override = page.request().with("X-HTTP-Method-Override", "OPTIONS");
        Expect.challenged(visit.send("X-HTTP-Method-Override", page, override));
    }

    @Case(
            id = "T63-post-without-body",
            rows = {"T63", "F-BI-41"},
            section = "server.md, F-SV-21; binding.md, F-BI-41",
            title = "A POST without a body is priced like one with a body",
            fix =
                    "Ask for payment whether or not there is a body; leave digest out of the challenge when there is none.")
    void emptyPost(Trace trace) {
        Visit visit = site.visit(trace);
        Page post = site.need(PageName.PAID_POST);
        RawRequest empty = post.request().withBody(new byte[0]);
        Expect.challenged(visit.send("an empty body", post, empty));
    }

    @Case(
            id = "T64-conditions-come-after-payment",
            rows = {"T64", "F-SV-14"},
            section = "server.md, F-SV-14",
            title = "If-None-Match, If-Modified-Since and If-Match are looked at after the payment",
            fix = "Evaluate conditional requests behind the paywall: a 304 or 412 tells something about the page.")
    void conditions(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        List<RawRequest> requests = List.of(
                page.request().with("If-None-Match", "*"),
                page.request().with("If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT"),
                page.request().with("If-Match", "\"none\""));
        for (RawRequest request : requests) {
            Expect.challenged(
                    visit.send(request.fields().get(request.fields().size() - 1).name(), page, request));
        }
    }

    @Case(
            id = "T64-ranges-come-after-payment",
            rows = {"T64", "F-SV-14", "F-SV-90"},
            section = "server.md, F-SV-14 and F-SV-90",
            title = "A part of the page costs as much as the page",
            fix = "Evaluate Range behind the paywall.")
    void ranges(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        for (String range : List.of("bytes=0-0", "bytes=-1", "bytes=0-0,2-3")) {
            Expect.challenged(visit.send("Range: " + range, page, page.request().with("Range", range)));
        }
    }

    @Case(
            id = "T65-fields-do-not-rewrite",
            rows = {"T65", "F-SV-23", "F-BI-32"},
            section = "server.md, F-SV-23; binding.md, F-BI-32",
            title = "X-Original-URL and its like do not lead from a free page to a priced one",
            fix =
                    "Put the paywall outside of everything that rewrites paths, and ignore X-Original-URL, X-Rewrite-URL and"
                            + " X-Forwarded-Prefix of clients.")
    void rewriting(Trace trace) {
        Visit visit = site.visit(trace);
        String content = bought(visit);
        Page page = site.paid();
        Page from = site.page(PageName.FREE).orElse(page);
        for (String field : List.of("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path")) {
            RawRequest request = from.request().with(field, page.target());
            notGiven(visit.send(field, from, request), content, field);
        }
    }

    @Case(
            id = "T65-errors-show-nothing",
            rows = {"T65", "F-SV-92"},
            section = "server.md, F-SV-92",
            title = "A request that goes wrong is not answered with the priced page",
            fix = "Do not show priced content as error page, default resource or index of a folder.")
    void errors(Trace trace) {
        Visit visit = site.visit(trace);
        String content = bought(visit);
        Page page = site.paid();
        List<RawRequest> wrong = List.of(
                page.request().withTarget(page.target() + "/"),
                page.request().withTarget(page.target() + "/nothing"),
                page.request().withTarget("/" + "no-such-page-at-all"),
                page.request().withTarget(page.target() + "%"));
        for (RawRequest request : wrong) {
            around(() -> notGiven(visit.send(request.target(), page, request), content, request.target()));
        }
    }

    @Case(
            id = "T51-other-origins-pay-nothing",
            rows = {"T51", "F-SV-33"},
            section = "server.md, F-SV-33",
            severity = Severity.SHOULD,
            title = "A page of any origin cannot read challenges and receipts in its visitors' browsers",
            fix =
                    "Allow CORS to origins you list, never to all: with Access-Control-Allow-Origin * (or the sender's Origin, whatever"
                            + " it is) do not expose WWW-Authenticate or Payment-Receipt, and allow no credentials.")
    void foreignPage(Trace trace) {
        Page page = site.paid();
        String origin = "https://foreign.example";
        RawAnswer answer =
                site.visit(trace).send("Origin: " + origin, page, page.request().with("Origin", origin));
        Expect.challenged(answer);
        String allowed = answer.first("Access-Control-Allow-Origin").orElse("");
        boolean everybody = allowed.equals("*") || allowed.equals(origin);
        boolean readable = answer.hasWord("Access-Control-Expose-Headers", "WWW-Authenticate")
                || answer.hasWord("Access-Control-Expose-Headers", "*")
                || answer.hasWord("Access-Control-Allow-Credentials", "true");
        NotAsExpected.unless(
                !(everybody && readable),
                "no challenge that a page of another origin can read",
                "Access-Control-Allow-Origin: " + allowed + " with the payment fields exposed");
    }

    @Case(
            id = "T49-two-lengths",
            rows = {"T49", "F-SV-46"},
            section = "RFC 9112, 6.3; server.md, F-SV-46",
            title = "A message whose end two readers could see in two places is refused",
            fix =
                    "Answer 400 and close the connection when Content-Length and Transfer-Encoding come together, or Content-Length"
                            + " comes twice. Do not relax the HTTP library's rules.")
    void smuggling(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.page(PageName.PAID_POST).orElse(site.paid());
        RawRequest base = page.request().withMethod("POST").withBody("0\r\n\r\n");
        List<RawRequest> unclear = List.of(
                base.with("Content-Length", "5").with("Transfer-Encoding", "chunked"),
                base.with("Content-Length", "5").with("Content-Length", "4"));
        for (RawRequest request : unclear) {
            around(() -> {
                RawAnswer answer = visit.send("a message with two ends", page, request);
                NotAsExpected.unless(
                        answer.status() >= 400 && answer.status() != 402,
                        "400 and the end of the connection",
                        answer.brief());
            });
        }
    }

    /** A server that closes the connection over a strange request has given nothing away. */
    private static void around(Runnable request) {
        try {
            request.run();
        } catch (NoAnswer closed) {
            // Nothing came, so nothing was given.
        }
    }
}
