package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Where a credential may stand, how often, and in which spelling. */
@Group("Credential field")
final class CredentialFieldCases {

    private static final String AUTHORIZATION = "Authorization";
    private static final String PAYMENT_AUTHORIZATION = "Payment-Authorization";
    private static final String SELECTION =
            "draft-httpauth-payment-01, Credential Field Selection; credential.md, F-CR-7";

    private final Site site;

    CredentialFieldCases(Site site) {
        this.site = site;
    }

    private static void refusedAsSeveral(RawAnswer answer) {
        NotAsExpected.unless(answer.status() == 400, "400 for more than one credential", answer.brief());
        NotAsExpected.unless(Offer.in(answer).isEmpty(), "400 without a challenge", "400 with a challenge");
    }

    @Case(
            id = "S52-several-credentials",
            rows = {"S52", "T49", "F-CR-3"},
            section = "draft-httpauth-payment-01, Authorization; credential.md, F-CR-3",
            severity = Severity.SHOULD,
            title = "Two Payment credentials in one request are 400, in two lines and in one",
            fix =
                    "Answer 400 when a request has more than one Authorization line, or a Payment credential in a comma list. Two"
                            + " readers on the way would pick different ones.")
    void several(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented one = visit.unproven(visit.offer(page));
        Presented two = visit.unproven(visit.offer(page));
        RawRequest base = page.request().without(AUTHORIZATION);
        refusedAsSeveral(visit.send(
                "two lines", page, base.with(AUTHORIZATION, one.value()).with(AUTHORIZATION, two.value())));
        refusedAsSeveral(visit.send("a list of two", page, base.with(AUTHORIZATION, one.value() + ", " + two.value())));
        refusedAsSeveral(
                visit.send("beside another scheme", page, base.with(AUTHORIZATION, "Bearer app, " + one.value())));
    }

    @Case(
            id = "S56-several-credentials-are-bad-request",
            rows = {"S56", "F-PR-3"},
            section = "draft-httpauth-payment-01, Error Responses",
            severity = Severity.SHOULD,
            title = "The 400 for two credentials has a problem body of type bad-request",
            fix = "Use the type https://paymentauth.org/problems/bad-request.")
    void badRequest(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        String value = visit.unproven(visit.offer(page)).value();
        RawRequest base = page.request().without(AUTHORIZATION);
        RawAnswer answer =
                visit.send("two lines", page, base.with(AUTHORIZATION, value).with(AUTHORIZATION, value));
        Expect.problem(answer, "bad-request");
    }

