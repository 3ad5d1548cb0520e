package org.farthing.conformance.server;

import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Once is once: no effects without payment, one delivery a payment, one execution an idempotency key. */
@Group("Once")
final class RetryCases {

    private static final String KEY = "Idempotency-Key";
    private static final String IDEMPOTENCY = "draft-httpauth-payment-01, Idempotency; retry.md, F-RE-30 to F-RE-33";
    private static final int AT_ONCE = 6;

    private final Site site;

    RetryCases(Site site) {
        this.site = site;
    }

    private long count(Visit visit, PageName counter) {
        Page page = site.need(counter);
        RawAnswer answer = visit.unpaid(page);
        String text = answer.text().strip();
        if (!answer.isSuccess() || !text.matches("[0-9]{1,18}")) {
            throw new NotAsExpected(
                    "a number and nothing else at \"" + counter.word() + "\"", answer.brief() + " " + text);
        }
        return Long.parseLong(text);
    }

    @Case(
            id = "S44-unpaid-has-no-effect",
            rows = {"S44", "F-SV-24"},
            section = "draft-httpauth-payment-01, Side Effects; server.md, F-SV-24",
            title = "A request that is not paid does not run the application",
            fix =
                    "Put the paywall in front of the application: no database write, no call to another service before the payment was"
                            + " verified.")
    void noEffect(Trace trace) {
        Visit visit = site.visit(trace);
        Page post = site.need(PageName.PAID_POST);
        long before = count(visit, PageName.COUNTER_POST);
        Expect.challenged(visit.unpaid(post));
        Presented unproven = visit.unproven(visit.offer(post));
        Expect.notDelivered(visit.present("a payment that proves nothing", post, unproven), "nothing was paid");
        long ran = count(visit, PageName.COUNTER_POST) - before;
        NotAsExpected.unless(ran == 0, "no run of the application", ran + " runs");
    }

    @Case(
            id = "S46-one-delivery-at-once",
            rows = {"S46", "F-ST-11", "F-RE-10"},
            section = "draft-httpauth-payment-01, Concurrency; charge.md, F-ST-11",
            title = "One credential in several requests at once is delivered once",
            fix =
                    "Claim the challenge id in one conditional insert before the application runs. Whoever comes second gets the stored"
                            + " answer, a 409 or a 402, never a second run.")
    void atOnce(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.page(PageName.SLOW).orElse(site.paid());
        Presented paid = visit.pay(visit.offer(page));
        List<RawAnswer> answers = visit.together(
                "the same credential at once", page, Collections.nCopies(AT_ONCE, visit.request(page, paid)));
        List<RawAnswer> delivered =
                answers.stream().filter(RawAnswer::isSuccess).toList();
        NotAsExpected.unless(!delivered.isEmpty(), "one delivery", "none");
        long different = delivered.stream().map(RawAnswer::text).distinct().count();
        long receipts = delivered.stream()
                .map(answer -> answer.first("Payment-Receipt").orElse(""))
                .distinct()
                .count();
        NotAsExpected.unless(
                different == 1 && receipts == 1,
                "one delivery, or the same answer again",
                delivered.size() + " deliveries with " + different + " different bodies and " + receipts + " receipts");
    }

    @Case(
            id = "S46-one-run-at-once",
            rows = {"S46", "T3"},
            section = "draft-httpauth-payment-01, Concurrency; charge.md, F-ST-11",
            title = "One credential in several requests at once runs the application once",
            fix = "Claim the challenge id in one conditional insert before the application runs.")
    void oneRun(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        long before = count(visit, PageName.COUNTER);
        Presented paid = visit.pay(visit.offer(page));
        visit.together("the same credential at once", page, Collections.nCopies(AT_ONCE, visit.request(page, paid)));
        long ran = count(visit, PageName.COUNTER) - before;
        NotAsExpected.unless(ran == 1, "one run of the application", ran + " runs");
    }

    private RawRequest keyed(Visit visit, Page page, String key) {
        return visit.request(page, visit.pay(visit.offer(page))).with(KEY, key);
    }

    @Case(
            id = "S45-same-key-same-answer",
            rows = {"S45", "F-RE-32"},
            section = IDEMPOTENCY,
            severity = Severity.SHOULD,
            title = "The same request with the same Idempotency-Key gets the same answer and runs once",
            fix =
                    "Store the answer of a paid request by payer, URL and Idempotency-Key, and give it again, also to a new payment,"
                            + " which is not charged then.")
    void sameKey(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        String key = UUID.randomUUID().toString();
        RawRequest first = keyed(visit, page, key);
        RawAnswer one = visit.send("a payment with an Idempotency-Key", page, first);
        NotAsExpected.unless(one.isSuccess(), "2xx for a valid payment", one.brief() + Expect.problemOf(one));
        same(one, visit.send("the same bytes again", page, first));
        if (site.payer().isKnownAgain()) {
            same(one, visit.send("a new payment with the same key", page, keyed(visit, page, key)));
        }
    }

