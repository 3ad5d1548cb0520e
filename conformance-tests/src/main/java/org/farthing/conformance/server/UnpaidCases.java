package org.farthing.conformance.server;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** What a request without a payment gets. */
@Group("Unpaid")
final class UnpaidCases {

    private static final String STATUS = "draft-httpauth-payment-01, Status Codes";

    private final Site site;

    UnpaidCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S1-unpaid-is-402",
            rows = {"S1", "S7", "S8", "F-CH-40"},
            section = STATUS,
            title = "A request without a credential gets 402 with a challenge",
            fix = "Answer a priced request without a Payment credential with status 402 and at least one"
                    + " WWW-Authenticate: Payment field.")
    void unpaid(Trace trace) {
        Visit visit = site.visit(trace);
        // Who is unknown or denied may be told so at once, and what is not there need not have a price.
        EnumSet.complementOf(EnumSet.of(
                        PageName.FREE,
                        PageName.COUNTER,
                        PageName.COUNTER_POST,
                        PageName.MISSING,
                        PageName.DENIED,
                        PageName.SIGNED_IN))
                .forEach(name -> site.page(name).ifPresent(page -> Expect.challenged(visit.unpaid(page))));
    }

    @Case(
            id = "S1-challenge-is-fresh",
            rows = {"S1", "F-CH-41", "F-BI-21"},
            section = STATUS,
            title = "Every 402 has a challenge of its own",
            fix =
                    "Put something random into every challenge, such as a nonce in opaque, so that two payers who ask in the same"
                            + " second do not get the same id: the second payment would be refused as a replay.")
    void fresh(Trace trace) {
        Visit visit = site.visit(trace);
        Set<String> ids = new TreeSet<>();
        for (int at = 0; at < 3; at++) {
            for (Offer offer : Expect.challenged(visit.unpaid(site.paid()))) {
                NotAsExpected.unless(ids.add(offer.id()), "another id in every challenge", offer.id() + " twice");
            }
        }
    }

    @Case(
            id = "S7-other-scheme-is-unpaid",
            rows = {"S7", "F-CR-5"},
            section = STATUS,
            title = "A credential of another scheme pays nothing",
            fix =
                    "Look for the scheme Payment in Authorization. Anything else there is not a payment: answer 402 with a challenge"
                            + " (or 401, if that credential is wrong and the page needs a login).")
    void otherScheme(Trace trace) {
        RawAnswer answer = site.visit(trace)
                .presentOpen("a Bearer credential, no payment", site.paid(), "Bearer made-up-by-the-kit");
        if (answer.status() != 401) {
            Expect.challenged(answer);
        }
    }

    @Case(
            id = "S10-no-402-without-challenge",
            rows = {"S10", "S7", "F-CH-40"},
            section = STATUS,
            title = "No 402 comes without a Payment challenge, whatever was wrong",
            fix =
                    "Send WWW-Authenticate: Payment on every 402, also on those for refused credentials and for methods like HEAD or"
                            + " POST. Where no challenge can be made, use another status.")
    void alwaysChallenge(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        List<RawAnswer> answers = List.of(
                visit.unpaid(page),
                visit.send("HEAD without a credential", page, page.request().withMethod("HEAD")),
                visit.presentOpen("a scheme without a token", page, "Payment"),
                visit.presentOpen("a token that is no credential", page, "Payment AAAA"),
                visit.presentOpen("a JSON object that is no credential", page, "Payment e30"));
        for (RawAnswer answer : answers) {
            if (answer.status() == 402) {
                Expect.challenged(answer);
            }
        }
    }

    @Case(
            id = "S9-free-page-is-free",
            rows = {"S9", "F-PR-20"},
            section = STATUS,
            severity = Severity.SHOULD,
            title = "A page that costs nothing is not answered with 402",
            fix = "Use 402 only where paying leads to the resource.")
    void free(Trace trace) {
        RawAnswer answer = site.visit(trace).unpaid(site.need(PageName.FREE));
        NotAsExpected.unless(answer.status() != 402, "no 402", answer.brief());
    }

    @Case(
            id = "S9-not-there-is-not-402",
            rows = {"S9", "F-PR-20"},
            section = STATUS,
            severity = Severity.SHOULD,
            title = "A URL that is not there is not answered with 402",
            fix =
                    "Answer 404 where there is nothing to buy. Set prices on the pages that exist, not on everything below a path.")
    void notThere(Trace trace) {
        Page free = site.need(PageName.FREE);
        RawRequest request = free.request().withTarget(Spelling.path(free.target()) + "-that-is-not-there");
        RawAnswer answer = site.visit(trace).send("a URL that is not there", free, request);
        NotAsExpected.unless(answer.status() != 402, "404, or anything but 402", answer.brief());
    }

    @Case(
            id = "S11-login-before-payment",
            rows = {"S11", "F-SV-3"},
            section = STATUS,
            severity = Severity.SHOULD,
            title = "Where a login is needed, 401 comes before 402",
            fix =
                    "Check who is asking before you ask for money: answer 401 to a request without the login, and 402 only after that"
                            + " succeeded.")
    void loginFirst(Trace trace) {
        Page page = site.need(PageName.SIGNED_IN);
        RawRequest bare = new RawRequest(
                page.method(), page.target(), List.of(), page.request().body());
        RawAnswer answer = site.visit(trace).send("neither login nor payment", page, bare);
        NotAsExpected.unless(answer.status() == 401, "401", answer.brief());
    }
}
