package org.farthing.conformance.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.jspecify.annotations.Nullable;

/** One case's way to talk to the service; everything said is taken down in its trace. */
final class Teller {

    /** What a filled wallet has, in base units. */
    static final long MONEY = 10_000;

    private final WalletSite site;
    private final Trace trace;

    Teller(WalletSite site, Trace trace) {
        this.site = site;
        this.trace = trace;
    }

    // ---- requests

    /** A right wallet request of a wallet. */
    Bearer bearer(Holder holder, String method, String target, String body) {
        String kid = holder.key().publicKey().thumbprint();
        return Bearer.of(
                holder.key(), kid, holder.id(), site.origin().text(), method, target, body.getBytes(UTF_8), site.now());
    }

    /** A right wallet request of a payee. */
    Bearer bearer(Shopkeeper payee, String method, String target, String body) {
        SigningKey key = payee.key();
        return Bearer.of(
                key,
                key.publicKey().kid(),
                payee.origin().text(),
                site.origin().text(),
                method,
                target,
                body.getBytes(UTF_8),
                site.now());
    }

    static RawRequest request(String token, String method, String target, String body) {
        RawRequest request = RawRequest.of(method, target).with("Authorization", "Bearer " + token);
        return body.isEmpty()
                ? request
                : request.with("Content-Type", "application/json").withBody(body);
    }

    RawAnswer send(String what, RawRequest request) {
        return site.wire().send(trace, what, request);
    }

    RawAnswer send(String what, String token, String method, String target, String body) {
        return send(what, request(token, method, target, body));
    }

    List<RawAnswer> together(String what, List<RawRequest> requests) {
        return site.wire().together(trace, what, requests);
    }

    RawAnswer by(Holder holder, String what, String method, String target, String body) {
        return send(what, bearer(holder, method, target, body).token(), method, target, body);
    }

    RawAnswer by(Shopkeeper payee, String what, String method, String target, String body) {
        return send(what, bearer(payee, method, target, body).token(), method, target, body);
    }

    /** As the administrator. */
    RawAnswer admin(String what, String method, String target, String body) {
        String secret = site.administrator()
                .orElseThrow(() -> new NotApplicable(
                        "needs the administrator's secret, to put money into a wallet: give --admin FILE"));
        return send(what, secret, method, target, body);
    }

    // ---- wallets

    /** Somebody whose wallet is open. */
    Holder open() {
        Holder holder = Holder.fresh();
        open(holder, holder.opening());
        return holder;
    }

    void open(Holder holder, String body) {
        Expect.status(by(holder, "a wallet is opened", "POST", "/v1/wallets", body), 201);
    }

    /** Somebody whose wallet has {@link #MONEY}. */
    Holder rich() {
        return fill(open());
    }

    Holder fill(Holder holder) {
        Expect.status(topUp(holder, Bearer.tokenId(), MONEY), 201);
        return holder;
    }

    RawAnswer topUp(Holder holder, String key, long amount) {
        return admin("a top-up", "POST", wallet(holder) + "/topups", topUp(key, amount));
    }

    static String topUp(String key, long amount) {
        return CanonicalJson.write(
                Map.of("amount", Long.toString(amount), "currency", ChallengeDraft.CURRENCY, "idempotencyKey", key));
    }

    static String wallet(Holder holder) {
        return "/v1/wallets/" + holder.id();
    }

    RawAnswer look(Holder holder) {
        return by(holder, "the wallet", "GET", wallet(holder), "");
    }

    /** What the wallet has: {@code available+held}. */
    String money(Holder holder) {
        RawAnswer answer = look(holder);
        Expect.status(answer, 200);
        for (JsonNode account : json(answer).path("accounts")) {
            if (account.path("currency").asText().equals(ChallengeDraft.CURRENCY)) {
                return account.path("available").asText() + "+"
                        + account.path("held").asText();
            }
        }
        return "0+0";
    }

    // ---- payments

    ChallengeDraft offer(Shopkeeper payee) {
        return new ChallengeDraft(payee, site.origin(), site.now());
    }

    /** An order that pays a challenge. */
    PaymentOrder order(Holder holder, Challenge challenge) {
        return order(holder, challenge, site.origin(), price(challenge));
    }

    PaymentOrder order(Holder holder, Challenge challenge, Origin ledger, Amount most) {
        return PaymentOrder.sign(holder.key(), challenge, ledger, most, holder.id());
    }

