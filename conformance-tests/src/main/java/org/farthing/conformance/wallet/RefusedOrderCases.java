package org.farthing.conformance.wallet;

import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.wallet.PaymentOrder;

/** Orders that are not for this challenge, ledger or wallet, and who may submit them. */
@Group("Orders that are refused")
final class RefusedOrderCases {

    private final WalletSite site;

    RefusedOrderCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "T71-order-for-another-ledger",
            rows = {"T71", "F-WS-6", "F-WS-27", "F-WO-4"},
            section = "wallet-service.md, F-WS-27; wallet-order.md, F-WO-4",
            profile = Profile.WALLET,
            title = "An order signed for another ledger pays nothing here",
            fix =
                    "Rebuild what was signed with your own origin as ledger, so that one signature is never debited twice; answer 403 VERIFICATION_FAILED.")
    void otherLedger(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        PaymentOrder order = teller.order(holder, challenge, payee.origin(), Teller.price(challenge));
        Teller.refused(
                teller.by(
                        holder,
                        "an order for the payee's ledger",
                        "POST",
                        "/v1/payments",
                        Teller.submission(challenge, order)),
                403,
                "VERIFICATION_FAILED");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-27-order-of-another-key",
            rows = {"F-WS-27", "F-WO-22"},
            section = "wallet-service.md, F-WS-27",
            profile = Profile.WALLET,
            title = "An order that the wallet's key did not sign pays nothing",
            fix =
                    "Verify the order with the wallet's own keys over the challenge, your origin, the amount and the wallet; answer 403 VERIFICATION_FAILED whatever is wrong with it.")
    void otherKey(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        Holder thief = holder.with(
                Holder.fresh().key().withKid(holder.key().publicKey().kid()));
        String body = Teller.submission(challenge, teller.order(thief, challenge));
        Teller.refused(
                teller.by(holder, "an order of another key", "POST", "/v1/payments", body), 403, "VERIFICATION_FAILED");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-27-order-for-another-challenge",
            rows = {"F-WS-27", "F-WO-22", "T8"},
            section = "wallet-service.md, F-WS-27",
            profile = Profile.WALLET,
            title = "An order for one challenge does not pay another",
            fix = "Rebuild what was signed from the challenge that was submitted, price included.")
    void otherChallenge(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge cheap = teller.offer(payee).amount(1).signed();
        Challenge dear = teller.offer(payee).amount(5000).signed();
        String body = Teller.submission(dear, teller.order(holder, cheap));
        Teller.refused(
                teller.by(holder, "an order for a cheaper challenge", "POST", "/v1/payments", body),
                403,
                "VERIFICATION_FAILED");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-25-somebody-else-submits",
            rows = {"F-WS-25", "F-WR-7"},
            section = "wallet-service.md, F-WS-25",
            profile = Profile.WALLET,
            title = "An order is submitted by its wallet and nobody else",
            fix = "Compare the caller (iss) with the wallet of the order, and answer the usual 401.")
    void stranger(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).signed();
        String body = Teller.submission(challenge, teller.order(holder, challenge));
        Teller.unauthenticated(teller.by(teller.open(), "somebody else submits it", "POST", "/v1/payments", body));
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }
}
