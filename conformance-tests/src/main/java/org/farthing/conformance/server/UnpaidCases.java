package org.farthing.conformance.server;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** What a request without a payment gets. */
@Group("Unpaid")
final class UnpaidCases {

    private final Site site;

    UnpaidCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S1-unpaid-is-402",
            rows = {"S1", "S7", "S10", "F-CH-40"},
            section = "draft-httpauth-payment-01, Status Codes",
            title = "A request without a credential gets 402 with a challenge",
            fix =
                    "Answer a priced request without an Authorization: Payment credential with status 402 and at least one"
                            + " WWW-Authenticate: Payment challenge.")
    void unpaid(Trace trace) {
        Expect.challenged(site.visit(trace).unpaid(site.paid()));
    }

    @Case(
            id = "S1-challenges-are-fresh",
            rows = {"S1", "F-CH-41"},
            section = "draft-httpauth-payment-01, Status Codes; binding.md, F-BI-21",
            title = "Every 402 has a challenge of its own",
            fix =
                    "Put something random into every challenge (a nonce in opaque or in request), so that two payers who ask in the"
                            + " same second do not get the same id; otherwise the second one is refused as a replay.")
    void fresh(Trace trace) {
        Visit visit = site.visit(trace);
        Set<String> ids = new TreeSet<>();
        for (int at = 0; at < 3; at++) {
            List<Offer> offers = Expect.challenged(visit.unpaid(site.paid()));
            for (Offer offer : offers) {
                NotAsExpected.unless(
                        ids.add(offer.id()), "another id in every challenge", "the id " + offer.id() + " twice");
            }
        }
    }

    @Case(
            id = "S9-free-page-is-free",
            rows = {"S9", "S8", "F-PR-20"},
            section = "draft-httpauth-payment-01, Status Codes",
            severity = Severity.SHOULD,
            title = "A page that costs nothing is not answered with 402",
            fix = "Use 402 only where paying would lead to the resource.")
    void free(Trace trace) {
        Page free = site.need(PageName.FREE);
        RawAnswer answer = site.visit(trace).unpaid(free);
        NotAsExpected.unless(answer.status() != 402, "no 402", answer.brief());
    }
}
