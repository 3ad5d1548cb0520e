package org.farthing.conformance.server;

import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** A payment for one request, used for another. */
@Group("Other requests")
final class RouteCases {

    private static final String BINDING = "draft-httpauth-payment-01, Challenge binding; binding.md, F-BI-24";
    private static final String FIX =
            "Compare what the echoed challenge asks (amount, currency, recipient, intent) with what this very"
                    + " request costs, after the id was verified, and put the request's method and URL into opaque so that the id covers"
                    + " them. Refuse with 402, a fresh challenge and …/invalid-challenge.";

    private final Site site;

    RouteCases(Site site) {
        this.site = site;
    }

    private void refusedAt(Visit visit, Page paidFor, Page other, String what) {
        Presented credential = visit.pay(visit.offer(paidFor)).in("Authorization");
        RawAnswer answer = visit.present(what, other, credential);
        Expect.refusedAfresh(answer, credential.echoed("id"));
        Expect.problem(answer, "invalid-challenge");
    }

    @Case(
            id = "T4-cheap-pays-no-dear",
            rows = {"T4", "S13", "F-BI-24", "F-SV-7"},
            section = BINDING,
            title = "A payment for a cheap page does not buy a dear one",
            fix = FIX)
    void dear(Trace trace) {
        refusedAt(
                site.visit(trace),
                site.paid(),
                site.need(PageName.DEAR),
                "paid for the cheap page, used on the dear one");
    }

    @Case(
            id = "T4-twin-is-another-page",
            rows = {"T4", "F-BI-24"},
            section = BINDING,
            severity = Severity.SHOULD,
            title = "A payment for one page does not buy another one of the same price",
            fix = FIX)
    void twin(Trace trace) {
        refusedAt(site.visit(trace), site.paid(), site.need(PageName.TWIN), "paid for one page, used on another");
    }

    @Case(
            id = "T4-other-request-method",
            rows = {"T4", "F-BI-26"},
            section = BINDING,
            severity = Severity.SHOULD,
            title = "A payment for GET does not buy a POST to the same URL",
            fix = FIX)
    void otherMethod(Trace trace) {
        Visit visit = site.visit(trace);
        Presented credential = visit.pay(visit.offer(site.paid()));
        RawRequest post =
                visit.request(site.paid(), credential).withMethod("POST").withBody("");
        RawAnswer answer = visit.send("paid for GET, used for POST", site.paid(), post);
        Expect.notDelivered(answer, "the payment was for " + site.paid().method());
    }

    @Case(
            id = "T4-other-query",
            rows = {"T4", "F-BI-26"},
            section = BINDING,
            severity = Severity.SHOULD,
            title = "A payment for a URL does not buy it with another query",
            fix = "Put the query into what the id covers, unless it has nothing to do with what is sold.")
    void otherQuery(Trace trace) {
        Visit visit = site.visit(trace);
        Presented credential = visit.pay(visit.offer(site.paid()));
        String target = site.paid().target();
        RawRequest other = visit.request(site.paid(), credential)
                .withTarget(target + (target.contains("?") ? "&" : "?") + "kit=1");
        Expect.notDelivered(
                visit.send("paid without, used with a query", site.paid(), other), "the payment was for " + target);
    }

    @Case(
            id = "T5-other-realm",
            rows = {"T5", "S13", "F-BI-13", "F-SV-7"},
            section = BINDING,
            title = "A payment for one realm does not buy at another one with the same secret",
            fix =
                    "Compare the echoed realm with your own, and the recipient with who is paid here, before you take the payment; or"
                            + " give every realm a secret of its own.")
    void otherRealm(Trace trace) {
        refusedAt(site.visit(trace), site.need(PageName.OTHER_REALM), site.paid(), "paid at another realm, used here");
    }