    @Case(
            id = "T49-paid-twice-in-one-request",
            rows = {"T49", "S52", "F-CR-3", "F-CR-4"},
            section = "credential.md, F-CR-3 and F-CR-4",
            title = "A credential that pays delivers nothing when a second one stands beside it",
            fix =
                    "Refuse a request with two credentials before either is looked at, also when one stands in Authorization and one"
                            + " in Payment-Authorization.")
    void paidTwice(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page));
        String other = visit.unproven(visit.offer(page)).value();
        RawRequest base = page.request().without(AUTHORIZATION);
        RawAnswer lines = visit.send(
                "two lines", page, base.with(AUTHORIZATION, paid.value()).with(AUTHORIZATION, other));
        Expect.notDelivered(lines, "the request has two credentials");
        RawAnswer fields = visit.send(
                "two fields", page, base.with(AUTHORIZATION, paid.value()).with(PAYMENT_AUTHORIZATION, paid.value()));
        Expect.notDelivered(fields, "the request has two credentials");
        Expect.status(visit.present("the same credential alone", page, paid), 200);
    }

    @Case(
            id = "S53-credential-in-the-other-field",
            rows = {"S53", "F-CR-7"},
            section = SELECTION,
            title = "A credential for Authorization pays nothing in Payment-Authorization, and the other way round",
            fix =
                    "Look at the echoed header parameter: without it the credential counts in Authorization only, with it in"
                            + " Payment-Authorization only. Answer 402 invalid-challenge otherwise.")
    void otherField(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page));
        String other = paid.field().equals(AUTHORIZATION) ? PAYMENT_AUTHORIZATION : AUTHORIZATION;
        RawAnswer answer = visit.present("the credential in " + other, page, paid.in(other));
        Expect.challenged(answer);
        site.page(PageName.OWN_AUTHORIZATION).ifPresent(own -> {
            Presented selected = visit.pay(visit.offer(own));
            RawRequest request = own.request().without(AUTHORIZATION).with(AUTHORIZATION, selected.value());
            Expect.notDelivered(
                    visit.send("the credential in Authorization", own, request),
                    "its challenge selected Payment-Authorization");
        });
    }

    @Case(
            id = "S54-header-cannot-be-added",
            rows = {"S54", "F-BI-1"},
            section = "draft-httpauth-payment-01, Challenge Binding; binding.md, F-BI-1",
            title = "A client cannot give a challenge a field selection it did not have",
            fix =
                    "Compute the id over header too, as the eighth slot when it is there, and check it with what the client echoes.")
    void headerAdded(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Offer offer = visit.offer(page);
        if (!offer.field().equals(AUTHORIZATION)) {
            throw new NotApplicable("the page \"paid\" selects Payment-Authorization already");
        }
        Presented moved = visit.pay(offer.with("header", PAYMENT_AUTHORIZATION));
        Expect.refusedAfresh(visit.present("header added to the echo", page, moved), offer.id());
    }

    @Case(
            id = "S54-header-cannot-be-left-out",
            rows = {"S54", "S53", "F-BI-1"},
            section = "draft-httpauth-payment-01, Challenge Binding; binding.md, F-BI-1",
            title = "A client cannot take the field selection off a challenge",
            fix =
                    "Compute the id over header too, as the eighth slot when it is there, and check it with what the client echoes.")
    void headerLeftOut(Trace trace) {
        Visit visit = site.visit(trace);
        Page own = site.need(PageName.OWN_AUTHORIZATION);
        Offer offer = visit.offer(own);
        NotAsExpected.unless(
                offer.field().equals(PAYMENT_AUTHORIZATION),
                "header=\"Payment-Authorization\" in the challenge of \"ownAuthorization\"",
                "no header parameter");
        RawRequest request = own.request()
                .without(AUTHORIZATION)
                .with(AUTHORIZATION, visit.pay(offer.with("header", null)).value());
        Expect.notDelivered(visit.send("header left out of the echo", own, request), "the challenge had a header");
    }

    @Case(
            id = "S53-own-field-pays",
            rows = {"S53", "F-CR-2"},
            section = SELECTION,
            title = "Where Payment-Authorization is selected it pays, and Authorization stays the application's",
            fix =
                    "When the challenge says header=\"Payment-Authorization\", take the credential from there and leave Authorization"
                            + " to the application.")
    void ownField(Trace trace) {
        Visit visit = site.visit(trace);
        visit.buy(site.need(PageName.OWN_AUTHORIZATION));
    }

    @Case(
            id = "S55-other-field-is-never-cached",
            rows = {"S55", "T48", "F-CR-8"},
            section = "draft-httpauth-payment-01, Credential Field Selection; credential.md, F-CR-8",
            title = "Every answer to a credential in Payment-Authorization is private or no-store",
            fix =
                    "Send Cache-Control: private (or no-store) on every answer to a request with Payment-Authorization, errors and"
                            + " free pages too: shared caches know about Authorization and not about this field.")
    void caching(Trace trace) {
        Visit visit = site.visit(trace);
        List<Page> pages = new ArrayList<>(List.of(site.paid()));
        site.page(PageName.OWN_AUTHORIZATION).ifPresent(pages::add);
        site.page(PageName.FREE).ifPresent(pages::add);
        Presented credential = visit.unproven(visit.offer(site.paid()));
        for (Page page : pages) {
            RawRequest request =
                    page.request().without(PAYMENT_AUTHORIZATION).with(PAYMENT_AUTHORIZATION, credential.value());
            CacheRules.unshared(visit.send("Payment-Authorization at " + page.target(), page, request));
        }
    }

    @Case(
            id = "T50-scheme-in-any-case",
            rows = {"T50", "F-CR-1"},
            section = "RFC 9110, 11.1; credential.md, F-CR-1",
            title = "The scheme is known in every spelling",
            fix = "Compare the scheme without case: payment, Payment and PAYMENT are the same.")
    void scheme(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page));
        RawRequest request = page.request().without(paid.field()).with(paid.field(), "pAYMENT  " + paid.token68());
        RawAnswer answer = visit.send("pAYMENT and two spaces", page, request);
        NotAsExpected.unless(answer.isSuccess(), "2xx for a valid payment", answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "T50-credential-in-another-place",
            rows = {"T50", "F-CR-2"},
            section = "credential.md, F-CR-2",
            title = "A credential in the query, a cookie, the body or Proxy-Authorization pays nothing",
            fix =
                    "Read credentials from Authorization, or from Payment-Authorization where the challenge selects it, and from"
                            + " nowhere else.")
    void elsewhere(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Presented paid = visit.pay(visit.offer(page));
        String token = paid.token68();
        String mark = page.target().contains("?") ? "&" : "?";
        RawRequest plain = page.request().without(paid.field());
        List<RawRequest> places = List.of(
                plain.with("Proxy-Authorization", paid.value()),
                plain.with("Cookie", "payment=" + token),
                plain.with("X-Payment", token),
                plain.withTarget(page.target() + mark + "authorization=Payment%20" + token));
        for (RawRequest request : places) {
            RawAnswer answer = visit.send("the credential in another place", page, request);
            NotAsExpected.unless(answer.status() == 402, "402: this is no credential", answer.brief());
        }
    }
}
