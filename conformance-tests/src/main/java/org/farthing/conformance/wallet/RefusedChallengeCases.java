package org.farthing.conformance.wallet;

import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;

/** Challenges that nobody is to pay: changed, of nobody known, for others, or out of time. */
@Group("Challenges that are refused")
final class RefusedChallengeCases {

    private final WalletSite site;

    RefusedChallengeCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "T8-price-changed",
            rows = {"T8", "F-WS-7", "F-WS-26"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge whose price was changed is refused",
            fix =
                    "Verify jws over the challenge as it was submitted, with a key of the payee's registered document that has the role challenge.")
    void priceChanged(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee)
                .amount(1)
                .unsigned()
                .withJws(String.valueOf(teller.offer(payee).signed().jws()));
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-26-signed-by-nobody-known",
            rows = {"F-WS-26", "F-WS-7", "T22"},
            section = "wallet-service.md, F-WS-7 and F-WS-26",
            profile = Profile.WALLET,
            title = "A challenge signed with a key that the payee does not publish is refused",
            fix =
                    "Take the keys from the document registered for the recipient; fetch it again at most once a minute when a kid is unknown, and nothing else because of a message.")
    void unknownKey(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee)
                .signer(Holder.fresh().key().withRoles(payee.key().publicKey().roles()))
                .signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-26-other-realm",
            rows = {"F-WS-26", "F-WS-7", "T5"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge for a realm that is not the payee's is refused",
            fix = "Compare realm with the realms of the payee's key document.")
    void realm(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).realm("other.example").signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-26-not-for-this-service",
            rows = {"F-WS-26", "F-WS-7"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge that does not name this service is refused",
            fix = "Look for your own origin among the request's providers.")
    void provider(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge =
                teller.offer(payee).providers("https://other.example").signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-26-too-far-ahead",
            rows = {"F-WS-26", "F-WS-7", "T16"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge that expires in more than 10 minutes is refused",
            fix = "Refuse expires more than 10 minutes ahead: a hold must have an end that is near.")
    void ahead(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge =
                teller.offer(payee).expires(site.now().plusSeconds(900)).signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-7-expired",
            rows = {"F-WS-7", "T16"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "An expired challenge is not paid",
            fix = "Answer 400 PAYMENT_EXPIRED when expires has passed.")
    void expired(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge =
                teller.offer(payee).expires(site.now().minusSeconds(60)).signed();
        Teller.refused(teller.pay(holder, challenge), 400, "PAYMENT_EXPIRED");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "T4-not-bound-to-a-request",
            rows = {"T4", "F-WS-7", "F-WS-26"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge that is bound to no request is refused",
            fix = "Require opaque with n, and rb, or rt with an o that is an origin of the payee.")
    void unbound(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).opaque(null).signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-26-other-method",
            rows = {"F-WS-26", "F-WS-7"},
            section = "wallet-service.md, F-WS-7",
            profile = Profile.WALLET,
            title = "A challenge of another payment method is refused",
            fix = "Require method wallet and intent charge.")
    void method(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(payee).method("card").signed();
        Teller.refused(teller.pay(holder, challenge), 400, "INVALID_CHALLENGE");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }

    @Case(
            id = "F-WS-24-unknown-payee",
            rows = {"F-WS-24", "F-WS-7", "T21"},
            section = "wallet-service.md, F-WS-24",
            profile = Profile.WALLET,
            title = "A payee nobody registered is not paid, and not asked for its keys",
            fix =
                    "Answer 403 NOT_ALLOWED when the recipient is not registered; never fetch keys because a message names an origin.")
    void unknownPayee(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = teller.rich();

        Challenge challenge = teller.offer(Shopkeeper.elsewhere(new Origin("http://127.0.0.1:9"), payee.key()))
                .signed();
        Teller.refused(teller.pay(holder, challenge), 403, "NOT_ALLOWED");
        Teller.is("available+held", Teller.MONEY + "+0", teller.money(holder));
    }
}
