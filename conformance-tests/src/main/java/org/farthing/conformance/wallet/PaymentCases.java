package org.farthing.conformance.wallet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.conformance.wallet.Teller.Paid;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.ReceiptToken;

/** A payment: what it holds, what it gives, and who may look at it. */
@Group("Payments")
final class PaymentCases {

    private final WalletSite site;

    PaymentCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WS-8-pays",
            rows = {"F-WS-8", "F-WS-5", "F-RT-1", "F-RT-11", "F-RT-15", "F-RT-16"},
            section = "wallet-service.md, F-WS-8; receipt-token.md",
            profile = Profile.WALLET,
            title = "A right order gets a receipt token that the payee can verify",
            fix =
                    "Answer POST /v1/payments 201 with the payment and a token signed by a key with the role receipt-token of your key document: iss you, aud the recipient, cid and ch of the challenge, amount and currency of the request, exp within 300 seconds and the challenge, hold_exp an hour later.")
    void pays(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Paid paid = teller.paid(holder, payee);
        JsonNode payment = paid.reply().path("payment");
        Teller.is(
                "challengeId",
                paid.challenge().id(),
                payment.path("challengeId").asText());
        Teller.is("state", "held", payment.path("state").asText());
        Teller.is(
                "amount",
                Long.toString(ChallengeDraft.PRICE),
                payment.path("amount").asText());
        RawAnswer keys = teller.send("its keys", RawRequest.of("GET", KeyDirectory.WELL_KNOWN_PATH));
        try {
            ReceiptToken token = ReceiptToken.parse(paid.token());
            token.verify(
                    KeyDirectory.parse(keys.body()),
                    new ReceiptToken.Expectations(paid.challenge(), Duration.ofMinutes(50)),
                    site.now());
            Teller.is("jti", payment.path("tokenId").asText(), token.claims().tokenId());
        } catch (MalformedException | SignatureRejectedException e) {
            throw new NotAsExpected("a token that a payee accepts", "one it refuses: " + e.getMessage());
        }
    }

    @Case(
            id = "F-WS-8-holds-the-money",
            rows = {"F-WS-8", "F-WA-3", "T61"},
            section = "wallet-service.md, F-WS-8",
            profile = Profile.WALLET,
            title = "What a token is for is set aside",
            fix =
                    "Move the amount from available to held in the transaction that makes the payment, before the token is given out.")
    void holds(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        var unused = teller.paid(holder, payee);
        Teller.is(
                "available+held",
                (Teller.MONEY - ChallengeDraft.PRICE) + "+" + ChallengeDraft.PRICE,
                teller.money(holder));
    }

    @Case(
            id = "F-WS-10-same-order-same-token",
            rows = {"F-WS-10", "F-WS-30", "T1"},
            section = "wallet-service.md, F-WS-10 and F-WS-30",
            profile = Profile.WALLET,
            title = "The same order again gets the same token and holds nothing more",
            fix =
                    "Keep the token with the payment and return it, 200, to the same order of the same wallet; do not make another one and do not hold again.")
    void again(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        RawAnswer first = teller.pay(holder, challenge);
        Expect.status(first, 201);
        RawAnswer again = teller.pay(holder, challenge);
        Expect.status(again, 200);
        NotAsExpected.unless(
                Teller.json(first).path("receipt").equals(Teller.json(again).path("receipt")),
                "the same token",
                "another token");
        Teller.is(
                "available+held",
                (Teller.MONEY - ChallengeDraft.PRICE) + "+" + ChallengeDraft.PRICE,
                teller.money(holder));
    }

    @Case(
            id = "T3-submitted-at-once",
            rows = {"T3", "F-WS-10"},
            section = "wallet-service.md, F-WS-10",
            profile = Profile.WALLET,
            title = "One order submitted several times at once is held once",
            fix = "Claim (recipient, challenge id) with one atomic insert in the transaction that holds the money.")
    void atOnce(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        String body = Teller.submission(challenge, teller.order(holder, challenge));
        List<RawRequest> requests = new ArrayList<>();
        for (int at = 0; at < 6; at++) {
            String token = teller.bearer(holder, "POST", "/v1/payments", body).token();
            requests.add(Teller.request(token, "POST", "/v1/payments", body));
        }
        Set<String> tokens = new TreeSet<>();
        for (RawAnswer answer : teller.together("the same order", requests)) {
            if (answer.isSuccess()) {
                tokens.add(Teller.json(answer).path("receipt").asText());
            }
        }
        Teller.is("different tokens", "1", Integer.toString(tokens.size()));
        Teller.is(
                "available+held",
                (Teller.MONEY - ChallengeDraft.PRICE) + "+" + ChallengeDraft.PRICE,
                teller.money(holder));
    }

    @Case(
            id = "F-WS-10-somebody-else-too",
            rows = "F-WS-10",
            section = "wallet-service.md, F-WS-10",
            profile = Profile.WALLET,
            title = "A challenge that one wallet paid is not paid by another",
            fix =
                    "Answer 409 IDEMPOTENCY_CONFLICT when another wallet, or another order, comes for a challenge that is paid.")
    void somebodyElse(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Paid paid = teller.paid(holder, payee);
        Holder other = teller.rich();
        Teller.refused(teller.pay(other, paid.challenge()), 409, "IDEMPOTENCY_CONFLICT");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(other));
    }

    @Case(
            id = "T61-double-spend",
            rows = {"T61", "F-WA-3", "F-WS-28"},
            section = "wallet-service.md, F-WS-28; wallets.md, F-WA-3",
            profile = Profile.WALLET,
            title = "Money for one payment does not pay two payees, also not at once",
            fix =
                    "Take the amount from available with a condition in the same statement (UPDATE … WHERE available >= amount); reading and then writing lets two through. What does not fit is 409 INSUFFICIENT_FUNDS.")
    void doubleSpend(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Shopkeeper other = site.payee(trace, 1);
        List<RawRequest> requests = new ArrayList<>();
        for (Shopkeeper one : List.of(payee, other, payee, other)) {
            Challenge challenge = teller.offer(one).amount(Teller.MONEY).signed();
            String body = Teller.submission(challenge, teller.order(holder, challenge));
            String token = teller.bearer(holder, "POST", "/v1/payments", body).token();
            requests.add(Teller.request(token, "POST", "/v1/payments", body));
        }
        long paid = 0;
        for (RawAnswer answer : teller.together("all the money, to two payees", requests)) {
            if (answer.isSuccess()) {
                paid++;
            } else {
                Teller.refused(answer, 409, "INSUFFICIENT_FUNDS");
            }
        }
        Teller.is("paid", "1", Long.toString(paid));
        Teller.is("available+held", "0+" + Teller.MONEY, teller.money(holder));
    }

    @Case(
            id = "F-WS-28-too-little-money",
            rows = {"F-WS-28", "F-WS-4"},
            section = "wallet-service.md, F-WS-28 and F-WS-4",
            profile = Profile.WALLET,
            title = "Too little money is 409 with what is there and what is needed, and never 402",
            fix =
                    "Answer 409 INSUFFICIENT_FUNDS with required, available and currency. Never 402: nothing is for sale here, and paying software answers a 402 by paying.")
    void tooLittle(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        RawAnswer answer =
                teller.pay(holder, teller.offer(payee).amount(Teller.MONEY + 1).signed());
        Teller.refused(answer, 409, "INSUFFICIENT_FUNDS");
        JsonNode problem = Teller.json(answer);
        Teller.is(
                "required",
                Long.toString(Teller.MONEY + 1),
                problem.path("required").asText("(none)"));
        Teller.is(
                "available",
                Long.toString(Teller.MONEY),
                problem.path("available").asText("(none)"));
        Teller.is("currency", ChallengeDraft.CURRENCY, problem.path("currency").asText("(none)"));
    }

    @Case(
            id = "F-WS-31-payment-without-token",
            rows = "F-WS-31",
            section = "wallet-service.md, F-WS-31",
            profile = Profile.WALLET,
            title = "Looking at a payment shows what became of it and no token",
            fix =
                    "Answer GET /v1/payments/{challengeId} with the payment object alone; the token is given out at POST only.")
    void look(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Paid paid = teller.paid(holder, payee);
        RawAnswer answer = teller.by(
                holder, "the payment", "GET", "/v1/payments/" + paid.challenge().id(), "");
        Expect.status(answer, 200);
        Teller.is("state", "held", Teller.json(answer).path("state").asText());
        NotAsExpected.unless(!answer.text().contains(paid.token()), "no token in the answer", "the token");
    }

    @Case(
            id = "F-WS-31-somebody-elses-payment",
            rows = {"F-WS-31", "F-WS-32", "T53"},
            section = "wallet-service.md, F-WS-31",
            profile = Profile.WALLET,
            title = "Somebody else's payment is as if there were none",
            fix = "Answer 404 NOT_FOUND when the caller has no payment for this challenge id, whoever else has.")
    void strangerLooks(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Paid paid = teller.paid(holder, payee);
        Teller.refused(
                teller.by(
                        teller.open(),
                        "somebody else looks",
                        "GET",
                        "/v1/payments/" + paid.challenge().id(),
                        ""),
                404,
                "NOT_FOUND");
    }

    @Case(
            id = "F-WS-23-keys-for-tokens-only",
            rows = {"F-WS-23", "F-KY-20", "T75"},
            section = "wallet-service.md, F-WS-23",
            profile = Profile.WALLET,
            title = "The keys of a wallet service sign receipt tokens and nothing else",
            fix =
                    "Publish your keys at /.well-known/payment-keys, each with the roles [\"receipt-token\"] alone, and your own origin as payee.")
    void keys(Trace trace) {
        RawAnswer answer = site.teller(trace).send("its keys", RawRequest.of("GET", KeyDirectory.WELL_KNOWN_PATH));
        Expect.status(answer, 200);
        try {
            KeyDirectory directory = KeyDirectory.parse(answer.body());
            Teller.is("payee", site.origin().text(), directory.payee());
            for (VerificationKey key : directory.keys()) {
                NotAsExpected.unless(
                        key.roles().equals(Set.of(Role.RECEIPT_TOKEN)),
                        "the role receipt-token alone",
                        "roles " + key.roles());
            }
        } catch (MalformedException e) {
            throw new NotAsExpected("a key document", "one that cannot be read: " + e.getMessage());
        }
    }

    @Case(
            id = "T38-no-credential-in-errors",
            rows = {"T38", "F-WS-33"},
            section = "wallet-service.md, F-WS-33",
            profile = Profile.WALLET,
            title = "A refusal does not repeat what the caller sent in confidence",
            fix = "Leave tokens, orders and signatures out of problem bodies and logs.")
    void noEcho(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        PaymentOrder order = teller.order(holder, challenge, payee.origin(), Teller.price(challenge));
        String body = Teller.submission(challenge, order);
        String token = teller.bearer(holder, "POST", "/v1/payments", body).token();
        RawAnswer answer = teller.send("an order that fails", token, "POST", "/v1/payments", body);
        NotAsExpected.unless(
                !answer.text().contains(order.jws()) && !answer.text().contains(token) && !answer.isSuccess(),
                "a refusal without order and token",
                answer.isSuccess() ? answer.brief() : "one that repeats them");
    }
}
