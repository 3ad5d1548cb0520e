package org.farthing.conformance.server;

import java.util.List;
import java.util.Optional;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.wallet.ReleaseStatement;

/** What the payer can prove: signed challenges, receipts and releases, and what became of the money. */
@Group("Evidence")
final class EvidenceCases {

    private final Site site;

    EvidenceCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-KY-1-key-document",
            rows = {"F-KY-1", "T21"},
            section = "keys.md, F-KY-1",
            profile = Profile.WALLET,
            title = "The server publishes its keys",
            fix =
                    "Serve your public keys at /.well-known/payment-keys as keys.md describes, with your origin as payee.")
    void keys(Trace trace) {
        Visit visit = site.visit(trace);
        KeyDirectory directory = keys(visit, site.paid());
        String origin = origin(site.paid());
        NotAsExpected.unless(
                directory.origins().contains(origin), "origins with " + origin, "origins " + directory.origins());
    }

    @Case(
            id = "T74-challenge-is-signed",
            rows = {"T74", "F-CH-43", "F-SG-34"},
            section = "challenge.md, F-CH-43; signatures.md, F-SG-34",
            profile = Profile.WALLET,
            title = "A challenge of method wallet is signed for this very request",
            fix =
                    "Put jws into every challenge of method wallet: a detached JWS (typ payment-challenge+jws) over the canonical JSON of its parameters, by a key with the role challenge of your key document.")
    void signedChallenge(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Offer offer = visit.offer(page);
        if (!offer.method().equals("wallet")) {
            throw new NotApplicable("the page offers method \"" + offer.method() + "\", not wallet");
        }
        KeyDirectory directory = keys(visit, page);
        try {
            ChallengeVerifier.verify(
                    offer.strict(), RequestTarget.ofUri(page.method(), page.uri()), directory, directory, site.now());
        } catch (SignatureRejectedException e) {
            throw new NotAsExpected("a signature a payer accepts", e.getMessage() + " (" + e.reason() + ")");
        }
    }

    @Case(
            id = "F-RC-20-receipt-is-signed",
            rows = {"F-RC-20", "F-RC-5", "F-RC-21", "T35"},
            section = "receipt.md, F-RC-5 and F-RC-21",
            profile = Profile.WALLET,
            title = "The receipt is signed and speaks of what was paid",
            fix =
                    "Sign the receipt (jws, typ payment-receipt+jws, role receipt), and put challengeId, amount, currency, recipient and rb of the challenge into it.")
    void receipt(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Visit.Bought bought = visit.buy(page);
        receipt(visit, page, bought.offer(), bought.answer());
    }

    /** Demands a receipt that a payer accepts for an offer. */
    static void receipt(Visit visit, Page page, Offer offer, RawAnswer answer) {
        try {
            PaymentReceipt receipt =
                    PaymentReceipt.parse(answer.first("Payment-Receipt").orElse(""));
            ReceiptVerifier.verifyFor(
                    receipt, offer.strict(), keys(visit, page), visit.site().now());
        } catch (MalformedException e) {
            throw new NotAsExpected("a receipt that can be read", String.valueOf(e.getMessage()));
        } catch (SignatureRejectedException e) {
            throw new NotAsExpected("a receipt a payer accepts", e.getMessage() + " (" + e.reason() + ")");
        }
    }

    @Case(
            id = "F-OU-1-outcome-of-every-credential",
            rows = {"F-OU-1", "F-OU-4"},
            section = "outcome.md, F-OU-1",
            profile = Profile.WALLET,
            title = "Every answer to a credential says what became of the money",
            fix =
                    "Send one Payment-Outcome with every answer to a credential: captured when it was charged, refused when nothing was set aside, with the id of its challenge.")
    void outcome(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Visit.Bought bought = visit.buy(page);
        is(State.CAPTURED, bought.answer(), bought.credential());
        Presented spoiled = visit.pay(visit.offer(page)).withSpoiledProof();
        is(State.REFUSED, visit.present("a spoiled proof", page, spoiled), spoiled);
    }

    @Case(
            id = "F-OU-5-no-outcome-without-credential",
            rows = "F-OU-5",
            section = "outcome.md, F-OU-5",
            profile = Profile.WALLET,
            title = "An answer without a credential says nothing about money",
            fix = "Leave Payment-Outcome out where no credential came.")
    void noOutcome(Trace trace) {
        RawAnswer answer = site.visit(trace).unpaid(site.paid());
        NotAsExpected.unless(
                !answer.has("Payment-Outcome"),
                "no Payment-Outcome",
                answer.first("Payment-Outcome").orElse(""));
    }

    @Case(
            id = "F-RE-12-same-bytes-same-answer",
            rows = {"F-RE-12", "F-RE-21", "F-RC-7"},
            section = "retry.md, F-RE-12 and F-RE-21",
            profile = Profile.WALLET,
            title = "The same credential again gets the same answer and the same receipt",
            fix =
                    "Keep the answer with the charge, and send status, body and receipt again byte for byte to the same credential, with Payment-Replayed: true.")
    void sameBytes(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Visit.Bought bought = visit.buy(page);
        RawAnswer again = visit.present("the same bytes again", page, bought.credential());
        NotAsExpected.unless(
                again.status() == bought.answer().status()
                        && again.text().equals(bought.answer().text()),
                "the same status and body again",
                again.brief() + Expect.problemOf(again));
        NotAsExpected.unless(
                again.all("Payment-Receipt").equals(bought.answer().all("Payment-Receipt")),
                "the same receipt",
                "another one");
        NotAsExpected.unless(
                again.first("Payment-Replayed").orElse("").equals("true"), "Payment-Replayed: true", "none");
        is(State.CAPTURED, again, bought.credential());
    }

    @Case(
            id = "F-OU-24-failure-is-released",
            rows = {"F-OU-24", "F-OU-20", "F-OU-22", "T44"},
            section = "outcome.md, F-OU-22 and F-OU-24",
            profile = Profile.WALLET,
            title = "What was not served is not charged, and the server signs that",
            fix =
                    "When the application does not answer 2xx, give the money back before you answer, and send Payment-Outcome: released with a release statement signed by a key with the role release, in Payment-Release or as the member release of your problem.")
    void released(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.FAILING);
        Presented credential = visit.pay(visit.offer(page));
        RawAnswer answer = visit.present("a page that fails", page, credential);
        Expect.notDelivered(answer, "its application fails");
        is(State.RELEASED, answer, credential);
        try {
            ReleaseStatement statement = statement(answer);
            statement.verify(keys(visit, page), credential.echoed("id"), site.now());
        } catch (MalformedException e) {
            throw new NotAsExpected("a release statement", "none that can be read: " + e.getMessage());
        } catch (SignatureRejectedException e) {
            throw new NotAsExpected("a release statement a payer accepts", e.getMessage() + " (" + e.reason() + ")");
        }
    }

    @Case(
            id = "F-RE-15-released-stays-released",
            rows = {"F-RE-15", "F-OU-22"},
            section = "retry.md, F-RE-15",
            profile = Profile.WALLET,
            title = "A credential whose money was given back is not charged later",
            fix = "Answer the same credential with PAYMENT_RELEASED from then on, and never capture that charge.")
    void staysReleased(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.need(PageName.FAILING);
        Presented credential = visit.pay(visit.offer(page));
        Expect.notDelivered(visit.present("a page that fails", page, credential), "its application fails");
        RawAnswer again = visit.present("the same bytes again", page, credential);
        NotAsExpected.unless(
                Expect.json(again)
                        .map(body -> body.path("code").asText(""))
                        .orElse("")
                        .equals("PAYMENT_RELEASED"),
                "code PAYMENT_RELEASED",
                again.brief() + Expect.problemOf(again));
        is(State.RELEASED, again, credential);
    }

    private static String origin(Page page) {
        return page.uri().getScheme() + "://" + page.uri().getRawAuthority();
    }

    private static KeyDirectory keys(Visit visit, Page page) {
        Page document = Page.get(page.name(), page.uri().resolve(KeyDirectory.WELL_KNOWN_PATH));
        RawAnswer answer = visit.send("its keys", document, document.request());
        Expect.status(answer, 200);
        try {
            return KeyDirectory.parse(answer.body());
        } catch (MalformedException e) {
            throw new NotAsExpected("a key document", "one that cannot be read: " + e.getMessage());
        }
    }

    private static void is(State state, RawAnswer answer, Presented credential) {
        List<String> said = answer.all("Payment-Outcome");
        try {
            NotAsExpected.unless(
                    said.size() == 1, "one Payment-Outcome", said.size() + " of them on " + answer.brief());
            ChargeOutcome outcome = ChargeOutcome.parse(said.get(0));
            NotAsExpected.unless(
                    outcome.state() == state && outcome.challengeId().equals(credential.echoed("id")),
                    "Payment-Outcome: " + state.token() + ";id=\"" + credential.echoed("id") + "\"",
                    "Payment-Outcome: " + said.get(0));
        } catch (MalformedException e) {
            throw new NotAsExpected("a Payment-Outcome", "one that cannot be read: " + said.get(0));
        }
    }

    /** In the field beside an application's answer, in the problem otherwise. */
    private static ReleaseStatement statement(RawAnswer answer) throws MalformedException {
        Optional<String> field = answer.first("Payment-Release");
        return field.isPresent()
                ? ReleaseStatement.parseField(field.get())
                : ReleaseStatement.parse(Expect.json(answer)
                        .map(body -> body.path("release").toString())
                        .orElse(""));
    }
}
