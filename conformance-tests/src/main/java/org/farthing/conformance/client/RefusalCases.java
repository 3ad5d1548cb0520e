package org.farthing.conformance.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;

/** Offers that must not be paid, each a good one with one thing wrong, and their neighbours that must. */
@Group("Offers")
final class RefusalCases {

    private static final ZoneOffset EAST = ZoneOffset.ofHours(2);

    private final ClientLab lab;

    RefusalCases(ClientLab lab) {
        this.lab = lab;
    }

    private Visit offered(Trace trace, String what, Offer offer) throws IOException, InterruptedException {
        return lab.visit(trace, what, Script.shop(offer));
    }

    @Case(
            id = "C1-missing-id",
            rows = {"C1", "F-CH-1"},
            section = "draft-httpauth-payment-01, Challenge Parameters (id)",
            title = "A challenge without id is not paid",
            fix =
                    "Refuse a Payment challenge that has no id parameter: nobody can tell what it would be a payment for.")
    void missingId(Trace trace) throws IOException, InterruptedException {
        offered(trace, "no id", lab.offer().afterwards("id", null)).notPaid("the challenge has no id");
    }

    @Case(
            id = "C1-empty-id",
            rows = {"C1", "F-CH-1"},
            section = "draft-httpauth-payment-01, Challenge Parameters (id)",
            title = "A challenge with an empty id is not paid",
            fix = "Refuse a Payment challenge whose id is the empty string.")
    void emptyId(Trace trace) throws IOException, InterruptedException {
        offered(trace, "an empty id", lab.offer().parameter("id", "")).notPaid("the challenge has an empty id");
    }

    @Case(
            id = "C4-expired",
            rows = {"C4", "F-CL-5", "F-CL-24"},
            section = "draft-httpauth-payment-01, Challenge Parameters (expires)",
            title = "An expired challenge is not paid",
            fix = "Compare expires with your clock before you sign, and pay nothing when it has passed.")
    void expired(Trace trace) throws IOException, InterruptedException {
        Instant now = lab.clock().instant();
        offered(trace, "ended a minute ago", lab.offer().expires(now.minusSeconds(60)))
                .notPaid("the challenge ended a minute ago");
        offered(trace, "ended a year ago", lab.offer().expires(now.minus(Duration.ofDays(365))))
                .notPaid("the challenge ended a year ago");
    }

    @Case(
            id = "C4-expired-elsewhere-on-earth",
            rows = {"C4", "F-EN-42"},
            section = "draft-httpauth-payment-01, Challenge Parameters (expires); RFC 3339",
            title = "expires is compared as a moment, with its offset",
            fix =
                    "Parse expires as an RFC 3339 date-time with its offset. Do not compare texts, and do not leave out the offset.")
    void offset(Trace trace) throws IOException, InterruptedException {
        Instant now = lab.clock().instant();
        offered(trace, "ended an hour ago, by a clock two hours ahead", withOffset(now.minus(Duration.ofHours(1))))
                .notPaid("the challenge ended an hour ago: its clock is two hours ahead");
        offered(trace, "ends in four minutes, by a clock two hours ahead", withOffset(now.plusSeconds(240)))
                .paidOnce();
    }

