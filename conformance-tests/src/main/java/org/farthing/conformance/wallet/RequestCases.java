package org.farthing.conformance.wallet;

import java.util.Collections;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.signature.ArtifactType;

/** Who may ask: the signed token of each request. */
@Group("Wallet requests")
final class RequestCases {

    private final WalletSite site;

    RequestCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WR-4-for-another-service",
            rows = {"F-WR-4", "T5"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token for another service is refused",
            fix = "Compare aud with your own public origin.")
    void audience(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "aud is another service",
                right.with("aud", "https://other.example").token(),
                "GET",
                Teller.wallet(holder),
                ""));
    }

    @Case(
            id = "F-WR-4-for-another-method",
            rows = "F-WR-4",
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token for another method is refused",
            fix = "Compare htm with the method of the request you received.")
    void method(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "htm is another method", right.with("htm", "POST").token(), "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WR-4-for-another-url",
            rows = "F-WR-4",
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token for another URL is refused",
            fix = "Compare htu with your public origin, the raw path and the raw query of the request you received.")
    void url(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "htu has a query",
                right.with("htu", right.text("htu") + "?limit=1").token(),
                "GET",
                Teller.wallet(holder),
                ""));
    }

    @Case(
            id = "F-WR-4-other-body",
            rows = {"F-WR-4", "T6"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A body that was swapped on the way is refused",
            fix = "Compare bh with the SHA-256 of the body you received.")
    void body(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        Bearer right = teller.bearer(holder, "POST", "/v1/wallets", holder.opening());
        Teller.unauthenticated(
                teller.send("another body", right.token(), "POST", "/v1/wallets", holder.opening() + " "));
    }

    @Case(
            id = "F-WR-4-expired",
            rows = {"F-WR-4", "T16"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token that has expired is refused",
            fix = "Refuse at exp and 30 seconds.")
    void expired(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(
                teller.send("two minutes too late", right.later(-180).token(), "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WR-4-from-the-future",
            rows = {"F-WR-4", "T16"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token from the future is refused",
            fix = "Refuse when iat is more than 30 seconds ahead of your clock.")
    void future(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(
                teller.send("three minutes too early", right.later(180).token(), "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WR-4-too-long-lived",
            rows = {"F-WR-4", "T16"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token that lives longer than a minute is refused",
            fix = "Refuse when exp is more than 60 seconds after iat.")
    void longLived(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "lives ten minutes",
                right.with("exp", right.seconds("iat") + 600).token(),
                "GET",
                Teller.wallet(holder),
                ""));
    }

    @Case(
            id = "T18-another-kind-of-token",
            rows = {"T18", "F-WR-4", "F-SG-4"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "Something else that the same key signed does not open the wallet",
            fix = "Check typ in the protected header: wallet-request+jwt and nothing else.")
    void type(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "typ is that of a receipt token",
                right.as(ArtifactType.RECEIPT_TOKEN).token(),
                "GET",
                Teller.wallet(holder),
                ""));
    }

    @Case(
            id = "T17-not-signed",
            rows = {"T17", "F-SG-10"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token with alg none is refused",
            fix = "Take the algorithm from the key you have on record, never from the token; none is no algorithm.")
    void none(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send("alg is none", right.unsigned(), "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "T17-mac-of-the-public-key",
            rows = {"T17", "F-SG-10", "F-SG-11"},
            section = "wallet-request.md, F-WR-4",
            profile = Profile.WALLET,
            title = "A token with a MAC under the public key is refused",
            fix =
                    "Take the algorithm from the key you have on record, never from the token: only EdDSA and ES256 exist here.")
    void mac(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(
                teller.send("alg is HS256", right.macOfThePublicKey(), "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WR-3-signed-by-another-key",
            rows = {"F-WR-3", "T22"},
            section = "wallet-request.md, F-WR-3",
            profile = Profile.WALLET,
            title = "A token signed by a key the wallet does not have is refused",
            fix = "Select the key by kid from the record of the wallet in iss, and verify with that.")
    void otherKey(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        Teller.unauthenticated(teller.send(
                "another key under the same name",
                right.forgedBy(Holder.fresh().key()).token(),
                "GET",
                Teller.wallet(holder),
                ""));
    }

    @Case(
            id = "F-WR-5-once",
            rows = {"F-WR-5", "F-WR-20", "F-WR-21", "T1"},
            section = "wallet-request.md, F-WR-5 and F-WR-21",
            profile = Profile.WALLET,
            title = "A token is good for one request",
            fix = "Remember jti with iss until exp and 60 seconds, also for reads, and refuse the second use.")
    void once(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String token = teller.bearer(holder, "GET", Teller.wallet(holder), "").token();
        Expect.status(teller.send("a token", token, "GET", Teller.wallet(holder), ""), 200);
        Teller.unauthenticated(teller.send("the same token again", token, "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WR-20-once-at-once",
            rows = {"F-WR-20", "F-WR-5", "T3"},
            section = "wallet-request.md, F-WR-20",
            profile = Profile.WALLET,
            title = "Of several requests with one token that come at once, one is served",
            fix =
                    "Use jti up in your store with one atomic insert-if-absent before you do or show anything; a check and a later write let several through.")
    void onceTogether(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String token = teller.bearer(holder, "GET", Teller.wallet(holder), "").token();
        RawRequest request = Teller.request(token, "GET", Teller.wallet(holder), "");
        List<RawAnswer> answers = teller.together("one token", Collections.nCopies(8, request));
        long served = answers.stream().filter(RawAnswer::isSuccess).count();
        Teller.is("served", "1", Long.toString(served));
    }

    @Case(
            id = "F-WR-5-a-forgery-uses-nothing-up",
            rows = {"F-WR-5", "F-WR-24", "T41"},
            section = "wallet-request.md, F-WR-5",
            profile = Profile.WALLET,
            title = "A forged token does not use up the id of a right one",
            fix = "Record jti only after the signature verified.")
    void forgery(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer right = teller.bearer(holder, "GET", Teller.wallet(holder), "");
        String forged = right.forgedBy(Holder.fresh().key()).token();
        Teller.unauthenticated(teller.send("a forged token with this jti", forged, "GET", Teller.wallet(holder), ""));
        Expect.status(teller.send("the right one", right.token(), "GET", Teller.wallet(holder), ""), 200);
    }

    @Case(
            id = "T53-unknown-wallet-looks-the-same",
            rows = {"T53", "F-WR-6"},
            section = "wallet-request.md, F-WR-6",
            profile = Profile.WALLET,
            title = "A wallet that does not exist and a signature that is wrong get the same answer",
            fix =
                    "Answer every failure of authentication with one 401 body; do not say which check failed or whether the wallet exists.")
    void sameAnswer(Trace trace) {
        Teller teller = site.teller(trace);
        Holder known = teller.open();
        Holder unknown = Holder.fresh();
        Bearer right = teller.bearer(known, "GET", Teller.wallet(known), "");
        RawAnswer wrong = teller.send(
                "a wrong signature", right.forgedBy(unknown.key()).token(), "GET", Teller.wallet(known), "");
        RawAnswer nobody = teller.look(unknown);
        Teller.unauthenticated(wrong);
        Teller.unauthenticated(nobody);
        NotAsExpected.unless(
                said(wrong).equals(said(nobody)),
                "the same answer twice, but for what numbers the request",
                said(wrong) + " and " + said(nobody));
    }

    @Case(
            id = "F-WR-7-another-wallet",
            rows = {"F-WR-7", "F-WR-6", "T53"},
            section = "wallet-request.md, F-WR-7",
            profile = Profile.WALLET,
            title = "A wallet does not see another one",
            fix = "Compare the wallet of the path with iss, and answer the 401 of every other failure.")
    void anotherWallet(Trace trace) {
        Teller teller = site.teller(trace);
        Holder one = teller.open();
        Holder other = teller.open();
        Teller.unauthenticated(teller.by(one, "somebody else's wallet", "GET", Teller.wallet(other), ""));
        Teller.unauthenticated(
                teller.by(one, "somebody else's statement", "GET", Teller.wallet(other) + "/statement", ""));
    }

    @Case(
            id = "F-WR-2-one-field-line",
            rows = {"F-WR-2", "T49"},
            section = "wallet-request.md, F-WR-2",
            profile = Profile.WALLET,
            title = "Two Authorization lines are refused",
            fix =
                    "Answer 400 BAD_REQUEST when Authorization comes more than once; whoever is in front of you may look at the other one.")
    void twoLines(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String target = Teller.wallet(holder);
        RawRequest request = Teller.request(
                        teller.bearer(holder, "GET", target, "").token(), "GET", target, "")
                .with(
                        "Authorization",
                        "Bearer " + teller.bearer(holder, "GET", target, "").token());
        Teller.refused(teller.send("two Authorization lines", request), 400, "BAD_REQUEST");
    }

    @Case(
            id = "F-WR-1-unknown-claims-ignored",
            rows = "F-WR-1",
            section = "wallet-request.md, F-WR-1",
            profile = Profile.WALLET,
            title = "Claims nobody knows are ignored",
            fix = "Ignore claims of a wallet request that you do not know; later versions add some.")
    void unknownClaims(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Bearer bearer = teller.bearer(holder, "GET", Teller.wallet(holder), "").with("invented", "by the suite");
        Expect.status(teller.send("one claim more", bearer.token(), "GET", Teller.wallet(holder), ""), 200);
    }

    /** What an answer says, without what numbers the request. */
    private static String said(RawAnswer answer) {
        return answer.status() + " " + answer.text().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "…");
    }
}
