package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;

/** What caches may keep. */
@Group("Caching")
final class CachingCases {

    private final Site site;

    CachingCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S49-challenge-is-not-stored",
            rows = {"S49", "T48", "F-SV-30"},
            section = "draft-httpauth-payment-01, Caching",
            title = "A 402 has Cache-Control: no-store",
            fix = "Send Cache-Control: no-store with every 402: a challenge is good for one payer.")
    void unpaid(Trace trace) {
        Visit visit = site.visit(trace);
        RawAnswer answer = visit.unpaid(site.paid());
        Expect.challenged(answer);
        CacheRules.unstored(answer);
        RawAnswer refused = visit.presentOpen("a credential that is none", site.paid(), "Payment e30");
        Expect.challenged(refused);
        CacheRules.unstored(refused);
    }

    @Case(
            id = "S49-challenge-is-not-reused",
            rows = {"S49", "F-CH-41"},
            section = "draft-httpauth-payment-01, Caching",
            title = "A challenge is given out once, also for HEAD and to a refused credential",
            fix = "Make a new challenge, with its own id, for every 402.")
    void reuse(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        List<String> ids = new ArrayList<>();
        ids.addAll(ids(visit.unpaid(page)));
        ids.addAll(ids(visit.presentOpen("a credential that is none", page, "Payment e30")));
        ids.addAll(ids(visit.unpaid(page)));
        NotAsExpected.unless(
                ids.stream().distinct().count() == ids.size(), "another id in every challenge", "the same id twice");
    }

    private static List<String> ids(RawAnswer answer) {
        return Expect.challenged(answer).stream().map(Offer::id).toList();
    }

    @Case(
            id = "S50-paid-answer-is-private",
            rows = {"S50", "T48", "F-RC-4", "F-SV-31"},
            section = "draft-httpauth-payment-01, Caching; receipt.md, F-RC-4",
            title = "An answer that was paid for has Cache-Control: private, whatever the application says",
            fix =
                    "Add private (and take away public and s-maxage) to Cache-Control of every answer with a receipt. no-store will do"
                            + " as well.")
    void paid(Trace trace) {
        CacheRules.unshared(site.visit(trace).buy(site.paid()).answer());
    }

    @Case(
            id = "T48-refusal-is-not-shared",
            rows = {"T48", "F-SV-45"},
            section = "server.md, F-SV-45",
            title = "No answer at a priced URL may be kept by a shared cache, refusals included",
            fix =
                    "Send Cache-Control: private or no-store with every answer at a priced URL: the 400 for two credentials and the 404"
                            + " of a paid request too.")
    void refusals(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        String value = visit.unproven(visit.offer(page)).value();
        CacheRules.unshared(visit.send(
                "two credentials",
                page,
                page.request()
                        .without("Authorization")
                        .with("Authorization", value)
                        .with("Authorization", value)));
        for (PageName name : List.of(PageName.MISSING, PageName.DENIED, PageName.FAILING)) {
            site.page(name).ifPresent(priced -> {
                Presented paid = visit.pay(visit.offer(priced));
                CacheRules.unshared(visit.present("paid, and not delivered", priced, paid));
            });
        }
    }
}