    @Case(
            id = "T77-key-of-somebody-else",
            rows = {"T77", "F-RE-31"},
            section = "retry.md, F-RE-31",
            title = "An Idempotency-Key of another payer neither reads an answer nor blocks one",
            fix =
                    "Put the payer into the scope of Idempotency-Key, and look it up only after the payment's proof was verified.")
    void keyOfSomebodyElse(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        Payer second = site.second();
        String key = UUID.randomUUID().toString();
        RawAnswer one = visit.send("a payment with an Idempotency-Key", page, keyed(visit, page, key));
        NotAsExpected.unless(one.isSuccess(), "2xx for a valid payment", one.brief() + Expect.problemOf(one));
        Offer offer = visit.offer(page);
        Presented other = Presented.of(offer, site.pay(offer, second));
        RawAnswer two = visit.send(
                "somebody else's payment with the same key",
                page,
                visit.request(page, other).with(KEY, key));
        NotAsExpected.unless(two.isSuccess(), "2xx for somebody else's payment", two.brief() + Expect.problemOf(two));
        boolean foreign =
                two.has("Payment-Receipt") && two.all("Payment-Receipt").equals(one.all("Payment-Receipt"));
        NotAsExpected.unless(!foreign, "an answer of their own", "the answer and the receipt of the first payer");
    }

    private static void same(RawAnswer first, RawAnswer again) {
        NotAsExpected.unless(
                again.status() == first.status() && again.text().equals(first.text()),
                "the first answer again",
                again.brief() + (again.isSuccess() ? " with another body" : Expect.problemOf(again)));
    }

    @Case(
            id = "S45-same-key-other-content",
            rows = {"S45", "F-RE-32"},
            section = IDEMPOTENCY,
            severity = Severity.SHOULD,
            title = "An Idempotency-Key that comes with another body does not get the old answer",
            fix = "Keep a hash of query and body beside the key, and answer 422 when they differ.")
    void otherContent(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        String key = UUID.randomUUID().toString();
        RawAnswer one = visit.send("a payment with an Idempotency-Key", page, keyed(visit, page, key));
        NotAsExpected.unless(one.isSuccess(), "2xx for a valid payment", one.brief() + Expect.problemOf(one));
        Page other = new Page(page.name(), page.uri(), page.method(), page.fields(), page.body() + " ");
        RawAnswer two = visit.send("the same key, another body", other, keyed(visit, other, key));
        NotAsExpected.unless(
                !two.isSuccess() || !two.text().equals(one.text()),
                "422, or an answer of its own",
                "the answer to the first body");
    }

    @Case(
            id = "S45-key-without-form",
            rows = {"S45", "F-RE-30", "F-SV-96"},
            section = IDEMPOTENCY,
            severity = Severity.SHOULD,
            title = "Two Idempotency-Keys in one request are refused before a price is named",
            fix =
                    "Answer 400 when Idempotency-Key stands twice or is longer than 128 characters, with or without a credential.")
    void keyForm(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.PAID_POST);
        RawAnswer answer =
                visit.send("two keys", page, page.request().with(KEY, "one").with(KEY, "two"));
        Expect.status(answer, 400);
    }

    @Case(
            id = "T43-not-paid-not-delivered",
            rows = {"T43", "S7", "F-ST-37"},
            section = "charge.md, F-ST-37",
            title = "A payment that verifies but cannot be debited delivers nothing",
            fix =
                    "Take or set aside the money before the page is served, and answer 402 or 403 when there is not enough.")
    void unaffordable(Trace trace) {
        Visit visit = site.visit(trace);
        Page dear = site.need(PageName.UNAFFORDABLE);
        RawAnswer answer = visit.present("more than the payer has", dear, visit.pay(visit.offer(dear)));
        NotAsExpected.unless(
                answer.status() == 402 || answer.status() == 403, "402 with a fresh challenge, or 403", answer.brief());
    }

    @Case(
            id = "T62-answer-is-for-who-paid",
            rows = {"T62", "F-RE-5", "F-RE-6"},
            section = "retry.md, F-RE-5",
            title = "Whoever knows a paid challenge but not its proof gets nothing",
            fix =
                    "Give a stored answer again for exactly the bytes that paid. Challenge ids stand in receipts and logs.")
    void stolen(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Visit.Bought bought = visit.buy(page);
        Expect.notDelivered(
                visit.present(
                        "the paid challenge with another proof",
                        page,
                        bought.credential().withSpoiledProof()),
                "these are not the bytes that paid");
        Expect.notDelivered(
                visit.present("the paid challenge without a proof", page, visit.unproven(bought.offer())),
                "these are not the bytes that paid");
    }
}
