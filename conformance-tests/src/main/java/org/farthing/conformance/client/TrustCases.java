package org.farthing.conformance.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;

/** Whose offer it is, for which request, and how long it holds: signatures of challenges (signatures.md, F-SG-30 to F-SG-36). */
@Group("Signed challenges")
final class TrustCases {

    private static final String SIGNED = "signatures.md, F-SG-30 to F-SG-36";
    private static final String METHOD = "signed challenges belong to it.";
    private static final String TELL = "Check jws with a key of the origin's own key document before you pay; ";

    private final ClientLab lab;

    TrustCases(ClientLab lab) {
        this.lab = lab;
    }

    private void notPaid(Trace trace, String what, Offer offer, String because)
            throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        lab.visit(trace, what, Script.shop(offer)).notPaid(because);
    }

    @Case(
            id = "T74-signature-stripped",
            rows = {"T74", "F-SG-36"},
            section = SIGNED,
            profile = Profile.WALLET,
            title = "A challenge without its signature is not paid",
            fix =
                    "Pay method wallet only with a valid jws; let unsigned servers be switched on one by one, never by default.")
    void stripped(Trace trace) throws IOException, InterruptedException {
        notPaid(trace, "a good offer without jws", lab.offer().afterwards("jws", null), "it is not signed");
    }

    @Case(
            id = "T15-relayed-challenge",
            rows = {"T15", "F-SG-31"},
            section = SIGNED,
            profile = Profile.WALLET,
            title = "A challenge that another server made and signed is not paid here",
            fix = TELL + "a signature by anybody else is worth nothing here.")
    void relayed(Trace trace) throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        Payee other = lab.elsewhere();
        lab.visit(
                        trace,
                        "an offer of another origin",
                        (request, visit) -> request.hasCredential()
                                ? visit.serve(request)
                                : Till.demand(
                                        List.of(visit.issue(moved(request, other, request.target()), lab.offer()))))
                .notPaid("the challenge is one of " + other.origin());
    }

    private static Received moved(Received request, Payee to, String target) {
        return new Received(to.origin(), request.method(), target, request.fields(), request.body(), request.head());
    }

    @Case(
            id = "T15-other-page",
            rows = {"T15", "F-SG-34"},
            section = SIGNED,
            profile = Profile.WALLET,
            title = "A challenge for another URL of the same server is not paid",
            fix =
                    "Compute rb from your own method, origin, path and query and compare it with opaque.rb before you pay.")
    void otherPage(Trace trace) throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        lab.visit(
                        trace,
                        "an offer for another page",
                        (request, visit) -> request.hasCredential()
                                ? visit.serve(request)
                                : Till.demand(List.of(visit.issue(
                                        moved(request, visit.payee(request), request.target() + "-dear"),
                                        lab.offer()))))
                .notPaid("opaque binds another URL");
    }

    @Case(
            id = "T15-other-realm",
            rows = {"T15", "F-SG-33"},
            section = SIGNED,
            profile = Profile.WALLET,
            title = "A challenge for a realm that is not the server's is not paid",
            fix = "Compare realm with realms of the origin's key document.")
    void otherRealm(Trace trace) throws IOException, InterruptedException {
        notPaid(
                trace,
                "realm=\"bank.example\"",
                lab.offer().parameter("realm", "bank.example"),
                "bank.example is no realm of this server");
    }

    @Case(
            id = "T15-altered-afterwards",
            rows = {"T15", "T8", "F-SG-32"},
            section = SIGNED,
            profile = Profile.WALLET,
            title = "A challenge that was changed after it was signed is not paid",
            fix = TELL + "the signature covers id and every term.")
    void altered(Trace trace) throws IOException, InterruptedException {
        notPaid(
                trace,
                "another id under the same signature",
                lab.offer().afterwards("id", "c29tZW9uZS1jaGFuZ2VkLXRoaXMtb24tdGhlLXdheQ"),
                "the signature is over another id");
    }

    @Case(
            id = "T16-no-end",
            rows = {"T16", "C14", "F-CL-5"},
            section = "client.md, F-CL-5",
            profile = Profile.WALLET,
            title = "An offer without an end is not paid",
            fix = "Demand expires of every challenge you pay.")
    void noEnd(Trace trace) throws IOException, InterruptedException {
        notPaid(trace, "no expires", lab.offer().parameter("expires", (String) null), "it does not say when it ends");
    }

    @Case(
            id = "T16-too-long",
            rows = {"T16", "C14", "F-CL-5"},
            section = "client.md, F-CL-5",
            profile = Profile.WALLET,
            title = "An offer that lasts a day is not paid",
            fix = "Pay only challenges that end within ten minutes (and 30 seconds for clocks that differ).")
    void tooLong(Trace trace) throws IOException, InterruptedException {
        notPaid(
                trace,
                "expires tomorrow",
                lab.offer().expires(lab.clock().instant().plus(Duration.ofDays(1))),
                "it lasts longer than ten minutes");
    }

    @Case(
            id = "T22-brought-key",
            rows = {"T22", "F-SG-3"},
            section = "signatures.md, F-SG-3",
            profile = Profile.WALLET,
            title = "A key that comes with the signature is not believed",
            fix =
                    "Refuse a JWS header with jwk, jku, x5c, x5u or crit; the key comes from the origin's key document only.")
    void broughtKey(Trace trace) throws IOException, InterruptedException {
        ForgedJws forger = new ForgedJws();
        notPaid(
                trace,
                "jws with jwk in its header",
                lab.offer().forged(text -> forger.sign(text, header -> header.put("jwk", forger.jwk()))),
                "its signature brought its own key");
    }

    @Case(
            id = "T21-brought-address",
            rows = {"T21", "F-SG-3", "F-KY-53"},
            section = "keys.md, F-KY-53",
            profile = Profile.WALLET,
            title = "No key is fetched from where a signature says",
            fix =
                    "Never fetch a URL that stands in a message; keys come from /.well-known/payment-keys of the origin you asked.")
    void broughtAddress(Trace trace) throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        Payee other = lab.elsewhere();
        ForgedJws forger = new ForgedJws();
        String keys = other.origin() + "/.well-known/payment-keys";
        Visit visit = lab.visit(
                trace,
                "jws with jku in its header",
                Script.shop(lab.offer().forged(text -> forger.sign(text, header -> header.put("jku", keys)))));
        Count.nothingAt(visit, other, "the address stands in a message");
        visit.notPaid("its key is none of this server's");
    }

    @Case(
            id = "T17-no-algorithm",
            rows = {"T17", "F-SG-10"},
            section = "signatures.md, F-SG-10, F-SG-11",
            profile = Profile.WALLET,
            title = "A signature with alg none, or with a symmetric one, is not believed",
            fix = "Allow EdDSA and ES256 only, and take the algorithm from the key, not from the header.")
    void noAlgorithm(Trace trace) throws IOException, InterruptedException {
        ForgedJws forger = new ForgedJws();
        SigningKey key = lab.home().key();
        notPaid(
                trace,
                "alg none",
                lab.offer().forged(text -> forger.unsigned(text, key.publicKey())),
                "alg none signs nothing");
        notPaid(
                trace,
                "HS256 with the public key",
                lab.offer().forged(text -> forger.mac(text, key.publicKey())),
                "anybody has the public key");
    }

    @Case(
            id = "T18-other-type",
            rows = {"T18", "F-SG-4"},
            section = "signatures.md, F-SG-4",
            profile = Profile.WALLET,
            title = "A signature of another type is not believed",
            fix = "Compare typ exactly with payment-challenge+jws, so that a signed receipt never passes for an offer.")
    void otherType(Trace trace) throws IOException, InterruptedException {
        notPaid(
                trace,
                "typ of a receipt",
                lab.offer().signedAs(ArtifactType.RECEIPT),
                "it is signed as a receipt, not as a challenge");
    }

    @Case(
            id = "T37-revoked-key",
            rows = {"T37", "F-KY-30"},
            section = "keys.md, F-KY-30",
            profile = Profile.WALLET,
            title = "What a revoked key signed is not paid",
            fix = "Look at revoked, nbf and exp of the key now, when you are about to pay.")
    void revoked(Trace trace) throws IOException, InterruptedException {
        lists(
                trace,
                "the signing key is revoked",
                key -> key.withRevoked(lab.clock().instant().minus(Duration.ofDays(1))),
                "its key is revoked");
    }

    @Case(
            id = "T75-wrong-role",
            rows = {"T75", "F-KY-20"},
            section = "keys.md, F-KY-20",
            profile = Profile.WALLET,
            title = "What a key without the role challenge signed is not paid",
            fix = "Demand that roles of the key has \"challenge\" before you believe its signature over an offer.")
    void wrongRole(Trace trace) throws IOException, InterruptedException {
        lists(
                trace,
                "the signing key may sign receipts only",
                key -> key.withRoles(Set.of(Role.RECEIPT)),
                "its key may not sign challenges");
    }

    private void lists(Trace trace, String what, Function<SigningKey, SigningKey> listed, String because)
            throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        Payee stranger = lab.stranger();
        VerificationKey key = listed.apply(stranger.key()).publicKey();
        Script script = Script.shop(lab.offer()).keys(payee -> Payee.keysReply(payee.keyDocument(List.of(key))));
        Visit visit = lab.visit(trace, Plan.get(what, script).at(stranger));
        visit.notPaid(because);
    }

    @Case(
            id = "T36-new-key-beside-the-old",
            rows = {"T36", "F-KY-61", "F-KY-52"},
            section = "keys.md, F-KY-61",
            profile = Profile.WALLET,
            title = "A payee that signs with a new key, the old one still listed, is paid",
            fix =
                    "Fetch the key document again when a kid is unknown, and accept a new key where a key you know is listed with it.")
    void newKeyBesideTheOld(Trace trace) throws IOException, InterruptedException {
        rotated(trace, true).paidOnce();
    }

    @Case(
            id = "F-KY-61-all-keys-new",
            rows = {"F-KY-61", "T37"},
            section = "keys.md, F-KY-61",
            profile = Profile.WALLET,
            title = "A payee whose keys are all new is not paid without asking",
            fix =
                    "Keep the key thumbprints of each origin you paid; when none of them is listed any more, stop and ask the user.")
    void allKeysNew(Trace trace) throws IOException, InterruptedException {
        rotated(trace, false).notPaid("none of the keys it was paid by before is listed");
    }

    /** A payment by one key, then the offer of another. */
    private Visit rotated(Trace trace, boolean lists) throws IOException, InterruptedException {
        lab.needWallet(METHOD);
        Payee stranger = lab.stranger();
        SigningKey next = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        VerificationKey old = stranger.key().publicKey();
        List<VerificationKey> after = lists ? List.of(old, next.publicKey()) : List.of(next.publicKey());
        Visit first = lab.visit(
                trace, Plan.get("the first payment", Script.shop(lab.offer())).at(stranger));
        if (first.credentials().isEmpty()) {
            throw new NotApplicable("The command does not pay a second payee on this machine; it would have to know "
                    + stranger.origin() + " before.");
        }
        Script shop =
                Script.shop(lab.offer().signedWith(next)).keys(payee -> Payee.keysReply(payee.keyDocument(after)));
        return lab.visit(trace, Plan.get("an offer with a new key", shop).at(stranger));
    }

    @Case(
            id = "T71-services-unknown",
            rows = {"T71", "T21", "F-WO-7", "F-RQ-6"},
            section = "wallet-order.md, F-WO-7; request.md, F-RQ-6",
            profile = Profile.WALLET,
            title = "A wallet service that only the challenge names is neither paid nor asked",
            fix =
                    "Compare providers with the wallet services your user chose; never contact one because a challenge names it, and"
                            + " do not sign for the payee instead.")
    void servicesUnknown(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("its offers can ask for wallet services.");
        Payee other = lab.elsewhere();
        Visit visit = lab.visit(
                trace, "providers names a stranger", Script.shop(lab.offer().detail("providers", other.origin())));
        Count.nothingAt(visit, other, "nobody but the challenge knows this wallet service");
        visit.notPaid("the offer can be paid through a wallet service only, and the client has no such");
    }

    @Case(
            id = "T71-for-this-ledger",
            rows = {"T71", "F-WO-2", "F-WO-4"},
            section = "wallet-order.md, F-WO-2",
            profile = Profile.WALLET,
            title = "An order is made out to the ledger that it is sent to",
            fix = "Sign the recipient's origin as ledger, so that no other ledger can debit the same order.")
    void forThisLedger(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("orders belong to it.");
        Presented paid =
                lab.visit(trace, "a good offer", Script.shop(lab.offer())).paidWell();
        NotAsExpected.unless(
                "order".equals(paid.payload().get("type")),
                "an order",
                "payload.type is " + paid.payload().get("type"));
    }
}
