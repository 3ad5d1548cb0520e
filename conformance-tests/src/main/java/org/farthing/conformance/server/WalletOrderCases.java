package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;

/** Orders of method wallet for another ledger, price, challenge or wallet, and wallets without money. */
@Group("Orders")
final class WalletOrderCases {

    private final Site site;

    WalletOrderCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-WO-22-pays-one-challenge",
            rows = {"F-WO-22", "F-WO-2", "T8"},
            section = "wallet-order.md, F-WO-2 and F-WO-22",
            profile = Profile.WALLET,
            title = "An order for one challenge does not pay another",
            fix = "Rebuild what was signed from the echoed challenge, and verify the order over that.")
    void otherChallenge(Trace trace) {
        payer(); // only a wallet can move its order
        Visit visit = site.visit(trace);
        Page page = site.paid();

        Offer first = visit.offer(page);
        Presented order = visit.pay(first);
        Offer other = visit.offer(page);
        Presented moved = order.with("challenge", other.echo());
        refused(visit.present("the order of another challenge", page, moved), moved, "VERIFICATION_FAILED");
    }

    @Case(
            id = "T71-order-for-another-ledger",
            rows = {"T71", "F-WO-4"},
            section = "wallet-order.md, F-WO-4",
            profile = Profile.WALLET,
            title = "An order for another ledger is not debited here",
            fix =
                    "Rebuild what was signed with your own public origin as ledger, whatever the message says: one signature must never be debited at two places.")
    void otherLedger(Trace trace) {
        WalletPayer payer = payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();

        Offer offer = visit.offer(page);
        Presented order = signed(
                payer,
                payer.wallet(),
                offer,
                "https://other-ledger.example",
                offer.asked("amount").orElse("0"));
        refused(visit.present("an order for another ledger", page, order), order, "VERIFICATION_FAILED");
    }

    @Case(
            id = "F-WO-3-signed-for-less",
            rows = {"F-WO-3", "F-WO-22"},
            section = "wallet-order.md, F-WO-3",
            profile = Profile.WALLET,
            title = "An order that was signed for less is not debited in full",
            fix =
                    "Put the amount of the request into what you rebuild; a maxAmount that differs from it is invalid-payload where the price is exact.")
    void less(Trace trace) {
        WalletPayer payer = payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();

        Offer offer = visit.offer(page);
        Presented order = signed(payer, payer.wallet(), offer, recipient(offer), "0");
        refused(visit.present("signed for 0", page, order), order, "VERIFICATION_FAILED");
        Offer again = visit.offer(page);
        Presented stated =
                signed(payer, payer.wallet(), again, recipient(again), "0").withPayload("maxAmount", "0");
        refused(
                visit.present("signed for 0, and saying so", page, stated),
                stated,
                "INVALID_PAYLOAD",
                "PAYMENT_INSUFFICIENT");
    }

    @Case(
            id = "F-WO-22-order-of-another-key",
            rows = {"F-WO-22", "F-WO-21", "T22"},
            section = "wallet-order.md, F-WO-21 and F-WO-22",
            profile = Profile.WALLET,
            title = "A wallet is not debited for an order it did not sign",
            fix =
                    "Take the keys from the wallet's record, select one by kid, and verify with that; a key that comes along in the message is none.")
    void otherKey(Trace trace) {
        WalletPayer payer = payer();
        Visit visit = site.visit(trace);
        Page page = site.paid();

        Offer offer = visit.offer(page);
        SigningKey thief = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        Presented order = signed(
                new WalletPayer(thief, payer.wallet(), null),
                payer.wallet(),
                offer,
                recipient(offer),
                offer.asked("amount").orElse("0"));
        refused(visit.present("signed by another key", page, order), order, "VERIFICATION_FAILED");
    }

    @Case(
            id = "F-WO-23-too-little-money",
            rows = {"F-WO-23", "F-PR-30"},
            section = "wallet-order.md, F-WO-23",
            profile = Profile.WALLET,
            title = "A wallet that has too little gets a 402 that says so, and nothing",
            fix =
                    "Answer 402 INSUFFICIENT_FUNDS with available and a fresh challenge, after the signature verified, and set nothing aside.")
    void tooLittle(Trace trace) {
        payer();
        Visit visit = site.visit(trace);
        Page dear = site.need(PageName.UNAFFORDABLE);
        Presented order = visit.pay(visit.offer(dear));
        RawAnswer answer = visit.present("more than the wallet has", dear, order);
        refused(answer, order, "INSUFFICIENT_FUNDS");
        NotAsExpected.unless(
                Expect.json(answer).map(body -> body.has("available")).orElse(false),
                "available in the problem",
                "none");
    }

    private WalletPayer payer() {
        if (site.payer() instanceof WalletPayer wallet) {
            return wallet;
        }
        throw new NotApplicable("needs the key of a wallet: give --wallet KEY");
    }

    private static String recipient(Offer offer) {
        return offer.asked("recipient").orElse("");
    }

    /** An order signed over what a case says. */
    private static Presented signed(WalletPayer by, String wallet, Offer offer, String ledger, String most) {
        try {
            PaymentOrder order = PaymentOrder.sign(
                    by.key(), offer.strict(), Origin.parse(ledger, "ledger"), Amount.parse(most, "amount"), wallet);
            Map<String, Object> payload = Map.of("jws", order.jws(), "type", "order", "wallet", wallet);
            return Presented.of(offer, new Proof(payload, null));
        } catch (MalformedException e) {
            throw new NotAsExpected("a request of method wallet", "one that cannot be read: " + e.getMessage());
        }
    }

    private static void refused(RawAnswer answer, Presented order, String... codes) {
        var unused = Expect.refusedAfresh(answer, order.echoed("id"));
        String code =
                Expect.json(answer).map(body -> body.path("code").asText("")).orElse("");
        NotAsExpected.unless(
                List.of(codes).contains(code),
                "a problem whose code is " + String.join(" or ", codes),
                "code " + (code.isEmpty() ? "(none)" : code));
    }
}
