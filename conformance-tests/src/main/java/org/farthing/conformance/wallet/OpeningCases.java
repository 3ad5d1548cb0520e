package org.farthing.conformance.wallet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;

/** How a wallet is opened and looked at. */
@Group("Wallets")
final class OpeningCases {

    private final WalletSite site;

    OpeningCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WA-20-opens",
            rows = {"F-WA-20", "F-WA-1"},
            section = "wallets.md, F-WA-1 and F-WA-20",
            profile = Profile.WALLET,
            title = "Whoever has a key opens a wallet with it, and nothing else is asked",
            fix =
                    "Answer POST /v1/wallets that is signed by the key in its body with 201 and the wallet object. The id is w_ and base64url of the first 16 bytes of SHA-256 over the RFC 7638 form of the key.")
    void opens(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        RawAnswer answer = teller.by(holder, "a wallet is opened", "POST", "/v1/wallets", holder.opening());
        Expect.status(answer, 201);
        JsonNode wallet = Teller.json(answer);
        Teller.is("wallet", holder.id(), wallet.path("wallet").asText());
        Teller.is("status", "ACTIVE", wallet.path("status").asText());
        Teller.is(
                "keys",
                "[\"" + holder.key().publicKey().thumbprint() + "\"]",
                wallet.path("keys").toString());
    }

    @Case(
            id = "F-WA-1-opening-twice-is-once",
            rows = {"F-WA-1", "F-WA-20"},
            section = "wallets.md, F-WA-1",
            profile = Profile.WALLET,
            title = "Opening the same wallet again is 200 and the same wallet",
            fix =
                    "Make opening idempotent by the key: the second POST /v1/wallets with the same key is answered 200 with the wallet as it is.")
    void twice(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        RawAnswer again = teller.by(holder, "the same wallet again", "POST", "/v1/wallets", holder.opening());
        Expect.status(again, 200);
        Teller.is("wallet", holder.id(), Teller.json(again).path("wallet").asText());
    }

    @Case(
            id = "F-WA-20-other-key-signs",
            rows = {"F-WA-20", "F-WR-3"},
            section = "wallets.md, F-WA-20",
            profile = Profile.WALLET,
            title = "A wallet is opened by who has its key, not by who knows it",
            fix =
                    "Verify the wallet request of POST /v1/wallets with the key in its body, and answer 401 if it does not verify.")
    void otherKey(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        Bearer right = teller.bearer(holder, "POST", "/v1/wallets", holder.opening());
        Teller.unauthenticated(teller.send(
                "signed by another key",
                right.forgedBy(Holder.fresh().key()).token(),
                "POST",
                "/v1/wallets",
                holder.opening()));
    }

    @Case(
            id = "F-WA-20-private-key-refused",
            rows = "F-WA-20",
            section = "wallets.md, F-WA-20",
            profile = Profile.WALLET,
            title = "A private key in the body is refused",
            fix =
                    "Answer 400 BAD_REQUEST when the jwk of POST /v1/wallets has a private member such as d, and do not store or log it.")
    void privateKey(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        String body = "{\"jwk\":" + holder.jwk().replace("\"kty\"", "\"d\":\"" + "A".repeat(43) + "\",\"kty\"") + "}";
        Teller.refused(
                teller.by(holder, "a jwk with a private member", "POST", "/v1/wallets", body), 400, "BAD_REQUEST");
    }

    @Case(
            id = "T20-weak-key-refused",
            rows = {"T20", "F-WA-20", "F-SG-14"},
            section = "signatures.md, F-SG-14",
            profile = Profile.WALLET,
            title = "A key anybody can sign for is refused",
            fix =
                    "Refuse Ed25519 public keys of small order when a wallet is opened (400, or 401): with them signatures verify that nobody made.")
    void weakKey(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        String body = "{\"jwk\":{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + "A".repeat(43) + "\"}}";
        RawAnswer answer = teller.by(holder, "a key of small order", "POST", "/v1/wallets", body);
        NotAsExpected.unless(
                answer.status() == 400 || answer.status() == 401,
                "400 or 401 for a key of small order",
                answer.brief() + Expect.problemOf(answer));
    }

    @Case(
            id = "F-WA-21-empty-at-first",
            rows = "F-WA-21",
            section = "wallets.md, F-WA-21",
            profile = Profile.WALLET,
            title = "A new wallet has no money and no accounts",
            fix = "Make an account when money first comes into it; a new wallet lists none.")
    void empty(Trace trace) {
        Teller teller = site.teller(trace);
        RawAnswer answer = teller.look(teller.open());
        Expect.status(answer, 200);
        Teller.is("accounts", "[]", Teller.json(answer).path("accounts").toString());
    }

    @Case(
            id = "F-WA-27-never-stored",
            rows = {"F-WA-27", "F-WS-4", "T48"},
            section = "wallets.md, F-WA-27; wallet-service.md, F-WS-4",
            profile = Profile.WALLET,
            title = "Caches keep no answer, good or bad",
            fix = "Send Cache-Control: no-store with every answer of the /v1 routes, refusals included.")
    void noStore(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        List<RawAnswer> answers = List.of(
                teller.look(holder),
                teller.send("not authenticated", "nonsense", "GET", Teller.wallet(holder), ""),
                teller.by(holder, "no JSON", "POST", "/v1/wallets", "no JSON"));
        for (RawAnswer answer : answers) {
            NotAsExpected.unless(
                    answer.hasWord("Cache-Control", "no-store"),
                    "Cache-Control: no-store",
                    answer.brief() + " with Cache-Control: "
                            + answer.first("Cache-Control").orElse("(none)"));
        }
    }

    @Case(
            id = "F-WA-27-long-body-refused",
            rows = {"F-WA-27", "F-WS-1", "T23"},
            section = "wallets.md, F-WA-27",
            profile = Profile.WALLET,
            title = "A body of more than 16,384 bytes is refused",
            fix = "Answer 413 BODY_TOO_LARGE without reading more than 16,384 bytes.")
    void longBody(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        String body = holder.opening().replace("{\"jwk\"", "{\"filler\":\"" + "x".repeat(17_000) + "\",\"jwk\"");
        Teller.refused(teller.by(holder, "a long body", "POST", "/v1/wallets", body), 413, "BODY_TOO_LARGE");
    }

    @Case(
            id = "T24-name-twice-refused",
            rows = {"T24", "F-WS-1", "F-EN-12"},
            section = "encoding.md, F-EN-12; wallet-service.md, F-WS-1",
            profile = Profile.WALLET,
            title = "A JSON body that has one name twice is refused",
            fix =
                    "Parse bodies with duplicate detection on and answer 400: two parsers that pick different ones of the two are a way around your checks.")
    void nameTwice(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        String body = "{\"jwk\":" + Holder.fresh().jwk() + ",\"jwk\":" + holder.jwk() + "}";
        Teller.refused(teller.by(holder, "jwk twice", "POST", "/v1/wallets", body), 400, "BAD_REQUEST");
    }

    @Case(
            id = "F-WS-1-unknown-members-ignored",
            rows = "F-WS-1",
            section = "wallet-service.md, F-WS-1",
            profile = Profile.WALLET,
            title = "Members nobody knows are ignored",
            fix = "Ignore members of a body that you do not know; later versions add some.")
    void unknownMembers(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        teller.open(holder, holder.opening().replace("{\"jwk\"", "{\"invented\":\"by the suite\",\"jwk\""));
    }

    @Case(
            id = "F-WA-30-recovery-is-another-key",
            rows = "F-WA-30",
            section = "wallets.md, F-WA-30",
            profile = Profile.WALLET,
            title = "The recovery key is another key than the wallet's",
            fix =
                    "Answer 400 BAD_REQUEST when recovery equals jwk: a key that protects the wallet from itself protects nothing.")
    void recovery(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        Teller.refused(
                teller.by(holder, "recovery = jwk", "POST", "/v1/wallets", holder.opening(holder.key())),
                400,
                "BAD_REQUEST");
    }
}