    @Case(
            id = "S24-other-body-is-refused",
            rows = {"S24", "T6", "F-BI-44", "F-SV-8"},
            section = "draft-httpauth-payment-01, Challenge parameters, digest",
            title = "A body with another digest than the challenge's is refused",
            fix =
                    "Where the challenge has digest, hash the body you received and compare, before the application runs. If they differ,"
                            + " answer 402 with a fresh challenge.")
    void otherBody(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        Offer offer = visit.offer(page);
        if (offer.get("digest").isEmpty()) {
            throw new NotApplicable("the challenge for a body has no digest (S18-digest-for-bodies)");
        }
        RawRequest swapped = visit.request(page, visit.pay(offer)).withBody(page.body() + " ");
        Expect.refusedAfresh(visit.send("paid for one body, sent with another", page, swapped), offer.id());
    }

    @Case(
            id = "T6-body-is-bound",
            rows = {"T6", "S24", "F-BI-41"},
            section = "binding.md, F-BI-41",
            severity = Severity.SHOULD,
            title = "A payment for one body does not buy another one",
            fix = "Put the digest of the body into the challenge, and check it before the application runs.")
    void bodyIsBound(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        Presented credential = visit.pay(visit.offer(page));
        RawRequest swapped = visit.request(page, credential).withBody("something else");
        Expect.notDelivered(
                visit.send("paid for one body, sent with another", page, swapped), "that body was not paid for");
    }

    @Case(
            id = "T6-body-cannot-be-added",
            rows = {"T6", "F-BI-41"},
            section = "binding.md, F-BI-41",
            severity = Severity.SHOULD,
            title = "A payment for a request without a body does not buy one with a body",
            fix = "Take a challenge without digest as a challenge for an empty body, and refuse any other.")
    void bodyAdded(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        Offer offer = visit.pick(Expect.challenged(
                visit.send("no credential, no body", page, page.request().withBody(new byte[0]))));
        RawRequest with = visit.request(page, visit.pay(offer));
        Expect.notDelivered(visit.send("paid without a body, sent with one", page, with), "that body was not paid for");
    }

    @Case(
            id = "T7-no-spelling-is-free",
            rows = {"T7", "F-BI-27", "F-SV-20"},
            section = "binding.md, F-BI-27",
            title = "No other spelling of a priced path gets around the payment",
            fix =
                    "Look the price up by the path your application sees, after decoding and removing dot segments, or refuse odd paths"
                            + " with 400 or 404 altogether.")
    void spellings(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        RawAnswer nothing = visit.send(
                "a URL that is not there",
                page,
                page.request().withTarget(Spelling.path(page.target()) + "-not-there"));
        for (String target : Spelling.variants(page.target())) {
            RawAnswer answer =
                    visit.send("no credential, " + target, page, page.request().withTarget(target));
            boolean sameAsNothing =
                    answer.status() == nothing.status() && answer.text().equals(nothing.text());
            NotAsExpected.unless(
                    !answer.isSuccess() || sameAsNothing,
                    "402, or a refusal, for " + target,
                    answer.brief() + " with " + answer.body().length + " bytes");
        }
    }

    @Case(
            id = "T7-no-spelling-is-cheaper",
            rows = {"T7", "T4", "F-BI-27"},
            section = "binding.md, F-BI-27",
            title = "A payment for a cheap page buys no spelling of a dear one",
            fix = FIX)
    void cheaperSpellings(Trace trace) {
        Visit visit = site.visit(trace);
        Page dear = site.need(PageName.DEAR);
        String folder = site.paid().target().endsWith("/")
                ? site.paid().target()
                : site.paid().target() + "/";
        Presented credential = visit.pay(visit.offer(site.paid()));
        for (String target : List.of(
                folder + ".." + dear.target(),
                folder + "%2e%2e" + dear.target(),
                folder + "..;" + dear.target(),
                site.paid().target() + "\\.." + dear.target())) {
            RawRequest request = visit.request(dear, credential).withTarget(target);
            Expect.notDelivered(
                    visit.send("paid for the cheap page, sent to " + target, dear, request),
                    "it paid for another page");
        }
    }
}
