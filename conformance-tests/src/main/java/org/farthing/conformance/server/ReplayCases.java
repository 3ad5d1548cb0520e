package org.farthing.conformance.server;

import java.util.List;
import java.util.stream.IntStream;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;

/** One payment, used again. */
@Group("Replay")
final class ReplayCases {

    private static final String FIX =
            "Remember the id of every challenge that was paid, in one atomic step with taking the payment, at"
                    + " least until the challenge has expired. Answer a second use with 402, a fresh challenge and"
                    + " …/invalid-challenge, or send the stored answer again if the credential is the same byte for byte.";
    private static final int AT_ONCE = 6;

    private final Site site;

    ReplayCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "T1-same-credential-again",
            rows = {"T1", "S3", "F-RE-1", "F-RE-12"},
            section = "draft-httpauth-payment-01, Status Codes; retry.md, F-RE-1",
            title = "The same credential again is refused, or gets the stored answer: it buys nothing new",
            fix = FIX)
    void again(Trace trace) {
        Visit visit = site.visit(trace);
        Deliveries deliveries = new Deliveries(visit, PageName.COUNTER);
        Visit.Bought bought = visit.buy(site.paid());
        RawAnswer again = visit.present("the same credential again", site.paid(), bought.credential());
        deliveries.requireOne(bought.answer(), List.of(again));
        refusal(again, bought.credential());
    }

    @Case(
            id = "S3-used-id-with-other-bytes",
            rows = {"S3", "T1", "F-RE-5", "F-RE-6"},
            section = "draft-httpauth-payment-01, Status Codes; retry.md, F-RE-5",
            title = "A paid challenge with other credential bytes is refused",
            fix = FIX + " Who knows an id but not the exact credential must not get the stored answer.")
    void otherBytes(Trace trace) {
        Visit visit = site.visit(trace);
        Visit.Bought bought = visit.buy(site.paid());
        for (Presented other : List.of(
                bought.credential().reordered(1),
                bought.credential().withSpoiledProof(),
                visit.unproven(bought.offer()))) {
            RawAnswer answer = visit.present("the paid challenge, other bytes", site.paid(), other);
            Expect.notDelivered(answer, "the challenge was paid and used before");
            refusal(answer, other);
        }
    }

    /** What a server may say to a second use: 402 afresh, or 409 without a challenge for those who keep stored answers. */
    private static void refusal(RawAnswer answer, Presented credential) {
        if (answer.isSuccess()) {
            return;
        }
        if (answer.status() == 409) {
            NotAsExpected.unless(
                    Offer.in(answer).isEmpty(), "409 without a challenge", "409 that asks to pay once more");
            return;
        }
        Expect.refusedAfresh(answer, credential.echoed("id"));
        Expect.problem(answer, "invalid-challenge", "verification-failed", "invalid-payload", "malformed-credential");
    }

    @Case(
            id = "T3-same-challenge-at-once",
            rows = {"T3", "S46", "F-ST-11", "F-RE-10"},
            section = "draft-httpauth-payment-01, Replay protection; charge.md, F-ST-11",
            title = "Several credentials for one challenge at the same moment buy one delivery",
            fix =
                    "Claim the challenge with one conditional write (INSERT … ON CONFLICT DO NOTHING, SETNX), never by looking first and"
                            + " writing after. Whoever wrote nothing has lost.")
    void atOnce(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.page(PageName.SLOW).orElse(site.paid());
        Presented credential = visit.pay(visit.offer(page));
        List<RawRequest> requests = IntStream.range(0, AT_ONCE)
                .mapToObj(at -> visit.request(page, credential.reordered(at)))
                .toList();
        List<RawAnswer> answers = visit.together("one challenge, " + AT_ONCE + " credentials", page, requests);
        long delivered = answers.stream().filter(RawAnswer::isSuccess).count();
        NotAsExpected.unless(delivered == 1, "one delivery", delivered + " deliveries for one payment");
    }

    @Case(
            id = "T46-broken-answer-is-not-lost",
            rows = {"T46", "F-ST-33", "F-RE-12", "F-RE-13"},
            section = "retry.md, F-RE-12; charge.md, F-ST-33",
            profile = Profile.WALLET,
            title =
                    "Who loses the connection in the answer gets it again with the same credential, and is not charged again",
            fix =
                    "Take the money before the first byte of the answer leaves, keep the answer (or run a safe handler again), and send it"
                            + " with the same receipt when the same credential comes again.")
    void lostAnswer(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.page(PageName.LARGE).orElse(site.paid());
        Presented credential = visit.pay(visit.offer(page));
        visit.hangUp("paid, and the connection closed in the answer", page, visit.request(page, credential), 32);
        RawAnswer second = visit.present("the same credential again", page, credential);
        NotAsExpected.unless(
                second.isSuccess() && second.whole(), "the whole answer", second.brief() + Expect.problemOf(second));
        RawAnswer third = visit.present("and once more", page, credential);
        NotAsExpected.unless(
                third.isSuccess() && third.all("Payment-Receipt").equals(second.all("Payment-Receipt")),
                "the same receipt",
                third.isSuccess() ? "another receipt: charged twice" : third.brief() + Expect.problemOf(third));
    }
}
