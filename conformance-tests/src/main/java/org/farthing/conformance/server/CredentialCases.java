package org.farthing.conformance.server;

import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;

/** Credentials that cannot be read, and proofs that prove nothing. */
@Group("Credential")
final class CredentialCases {

    private static final String STATUS = "draft-httpauth-payment-01, Status Codes";
    private static final String READ =
            "Read the credential as base64url without padding of a JSON object with the objects"
                    + " challenge and payload. If that fails, answer 402 with a fresh challenge and a problem body of type"
                    + " …/malformed-credential: it is the client's mistake, never a 500.";
    private static final String[] MALFORMED = {"malformed-credential"};

    private final Site site;

    CredentialCases(Site site) {
        this.site = site;
    }

    private void malformed(Trace trace, String what, String token, String... types) {
        RawAnswer answer = site.visit(trace).presentOpen(what, site.paid(), ("Payment " + token).strip());
        Expect.challenged(answer);
        Expect.problem(answer, types);
    }

    private void malformedJson(Trace trace, String what, String json, String... types) {
        malformed(trace, what, Base64Url.encodeUtf8(json), types);
    }

    @Case(
            id = "S2-no-token",
            rows = {"S2", "F-CR-6"},
            section = STATUS,
            title = "The scheme alone is no credential",
            fix = READ)
    void nothing(Trace trace) {
        malformed(trace, "Payment without a token", "", "malformed-credential", "payment-required");
    }

    @Case(
            id = "S2-not-base64url",
            rows = {"S2", "F-CR-6", "F-EN-2"},
            section = STATUS,
            title = "A credential that is no base64url is malformed",
            fix = READ)
    void notBase64(Trace trace) {
        malformed(trace, "a token that is no base64url", "!!!no-base64url!!!", MALFORMED);
    }

    @Case(
            id = "S2-not-json",
            rows = {"S2", "F-CR-1"},
            section = STATUS,
            title = "A credential that is no JSON is malformed",
            fix = READ)
    void notJson(Trace trace) {
        malformedJson(trace, "base64url of a text that is no JSON", "this is no JSON", MALFORMED);
    }

    @Case(
            id = "S2-broken-json",
            rows = {"S2", "F-CR-1"},
            section = STATUS,
            title = "A credential whose JSON ends too early is malformed",
            fix = READ)
    void brokenJson(Trace trace) {
        Visit visit = site.visit(trace);
        String json = visit.unproven(visit.offer(site.paid())).json();
        malformedJson(trace, "half of a credential", json.substring(0, json.length() / 2), MALFORMED);
    }

    @Case(
            id = "S2-not-an-object",
            rows = {"S2", "F-CR-1"},
            section = STATUS,
            title = "A credential that is no JSON object is malformed",
            fix = READ)
    void notAnObject(Trace trace) {
        for (String json : List.of("[]", "\"text\"", "7", "null")) {
            malformedJson(trace, "the JSON " + json, json, MALFORMED);
        }
    }

    @Case(
            id = "S2-no-challenge",
            rows = {"S2", "F-CR-20"},
            section = STATUS,
            title = "A credential without its challenge is malformed",
            fix = READ)
    void noChallenge(Trace trace) {
        malformedJson(trace, "an empty object", "{}", MALFORMED);
        malformedJson(trace, "a payload alone", "{\"payload\":{\"proof\":\"none\"}}", MALFORMED);
    }

    @Case(
            id = "S2-wrong-types",
            rows = {"S2", "F-CR-20", "F-CR-21"},
            section = STATUS,
            title = "A credential with members of the wrong type is malformed",
            fix = READ + " The members of challenge are texts, as they stood in the header; request too.")
    void wrongTypes(Trace trace) {
        Visit visit = site.visit(trace);
        Presented right = visit.unproven(visit.offer(site.paid()));
        for (Presented wrong : List.of(
                right.with("challenge", "a text"),
                right.withEcho("id", 7),
                right.withEcho("request", Map.of("amount", "1")))) {
            malformedJson(trace, "a member of the wrong type", wrong.json(), MALFORMED);
        }
        String payload = right.with("payload", "a text").json();
        malformedJson(trace, "a payload of the wrong type", payload, "malformed-credential", "invalid-payload");
    }

