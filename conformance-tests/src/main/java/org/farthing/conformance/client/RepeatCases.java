package org.farthing.conformance.client;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.CanonicalJson;

/** What happens after a payment was sent: how often a client pays for one thing. */
@Group("One payment")
final class RepeatCases {

    private static final String ONCE = "client.md, F-CL-20; outcome.md, F-OU-11";
    private static final int ENDLESS = 30;

    private final ClientLab lab;

    RepeatCases(ClientLab lab) {
        this.lab = lab;
    }

    /** A 402 that asks again, and says what became of the payment; {@code outcome} may be empty. */
    private static Reply again(Received request, Visit visit, Offer offer, String outcome) {
        Reply reply = visit.demand(request, offer)
                .body(
                        "application/problem+json",
                        CanonicalJson.write(Map.of(
                                "type", "https://paymentauth.org/problems/verification-failed",
                                "title", "Verification Failed",
                                "status", 402L,
                                "detail", "Pay once more, please.")));
        return outcome.isEmpty() ? reply : said(reply, request, visit, outcome);
    }

    /** An answer that says what became of the payment, if it is one of a challenge that was sent. */
    private static Reply said(Reply reply, Received request, Visit visit, String outcome) {
        Issued paid = visit.presented(request).issued();
        return paid == null ? reply : reply.with("Payment-Outcome", outcome + ";id=\"" + paid.parameter("id") + "\"");
    }

    @Case(
            id = "T9-price-raised",
            rows = {"T9", "C14", "F-CL-20"},
            section = "draft-httpauth-payment-01, Amount Verification; client.md, F-CL-20",
            title = "A second 402 that asks for more is not paid",
            fix =
                    "Remember what the first challenge asked; a second one for the same request may cost at most that, or ask the"
                            + " user.")
    void priceRaised(Trace trace) throws IOException, InterruptedException {
        String first = String.valueOf(lab.method().request().get("amount"));
        if (!first.matches("[1-9][0-9]{0,17}")) {
            throw new NotApplicable("The request in the config has no member amount of digits, so none can be raised.");
        }
        String more = new BigInteger(first)
                .multiply(BigInteger.valueOf(3))
                .shiftRight(1)
                .add(BigInteger.ONE)
                .toString();
        Visit visit = lab.visit(trace, "402 again, half as dear again", (request, going) -> {
            if (!request.hasCredential()) {
                return going.demand(request, lab.offer());
            }
            boolean firstTime = Count.payments(going).size() <= 1;
            return firstTime
                    ? again(request, going, lab.offer().member("amount", more), "refused")
                    : going.serve(request);
        });
        Count.atMost(visit, 1, "the second offer costs " + more + " where the first cost " + first);
    }