    static Amount price(Challenge challenge) {
        try {
            return challenge.paymentRequest().amount();
        } catch (MalformedException e) {
            throw new IllegalStateException("the suite's own challenge cannot be read", e);
        }
    }

    /** The body that pays a challenge with an order. */
    static String submission(Challenge challenge, PaymentOrder order) {
        Map<String, Object> echo = new TreeMap<>();
        echo.put("id", challenge.id());
        echo.put("realm", challenge.realm());
        echo.put("method", challenge.method());
        echo.put("intent", challenge.intent());
        echo.put("request", challenge.request());
        put(echo, "expires", challenge.expires());
        put(echo, "opaque", challenge.opaque());
        Map<String, Object> body = new TreeMap<>();
        body.put("challenge", echo);
        put(body, "jws", challenge.jws());
        body.put("order", Map.of("jws", order.jws(), "type", "order", "wallet", order.wallet()));
        return CanonicalJson.write(body);
    }

    private static void put(Map<String, Object> map, String name, @Nullable Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    RawAnswer pay(Holder holder, Challenge challenge) {
        return by(holder, "the payment", "POST", "/v1/payments", submission(challenge, order(holder, challenge)));
    }

    /** A payment that must succeed. */
    Paid paid(Holder holder, Shopkeeper payee) {
        Challenge challenge = offer(payee).signed();
        RawAnswer answer = pay(holder, challenge);
        Expect.status(answer, 201);
        return new Paid(challenge, json(answer));
    }

    /**
     * A payment.
     *
     * @param challenge what was paid
     * @param reply what the service said
     */
    record Paid(Challenge challenge, JsonNode reply) {

        String tokenId() {
            return reply.path("payment").path("tokenId").asText();
        }

        String token() {
            return reply.path("receipt").asText();
        }

        String capture(long amount) {
            return "{\"amount\":\"" + amount + "\",\"jti\":\"" + tokenId() + "\",\"op\":\"capture\"}";
        }

        String release() {
            return "{\"jti\":\"" + tokenId() + "\",\"op\":\"release\"}";
        }

        String refund(long amount, String key) {
            return "{\"amount\":\"" + amount + "\",\"idempotencyKey\":\"" + key + "\",\"jti\":\"" + tokenId() + "\"}";
        }
    }

    // ---- payees

    void admit(Shopkeeper payee, boolean frozen) {
        RawAnswer answer = admin("a payee is registered", "POST", "/v1/payees", registration(payee, frozen));
        NotAsExpected.unless(answer.isSuccess(), "201 or 200 for a payee", answer.brief() + Expect.problemOf(answer));
    }

    static String registration(Shopkeeper payee, boolean frozen) {
        return "{\"capture\":\"prompt\",\"origin\":\"" + payee.origin() + "\",\"status\":\""
                + (frozen ? "FROZEN" : "ACTIVE") + "\"}";
    }

    /** What came of one item. */
    String collect(Shopkeeper payee, String item) {
        RawAnswer answer = by(payee, "collecting", "POST", "/v1/captures", "{\"items\":[" + item + "]}");
        Expect.status(answer, 200);
        return json(answer).path("results").path(0).path("result").asText("(no result)");
    }

    // ---- answers

    static JsonNode json(RawAnswer answer) {
        return Expect.json(answer)
                .orElseThrow(() -> new NotAsExpected("a JSON object", answer.brief() + ", and no JSON object"));
    }

    /** A refusal by its status and code. */
    static void refused(RawAnswer answer, int status, String... codes) {
        String code =
                Expect.json(answer).map(body -> body.path("code").asText("")).orElse("");
        NotAsExpected.unless(
                answer.status() == status && List.of(codes).contains(code),
                status + " with a problem body whose code is " + String.join(" or ", codes),
                answer.brief() + Expect.problemOf(answer));
    }

    /** The one answer for whoever does not prove who it is (F-WR-6). */
    static void unauthenticated(RawAnswer answer) {
        refused(answer, 401, "UNAUTHENTICATED");
        NotAsExpected.unless(
                answer.first("WWW-Authenticate").orElse("").startsWith("Bearer"),
                "WWW-Authenticate: Bearer on the 401",
                "WWW-Authenticate: " + answer.first("WWW-Authenticate").orElse("(none)"));
    }

    /** What a text must be. */
    static void is(String what, String expected, String seen) {
        NotAsExpected.unless(expected.equals(seen), what + " " + expected, what + " " + seen);
    }
}