    @Case(
            id = "S2-missing-parameters",
            rows = {"S2", "F-CR-21", "F-CH-1"},
            section = STATUS,
            title = "A credential without a parameter every challenge has is refused",
            fix = READ)
    void missing(Trace trace) {
        Visit visit = site.visit(trace);
        Presented right = visit.unproven(visit.offer(site.paid()));
        for (String member : List.of("id", "realm", "method", "intent", "request")) {
            malformedJson(
                    trace,
                    "no " + member + " in the echo",
                    right.withEcho(member, null).json(),
                    "malformed-credential",
                    "invalid-challenge");
        }
    }

    @Case(
            id = "S4-spoiled-proof",
            rows = {"S4", "S7", "S28", "F-WO-21"},
            section = STATUS,
            title = "A proof that does not verify pays nothing",
            fix =
                    "Verify the proof before anything is delivered. If it fails, answer 402 with a fresh challenge and a problem body"
                            + " of type …/verification-failed.")
    void spoiled(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = visit.offer(site.paid());
        RawAnswer answer = visit.present(
                "a proof with one letter changed", site.paid(), visit.pay(offer).withSpoiledProof());
        Expect.refusedAfresh(answer, offer.id());
        Expect.problem(answer, "verification-failed", "invalid-payload");
    }

    @Case(
            id = "S4-no-proof",
            rows = {"S4", "S7", "F-CR-26"},
            section = STATUS,
            title = "A credential without a proof pays nothing",
            fix =
                    "Check the payload against what the method asks for. If it does not fit, answer 402 with a fresh challenge and a"
                            + " problem body of type …/invalid-payload or …/verification-failed.")
    void noProof(Trace trace) {
        Visit visit = site.visit(trace);
        for (Map<String, Object> payload : List.<Map<String, Object>>of(Map.of(), Map.of("proof", "none"))) {
            Offer offer = visit.offer(site.paid());
            Presented empty = visit.unproven(offer).with("payload", payload);
            RawAnswer answer = visit.present("a payload without a proof", site.paid(), empty);
            Expect.refusedAfresh(answer, offer.id());
            Expect.problem(answer, "invalid-payload", "verification-failed", "malformed-credential");
        }
    }

    @Case(
            id = "S28-fresh-challenge-can-be-paid",
            rows = {"S28", "S7", "F-PR-21"},
            section = STATUS,
            title = "The challenge that comes with a refusal can be paid",
            fix =
                    "Make the challenge of a refusal like every other one: with an id of its own, for this request, not yet used.")
    void again(Trace trace) {
        Visit visit = site.visit(trace);
        Offer first = visit.offer(site.paid());
        RawAnswer refusal = visit.present(
                "a proof with one letter changed", site.paid(), visit.pay(first).withSpoiledProof());
        Offer second = visit.pick(Expect.refusedAfresh(refusal, first.id()));
        RawAnswer answer = visit.present("the fresh challenge, paid", site.paid(), visit.pay(second));
        NotAsExpected.unless(answer.isSuccess(), "2xx", answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "T27-other-spelling-is-not-paid-twice",
            rows = {"T27", "F-EN-2", "F-EN-3", "F-CR-30"},
            section = "encoding.md, F-EN-2",
            title = "A used credential in another spelling of its base64url buys nothing",
            fix =
                    "Refuse base64url with padding, with + or /, with white space or with bits that nothing decodes to; and whatever you"
                            + " remember used payments by, let it not depend on how the credential was spelled.")
    void otherSpelling(Trace trace) {
        Visit visit = site.visit(trace);
        Visit.Bought bought = visit.buy(site.paid());
        String json = bought.credential().json();
        String token = bought.credential().token68();
        for (String other : List.of(
                Base64Spelling.padded(json),
                Base64Spelling.standard(json),
                Base64Spelling.trailingBits(json, token),
                Base64Url.encodeUtf8(" " + json))) {
            if (!other.equals(token)) {
                RawAnswer answer = visit.send(
                        "the used credential, spelled otherwise",
                        site.paid(),
                        site.paid().request().with(bought.credential().field(), "Payment " + other));
                Expect.notDelivered(answer, "these are other bytes for a challenge that was paid already");
            }
        }
    }
}