    @Case(
            id = "T11-endless-402",
            rows = {"T11", "F-CL-20", "F-OU-11"},
            section = ONCE,
            title = "A server that refuses every payment and asks again gets no more than two",
            fix =
                    "Pay at most once for a request by yourself, and once more only if the server said that it took nothing.")
    void endless(Trace trace) throws IOException, InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Visit visit = lab.visit(trace, "402 for ever, each payment refused", (request, going) -> {
            if (asked.incrementAndGet() > ENDLESS) {
                return Reply.status(410).text("enough\n");
            }
            return request.hasCredential()
                    ? again(request, going, lab.offer(), "refused")
                    : going.demand(request, lab.offer());
        });
        Count.atMost(visit, 2, "whoever pays each new challenge is drained");
        Count.endedByItself(visit);
    }

    @Case(
            id = "T12-asked-again",
            rows = {"T12", "F-CL-20", "F-OU-11"},
            section = ONCE,
            severity = Severity.SHOULD,
            title = "A 402 after a payment, without a word on that payment, is not paid by itself",
            fix =
                    "When 402 answers a credential and no Payment-Outcome says that nothing was taken, stop and tell the user.")
    void askedAgain(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(
                trace,
                "402 again, the first payment not mentioned",
                (request, going) -> !request.hasCredential()
                        ? going.demand(request, lab.offer())
                        : Count.payments(going).size() <= 1
                                ? again(request, going, lab.offer(), "")
                                : going.serve(request));
        Count.atMost(visit, 1, "nobody said that the first was not taken");
    }

    @Case(
            id = "T12-lost-answer",
            rows = {"T12", "T46", "F-CR-31", "F-OU-12", "F-CL-21"},
            section = "credential.md, F-CR-31; outcome.md, F-OU-12",
            title = "A payment whose answer is lost is not made a second time",
            fix =
                    "When the answer to a credential breaks off, send the very same bytes again or give up; never sign another.")
    void lostAnswer(Trace trace) throws IOException, InterruptedException {
        Visit none = lab.visit(trace, "no answer to the first payment", firstAnswer(Reply.hangUp()));
        Count.atMost(none, 1, "the first may have arrived");
        Visit cut = lab.visit(
                trace,
                "the answer to the first payment breaks off",
                firstAnswer(Reply.status(200)
                        .text("what was paid for, and more of it\n")
                        .cutAfter(8)));
        Count.atMost(cut, 1, "the first was taken");
    }

    @Case(
            id = "F-OU-12-same-bytes-again",
            rows = {"F-OU-12", "T12", "F-CL-21"},
            section = "outcome.md, F-OU-12",
            profile = Profile.WALLET,
            severity = Severity.SHOULD,
            title = "A payment whose answer is lost is asked for again with the same bytes",
            fix =
                    "Send the stored credential again, after Retry-After or growing pauses, until the challenge's end and ten minutes"
                            + " more: it is not charged twice.")
    void sameBytesAgain(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "no answer to the first payment", firstAnswer(Reply.hangUp()));
        String first = visit.paid().token();
        long sent = visit.credentials().stream()
                .filter(one -> one.token().equals(first))
                .count();
        NotAsExpected.unless(sent > 1, "the same credential again", "it came once; " + visit.story());
    }

    /** A shop that answers its first credential in this way, and serves from then on. */
    private Script firstAnswer(Reply reply) {
        Offer offer = lab.offer();
        AtomicInteger credentials = new AtomicInteger();
        return (request, visit) -> {
            if (!request.hasCredential()) {
                return visit.demand(request, offer);
            }
            return credentials.incrementAndGet() == 1 ? reply : visit.serve(request);
        };
    }

    @Case(
            id = "T52-links-of-problems",
            rows = {"T52", "F-PR-31", "F-CL-54"},
            section = "problems.md, F-PR-31",
            title = "No link of a problem document is opened",
            fix = "Show links from a server's answer to the user, with their origin; never follow them by yourself.")
    void links(Trace trace) throws IOException, InterruptedException {
        Payee other = lab.elsewhere();
        Visit visit = lab.visit(trace, "a problem with links to another origin", (request, going) -> {
            if (request.hasCredential()) {
                return going.serve(request);
            }
            String there = other.origin() + going.path("top-up");
            return going.demand(request, lab.offer())
                    .body(
                            "application/problem+json",
                            CanonicalJson.write(Map.of(
                                    "type",
                                    "https://paymentauth.org/problems/payment-required",
                                    "title",
                                    "Payment Required",
                                    "status",
                                    402L,
                                    "instance",
                                    there,
                                    "resolve",
                                    List.of(Map.of("rel", "top-up", "href", there)))));
        });
        Count.nothingAt(visit, other, "only its user may open a link");
    }

    @Case(
            id = "T73-released-for-ever",
            rows = {"T73", "F-OU-13", "F-CL-33"},
            section = "outcome.md, F-OU-13",
            profile = Profile.WALLET,
            title = "A server's word that nothing was charged does not give the budget back",
            fix =
                    "Count a payment when you sign it; take it off the budget again only on the wallet's word, or on a signed release"
                            + " once per period.")
    void releasedForEver(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("the suite knows its prices.");
        Script liar = (request, visit) -> request.hasCredential()
                ? said(Reply.status(404).text("not here\n"), request, visit, "released")
                : visit.demand(request, lab.offer());
        spends(trace, List.of(liar, liar, liar, liar));
    }

    @Case(
            id = "T78-one-budget-per-currency",
            rows = {"T78", "F-MO-22", "F-CL-31"},
            section = "money.md, F-MO-22",
            profile = Profile.WALLET,
            title = "All spellings of one currency count against one budget",
            fix = "Keep budgets per ISO code, in exact decimals: 10000 usd.e6, 100 usd.e4 and 1 usd are the same cent.")
    void oneBudget(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("its currency ids name their scale.");
        spends(
                trace,
                List.of(
                        Script.shop(lab.offer()),
                        Script.shop(lab.offer().member("currency", "usd.e4").member("amount", "100")),
                        Script.shop(lab.offer().member("currency", "usd.e5").member("amount", "1000")),
                        Script.shop(lab.offer().member("currency", "usd").member("amount", "1"))));
    }

    /** Visits with a budget of 0.025 USD that lasts over all of them; each offer costs 0.01 USD. */
    private void spends(Trace trace, List<Script> scripts) throws IOException, InterruptedException {
        lab.need(Budgets.KIND);
        int before = lab.budgets().paid();
        for (Script script : scripts) {
            Visit visit =
                    lab.visit(trace, Plan.get("an offer of 0.01 USD", script).by(Budgets.KIND));
            lab.budgets().count(visit);
        }
        int paid = lab.budgets().paid();
        NotAsExpected.unless(
                paid <= Budgets.MOST,
                "at most " + Budgets.MOST + " payments of 0.01 USD, because the budget is 0.025 USD",
                paid + " payments" + (before == 0 ? "" : ", " + before + " of them in an earlier case"));
        if (paid == 0) {
            throw new NotApplicable(
                    "The command \"" + Budgets.KIND + "\" pays nothing at all. Give it a wallet, and a budget of"
                            + " 0.025 USD that has not been spent.");
        }
    }
}