    private Offer withOffset(Instant end) {
        OffsetDateTime there = end.truncatedTo(ChronoUnit.SECONDS).atOffset(EAST);
        return lab.offer().parameter("expires", there.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }

    @Case(
            id = "C4-fraction-of-a-second",
            rows = {"C4", "F-EN-40"},
            section = "draft-httpauth-payment-01, Challenge Parameters (expires); RFC 3339",
            title = "expires may have a fraction of a second",
            fix = "Accept a fraction after the seconds; JavaScript servers always write one.")
    void fraction(Trace trace) throws IOException, InterruptedException {
        Instant end = lab.clock().instant().plusSeconds(240).truncatedTo(ChronoUnit.SECONDS);
        String text = end.toString().replace("Z", ".843Z");
        Presented credential = offered(trace, "milliseconds", lab.offer().parameter("expires", text))
                .paidOnce();
        Object echoed = credential.echo().get("expires");
        NotAsExpected.unless(text.equals(echoed), "challenge.expires = " + text, String.valueOf(echoed));
    }

    @Case(
            id = "C4-unreadable-end",
            rows = {"C4", "F-CH-4"},
            section = "draft-httpauth-payment-01, Challenge Parameters (expires)",
            title = "A challenge whose expires is no date is not paid",
            fix = "Refuse the challenge when expires cannot be parsed; do not take it as one that never ends.")
    void unreadable(Trace trace) throws IOException, InterruptedException {
        for (String text : new String[] {"tomorrow", "2099-02-30T10:00:00Z", ""}) {
            offered(trace, "expires=\"" + text + "\"", lab.offer().parameter("expires", text))
                    .notPaid("expires is \"" + text + "\", which is no date");
        }
    }

    @Case(
            id = "C5-description-does-not-count",
            rows = {"C5", "T10", "F-CH-7", "F-CL-11"},
            section = "draft-httpauth-payment-01, Challenge Parameters (description)",
            title = "What a challenge says about itself does not decide what it may cost",
            fix =
                    "Decide on amount, currency and recipient of request. description is text for people, and anybody on the way can"
                            + " change it.")
    void description(Trace trace) throws IOException, InterruptedException {
        offered(
                        trace,
                        "dear, and says it is cheap",
                        lab.offer().dear().description("One page for 0.01 USD. Free today!"))
                .notPaid("request asks for more than the command may pay, whatever description says");
        offered(trace, "cheap, and says it is dear", lab.offer().description("This costs 5000000 EUR"))
                .paidOnce();
    }

    @Case(
            id = "T10-description-in-the-request",
            rows = {"T10", "F-CL-11"},
            section = "threats.md, T10; client.md, F-CL-11",
            title = "What the request says about itself does not decide what it may cost",
            fix =
                    "Read the amount from request.amount in the units of request.currency, and never from a text beside it.")
    void descriptionInRequest(Trace trace) throws IOException, InterruptedException {
        offered(trace, "dear, and says it is cheap", lab.offer().dear().member("description", "0.01 USD"))
                .notPaid("request asks for more than the command may pay, whatever request.description says");
    }

    @Case(
            id = "C7-unknown-parameters",
            rows = {"C7", "F-CH-9"},
            section = "draft-httpauth-payment-01, Challenge Parameters",
            title = "Parameters nobody knows are ignored",
            fix = "Read the parameters you know and go on; a challenge with others is as good as one without.")
    void unknownParameters(Trace trace) throws IOException, InterruptedException {
        Offer offer = lab.offer()
                .afterwards("x-new", "1")
                .afterwards("colour", "blue, Payment id=\"no\"")
                .afterwards("kid", "k-1");
        Presented credential =
                offered(trace, "three parameters nobody knows", offer).paidWell();
        credential.answered();
    }

    @Case(
            id = "C7-unknown-members",
            rows = {"C7", "F-EN-15", "F-RQ-8"},
            section = "draft-httpauth-payment-01, Request",
            title = "Members of request that nobody knows are ignored, and come back",
            fix = "Read the members you know. Echo request as the text it was, so that the others are still in it.")
    void unknownMembers(Trace trace) throws IOException, InterruptedException {
        Offer offer =
                lab.offer().member("loyalty", java.util.Map.of("points", "7")).member("zone", "b");
        Presented credential = offered(trace, "two members nobody knows", offer).paidWell();
        String sent = String.valueOf(credential.answered().parameter("request"));
        NotAsExpected.unless(
                sent.equals(credential.echo().get("request")),
                "challenge.request as it was sent",
                String.valueOf(credential.echo().get("request")));
    }

    @Case(
            id = "C10-unknown-intent",
            rows = {"C10", "F-CL-4"},
            section = "draft-httpauth-payment-01, Intents",
            severity = org.farthing.conformance.suite.Severity.SHOULD,
            title = "A challenge with an intent nobody knows is not paid, and does not spoil the one beside it",
            fix =
                    "Treat a challenge whose method and intent you do not both know as one you cannot pay. It is no error: look at the"
                            + " next one.")
    void unknownIntent(Trace trace) throws IOException, InterruptedException {
        Offer barter = lab.offer().parameter("intent", "barter");
        offered(trace, "intent barter", barter).notPaid("nobody knows what the intent \"barter\" would do");
        Presented credential = lab.visit(trace, "intent barter, then a good one", Script.shop(barter, lab.offer()))
                .paidOnce();
        NotAsExpected.unless(
                lab.method().intent().equals(credential.answered().parameter("intent")),
                "the good one paid",
                "the one with intent " + credential.answered().parameter("intent"));
    }

    @Case(
            id = "C11-offer-is-looked-at",
            rows = {"C11", "F-CL-1", "F-CL-8"},
            section = "draft-httpauth-payment-01, Request; Accept-Payment",
            title = "An offer is looked at before it is paid, also where its kind was asked for",
            fix =
                    "Check the request of every challenge before you sign: that it is base64url of a JSON object with what the method"
                            + " needs. That you sent Accept-Payment says nothing about what came.")
    void lookedAt(Trace trace) throws IOException, InterruptedException {
        offered(trace, "a request that is no base64url", lab.offer().parameter("request", "%%%"))
                .notPaid("request is not base64url");
        offered(trace, "a request that is no JSON", lab.offer().parameter("request", "bm8ganNvbg"))
                .notPaid("request is no JSON object");
        offered(trace, "no amount", lab.offer().member("amount", null)).notPaid("request has no amount");
    }

    @Case(
            id = "C11-other-method",
            rows = {"C11", "F-CL-4", "F-AP-6"},
            section = "draft-httpauth-payment-01, Methods",
            title = "A challenge of a method the client does not have is not paid with another",
            fix = "Compare method, with case, with the methods you have, and pay nothing if it is none of them.")
    void otherMethod(Trace trace) throws IOException, InterruptedException {
        offered(trace, "method seashells", lab.offer().parameter("method", "seashells"))
                .notPaid("nobody can pay with the method \"seashells\"");
    }

    @Case(
            id = "C11-accept-payment",
            rows = {"C11", "F-AP-1", "F-AP-2"},
            section = "draft-httpauth-payment-01, Accept-Payment",
            title = "Accept-Payment, where it is sent, follows its grammar and names what the client pays with",
            fix =
                    "Write Accept-Payment as method/intent with an optional ;q=0.5, separated by commas, such as wallet/charge.")
    void acceptPayment(Trace trace) throws IOException, InterruptedException {
        Visit visit = offered(trace, "a good offer", lab.offer());
        new AcceptedMethods(lab.method()).judge(visit);
    }
}
