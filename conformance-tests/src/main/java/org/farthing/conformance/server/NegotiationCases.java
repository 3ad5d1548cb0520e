package org.farthing.conformance.server;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** What a client may ask to be offered, and in which language. */
@Group("Negotiation")
final class NegotiationCases {

    private static final String FIELD = "Accept-Payment";
    private static final String SECTION = "draft-httpauth-payment-01, Accept-Payment; accept-payment.md";

    private final Site site;

    NegotiationCases(Site site) {
        this.site = site;
    }

    /** The methods of the page with several offers, in the server's order. */
    private List<String> methods(Visit visit) {
        List<String> methods = methods(Expect.challenged(visit.unpaid(site.need(PageName.SEVERAL))));
        if (methods.size() < 2) {
            throw new NotApplicable("the page \"several\" offers method \"" + methods.get(0)
                    + "\" only: name a page that two payment methods can pay");
        }
        return methods;
    }

    private static List<String> methods(List<Offer> offers) {
        return offers.stream().map(Offer::method).distinct().toList();
    }

    private List<Offer> accepting(Visit visit, PageName page, String ranges) {
        Page named = site.need(page);
        return Expect.challenged(
                visit.send("Accept-Payment: " + ranges, named, named.request().with(FIELD, ranges)));
    }

    @Case(
            id = "S29-refused-methods-are-left-out",
            rows = {"S29", "F-AP-3"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "A method the client gave the weight 0 is not offered",
            fix =
                    "Read Accept-Payment, and leave out of the 402 every challenge whose range has q=0 or no range at all, as long"
                            + " as one challenge is left.")
    void leftOut(Trace trace) {
        Visit visit = site.visit(trace);
        List<String> methods = methods(visit);
        String refused = methods.get(0);
        List<String> offered = methods(accepting(visit, PageName.SEVERAL, refused + "/*;q=0, */*"));
        NotAsExpected.unless(
                !offered.contains(refused),
                "no challenge of method " + refused,
                "methods " + String.join(", ", offered));
    }

    @Case(
            id = "S29-preferred-method-comes-first",
            rows = {"S29", "F-AP-3"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "Challenges come in the order of the client's weights",
            fix =
                    "Sort the challenges of a 402 by the q of the Accept-Payment range that matches them, the highest first.")
    void order(Trace trace) {
        Visit visit = site.visit(trace);
        List<String> methods = methods(visit);
        for (String preferred : List.of(methods.get(0), methods.get(methods.size() - 1))) {
            List<String> offered = methods(accepting(visit, PageName.SEVERAL, "*/*;q=0.3, " + preferred + "/*"));
            NotAsExpected.unless(
                    offered.get(0).equals(preferred), preferred + " first", "methods " + String.join(", ", offered));
        }
    }

    @Case(
            id = "S29-own-order-among-equals",
            rows = {"S29", "F-AP-3"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "Challenges of the same weight keep the server's order",
            fix = "Use a stable sort: of two challenges with the same q, the one the server prefers stays first.")
    void ties(Trace trace) {
        Visit visit = site.visit(trace);
        List<String> methods = methods(visit);
        List<String> offered = methods(accepting(visit, PageName.SEVERAL, "*/*;q=0.5"));
        NotAsExpected.unless(
                offered.equals(methods), String.join(", ", methods), "methods " + String.join(", ", offered));
    }

    @Case(
            id = "S29-most-specific-range-counts",
            rows = {"S29", "F-AP-2"},
            section = SECTION,
            severity = Severity.SHOULD,
            title = "The most specific range that matches decides, wherever it stands",
            fix =
                    "Of all ranges that match a challenge take the most specific one (method/intent, then method/*, then */intent,"
                            + " then */*), not the first.")
    void specific(Trace trace) {
        Visit visit = site.visit(trace);
        List<Offer> offers = Expect.challenged(visit.unpaid(site.need(PageName.SEVERAL)));
        methods(visit);
        Offer refused = offers.get(offers.size() - 1);
        String ranges = "*/*, " + refused.method() + "/*;q=0.9, " + refused.method() + "/" + refused.intent() + ";q=0";
        List<String> offered = methods(accepting(visit, PageName.SEVERAL, ranges));
        NotAsExpected.unless(
                !offered.contains(refused.method()),
                "no challenge of " + refused.method() + "/" + refused.intent(),
                "methods " + String.join(", ", offered));
    }

    @Case(
            id = "S30-without-the-field-everything",
            rows = {"S30", "F-AP-4"},
            section = SECTION,
            title = "Without Accept-Payment a server offers what it offers for */*",
            fix = "Treat a request without Accept-Payment as one that accepts every method and intent.")
    void absent(Trace trace) {
        Visit visit = site.visit(trace);
        PageName page = site.page(PageName.SEVERAL).isPresent() ? PageName.SEVERAL : PageName.PAID;
        Set<String> without = new HashSet<>(methods(Expect.challenged(visit.unpaid(site.need(page)))));
        Set<String> all = new HashSet<>(methods(accepting(visit, page, "*/*")));
        NotAsExpected.unless(without.equals(all), "methods " + all, "methods " + without);
    }

    @Case(
            id = "S29-nothing-acceptable-is-still-offered",
            rows = {"S29", "S10", "F-AP-5"},
            section = SECTION,
            title = "A client that accepts nothing the server has, or sends nonsense, gets the full offer",
            fix =
                    "When Accept-Payment cannot be read or leaves no challenge, ignore it: a 402 without a challenge is not allowed.")
    void none(Trace trace) {
        Visit visit = site.visit(trace);
        for (String ranges : List.of("nosuchmethod/charge", "*/*;q=0", "@@@;;q=x")) {
            accepting(visit, PageName.PAID, ranges);
        }
    }

    @Case(
            id = "S38-language-is-told-to-caches",
            rows = {"S38", "F-RQ-12"},
            section = "draft-httpauth-payment-01, Internationalization; request.md, F-RQ-12",
            severity = Severity.SHOULD,
            title = "A text that follows Accept-Language is marked with Vary, and the price does not follow it",
            fix =
                    "Choose the description by Accept-Language, and send Vary: Accept-Language on the 402. Never let the price depend"
                            + " on it.")
    void language(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        RawAnswer plain = visit.unpaid(page);
        Offer first = visit.pick(Expect.challenged(plain));
        boolean follows = false;
        for (String language : List.of("de", "fr", "es", "ja", "en")) {
            RawAnswer answer = visit.send(
                    "Accept-Language: " + language, page, page.request().with("Accept-Language", language));
            Offer offer = visit.pick(Expect.challenged(answer));
            NotAsExpected.unless(
                    offer.asked("amount").equals(first.asked("amount")),
                    "the same amount in every language",
                    "another amount for " + language);
            if (!words(offer).equals(words(first))) {
                follows = true;
                NotAsExpected.unless(
                        answer.hasWord("Vary", "Accept-Language"),
                        "Vary: Accept-Language on a 402 whose text follows it",
                        answer.first("Vary").map(vary -> "Vary: " + vary).orElse("no Vary"));
            }
        }
        if (!follows) {
            throw new NotApplicable("the page \"paid\" describes what it sells in one language");
        }
    }

    private static List<String> words(Offer offer) {
        return List.of(offer.text("description"), offer.asked("description").orElse(""));
    }
}
