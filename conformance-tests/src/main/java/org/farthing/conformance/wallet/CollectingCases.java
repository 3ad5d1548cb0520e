package org.farthing.conformance.wallet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.conformance.wallet.Teller.Paid;
import org.farthing.protocol.binding.Origin;

/** What payees do with tokens afterwards, and what they cannot. */
@Group("Collecting")
final class CollectingCases {

    private final WalletSite site;

    CollectingCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WS-12-captures-once",
            rows = {"F-WS-12", "F-WS-11", "T61"},
            section = "wallet-service.md, F-WS-12",
            profile = Profile.WALLET,
            title = "A payee collects a payment, once",
            fix =
                    "Answer captured the first time, already-captured when the same amount is asked again, conflict when another is; move the money once.")
    void captures(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Teller.is("result", "captured", teller.collect(payee, paid.capture(600)));
        Teller.is("result", "already-captured", teller.collect(payee, paid.capture(600)));
        Teller.is("result", "conflict", teller.collect(payee, paid.capture(700)));
        Teller.is("available+held", (Teller.MONEY - 600) + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-12-releases",
            rows = "F-WS-12",
            section = "wallet-service.md, F-WS-12",
            profile = Profile.WALLET,
            title = "A payee gives a payment back, and cannot collect it then",
            fix = "Answer released and move held to available; a capture after that is conflict.")
    void releases(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Teller.is("result", "released", teller.collect(payee, paid.release()));
        Teller.is("result", "conflict", teller.collect(payee, paid.capture(600)));
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-12-one-result-an-item",
            rows = "F-WS-12",
            section = "wallet-service.md, F-WS-12",
            profile = Profile.WALLET,
            title = "A batch has one result for each item, in order",
            fix =
                    "Answer POST /v1/captures with as many results as items, in their order and with their jti; an item nobody knows is unknown and does not stop the others.")
    void results(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String nobody = Bearer.tokenId();
        String items = "{\"items\":[{\"jti\":\"" + nobody + "\",\"op\":\"release\"}," + paid.capture(1000) + "]}";
        RawAnswer answer = teller.by(payee, "two items", "POST", "/v1/captures", items);
        Expect.status(answer, 200);
        JsonNode results = Teller.json(answer).path("results");
        Teller.is("results", "2", Integer.toString(results.size()));
        Teller.is("first", nobody + " unknown", shown(results.path(0)));
        Teller.is("second", paid.tokenId() + " captured", shown(results.path(1)));
    }

    @Case(
            id = "F-WS-40-another-payees-payment",
            rows = "F-WS-40",
            section = "wallet-service.md, F-WS-40",
            profile = Profile.WALLET,
            title = "A payee cannot collect what another payee earned",
            fix = "Look payments up by (payee, jti), so that somebody else's is unknown; take the payee from iss.")
    void anotherPayee(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Shopkeeper other = site.payee(trace, 1);
        Teller.is("result", "unknown", teller.collect(other, paid.capture(1000)));
        Teller.is(
                "available+held",
                (Teller.MONEY - ChallengeDraft.PRICE) + "+" + ChallengeDraft.PRICE,
                teller.money(holder));
    }

    @Case(
            id = "F-WS-40-a-wallet-is-no-payee",
            rows = {"F-WS-40", "F-WR-3"},
            section = "wallet-service.md, F-WS-40",
            profile = Profile.WALLET,
            title = "A wallet cannot collect",
            fix =
                    "Take at /v1/captures only wallet requests whose iss is a registered payee, signed by a key of its document.")
    void walletCollects(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String items = "{\"items\":[" + paid.release() + "]}";
        Teller.unauthenticated(teller.by(holder, "the payer collects", "POST", "/v1/captures", items));
    }

    @Case(
            id = "F-WS-11-for-another-request",
            rows = {"F-WS-11", "T4"},
            section = "wallet-service.md, F-WS-11",
            profile = Profile.WALLET,
            title = "A payment is collected for the request it was made for",
            fix =
                    "Compare rb of the item, if it has one, with rb of the challenge, and answer conflict if they differ.")
    void otherRequest(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String other = paid.capture(1000).replace("}", ",\"rb\":\"" + "A".repeat(43) + "\"}");
        Teller.is("result", "conflict", teller.collect(payee, other));
        String right = paid.capture(1000).replace("}", ",\"rb\":\"" + ChallengeDraft.rb(payee.origin()) + "\"}");
        Teller.is("result", "captured", teller.collect(payee, right));
    }

    @Case(
            id = "F-WS-9-payer-shows-a-release",
            rows = {"F-WS-9", "F-WS-32"},
            section = "wallet-service.md, F-WS-9",
            profile = Profile.WALLET,
            title = "The payee's signed word that it charged nothing frees the money",
            fix =
                    "At POST /v1/payments/{challengeId}/release verify the statement with the payee's registered document (role release) and free the hold; the same again is 200.")
    void payerReleases(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String target = "/v1/payments/" + paid.challenge().id() + "/release";
        String notice = "{\"release\":"
                + payee.released(paid.challenge().id(), site.now()).format() + "}";
        Expect.status(teller.by(holder, "the payee's statement", "POST", target, notice), 200);
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
        Expect.status(teller.by(holder, "the statement again", "POST", target, notice), 200);
        Teller.is("result", "conflict", teller.collect(payee, paid.capture(1000)));
    }

    @Case(
            id = "F-WS-9-forged-release",
            rows = {"F-WS-9", "F-WS-32"},
            section = "wallet-service.md, F-WS-9",
            profile = Profile.WALLET,
            title = "Nobody but the payee says that it charged nothing",
            fix =
                    "Answer 403 VERIFICATION_FAILED when the statement is not signed by a key of the payment's recipient.")
    void forgedRelease(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String target = "/v1/payments/" + paid.challenge().id() + "/release";
        Shopkeeper forger = Shopkeeper.elsewhere(
                payee.origin(),
                Holder.fresh().key().withKid(payee.key().publicKey().kid()));
        String notice = "{\"release\":"
                + forger.released(paid.challenge().id(), site.now()).format() + "}";
        Teller.refused(teller.by(holder, "a forged statement", "POST", target, notice), 403, "VERIFICATION_FAILED");
        Teller.is("result", "captured", teller.collect(payee, paid.capture(1000)));
    }

    @Case(
            id = "F-WS-9-release-after-capture",
            rows = "F-WS-9",
            section = "wallet-service.md, F-WS-9",
            profile = Profile.WALLET,
            title = "What was collected is not freed any more",
            fix = "Answer 409 ALREADY_FULFILLED to a release statement for a captured payment.")
    void releaseAfterCapture(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Teller.is("result", "captured", teller.collect(payee, paid.capture(1000)));
        String target = "/v1/payments/" + paid.challenge().id() + "/release";
        String notice = "{\"release\":"
                + payee.released(paid.challenge().id(), site.now()).format() + "}";
        Teller.refused(teller.by(holder, "a late statement", "POST", target, notice), 409, "ALREADY_FULFILLED");
        Teller.is("available+held", (Teller.MONEY - 1000) + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-41-list-without-wallets",
            rows = {"F-WS-41", "F-WS-13"},
            section = "wallet-service.md, F-WS-13 and F-WS-41",
            profile = Profile.WALLET,
            title = "The payee's list has its payments and does not say who paid",
            fix = "Answer GET /v1/captures with the payee's payments, without the member wallet.")
    void list(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        String found = "";
        String target = "/v1/captures?limit=1000";
        RawAnswer answer = teller.by(payee, "the payee's list", "GET", target, "");
        Expect.status(answer, 200);
        for (JsonNode payment : Teller.json(answer).path("payments")) {
            NotAsExpected.unless(
                    !payment.has("wallet"),
                    "no wallet",
                    "wallet " + payment.path("wallet").asText());
            if (payment.path("tokenId").asText().equals(paid.tokenId())) {
                found = payment.path("state").asText();
            }
        }
        Teller.is("the payment's state", "held", found);
    }

    @Case(
            id = "T54-refund-once",
            rows = {"T54", "F-WS-14"},
            section = "wallet-service.md, F-WS-14",
            profile = Profile.WALLET,
            title = "A refund moves money once, and not more than was collected",
            fix =
                    "Keep idempotencyKey with the refund; refuse more than what was captured and not refunded (400), and the same key with another amount (422 IDEMPOTENCY_CONFLICT).")
    void refund(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Teller.is("result", "captured", teller.collect(payee, paid.capture(1000)));
        String key = Bearer.tokenId();
        Expect.status(teller.by(payee, "a refund", "POST", "/v1/refunds", paid.refund(400, key)), 200);
        Expect.status(teller.by(payee, "the same refund", "POST", "/v1/refunds", paid.refund(400, key)), 200);
        Teller.is("available+held", (Teller.MONEY - 600) + "+0", teller.money(holder));
        Teller.refused(
                teller.by(payee, "the key with another amount", "POST", "/v1/refunds", paid.refund(500, key)),
                422,
                "IDEMPOTENCY_CONFLICT");
        Teller.refused(
                teller.by(payee, "more than is left", "POST", "/v1/refunds", paid.refund(601, Bearer.tokenId())),
                400,
                "BAD_REQUEST");
    }

    @Case(
            id = "T54-refund-by-another-payee",
            rows = {"T54", "F-WS-40"},
            section = "wallet-service.md, F-WS-40",
            profile = Profile.WALLET,
            title = "Another payee cannot refund a payment",
            fix = "Look the payment of a refund up by (payee, jti), and answer 404 for somebody else's.")
    void refundByAnother(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        Teller.is("result", "captured", teller.collect(payee, paid.capture(1000)));
        Shopkeeper other = site.payee(trace, 1);
        Teller.refused(
                teller.by(other, "another payee refunds", "POST", "/v1/refunds", paid.refund(400, Bearer.tokenId())),
                404,
                "NOT_FOUND");
        Teller.is("available+held", (Teller.MONEY - 1000) + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-42-refund-of-a-hold",
            rows = "F-WS-42",
            section = "wallet-service.md, F-WS-42",
            profile = Profile.WALLET,
            title = "What was not collected yet is not refunded",
            fix = "Answer 409 REQUEST_IN_PROGRESS with Retry-After to a refund of a payment that is held.")
    void refundOfAHold(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);

        RawAnswer answer = teller.by(payee, "too early", "POST", "/v1/refunds", paid.refund(400, Bearer.tokenId()));
        Teller.refused(answer, 409, "REQUEST_IN_PROGRESS");
        NotAsExpected.unless(answer.has("Retry-After"), "Retry-After", "none");
    }

    @Case(
            id = "F-WS-45-document-of-another-payee",
            rows = {"F-WS-45", "T21"},
            section = "wallet-service.md, F-WS-45",
            profile = Profile.WALLET,
            title = "A payee whose key document speaks for another origin is not registered",
            fix =
                    "Fetch the key document before you register a payee, and refuse it (400) unless its payee is the origin that is registered.")
    void wrongDocument(Trace trace) throws IOException {
        Teller teller = site.teller(trace);
        if (!site.isOnLoopback()) {
            throw new NotApplicable(
                    "the suite plays such a payee on loopback, which a service elsewhere rightly refuses");
        }
        try (Shopkeeper liar = Shopkeeper.onLoopback(new Origin("http://127.0.0.1:9"))) {
            Teller.refused(
                    teller.admin(
                            "a payee with another's document", "POST", "/v1/payees", Teller.registration(liar, false)),
                    400,
                    "BAD_REQUEST");
        }
    }

    @Case(
            id = "F-WS-45-only-the-administrator",
            rows = {"F-WS-45", "F-WS-15"},
            section = "wallet-service.md, F-WS-15 and F-WS-45",
            profile = Profile.WALLET,
            title = "Nobody registers a payee but the administrator",
            fix = "At /v1/payees take the administrator's secret and nothing else.")
    void onlyAdministrator(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        String body = Teller.registration(payee, false);
        Teller.unauthenticated(teller.by(holder, "a wallet registers a payee", "POST", "/v1/payees", body));
        Teller.unauthenticated(teller.by(payee, "a payee registers itself", "POST", "/v1/payees", body));
    }

    @Case(
            id = "F-WS-15-frozen-payee",
            rows = {"F-WS-15", "F-WS-24"},
            section = "wallet-service.md, F-WS-15",
            profile = Profile.WALLET,
            title = "A frozen payee gets nothing new, and what is held settles",
            fix = "Answer 403 NOT_ALLOWED to payments for a frozen payee; let it collect and release what is held.")
    void frozenPayee(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 1);
        Holder holder = teller.rich();
        Paid paid = teller.paid(holder, payee);
        teller.admit(payee, true);
        try {
            Teller.refused(teller.pay(holder, teller.offer(payee).signed()), 403, "NOT_ALLOWED");
            Teller.is("result", "captured", teller.collect(payee, paid.capture(1000)));
        } finally {
            teller.admit(payee, false);
        }
    }

    private static String shown(JsonNode result) {
        return result.path("jti").asText() + " " + result.path("result").asText();
    }
}
