package org.farthing.conformance.wallet;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.signature.SigningKey;

/** What bounds a thief of the everyday key. */
@Group("Limits and keys")
final class OwnerCases {

    /** By how much the service's clock may be another than the suite's. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final WalletSite site;

    OwnerCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WA-31-raising-needs-recovery",
            rows = {"F-WA-31", "F-WA-34", "T37"},
            section = "wallets.md, F-WA-31",
            profile = Profile.WALLET,
            title = "The wallet's key lowers a limit, and only the recovery key raises it",
            fix =
                    "At POST /limits let any key of the wallet lower a daily limit; answer 403 NOT_ALLOWED when an ordinary key raises or removes one.")
    void raising(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        SigningKey recovery = Holder.fresh().key();
        teller.open(holder, holder.opening(recovery));
        String limits = Teller.wallet(holder) + "/limits";
        Expect.status(teller.by(holder, "lowered", "POST", limits, limit("2.00")), 200);
        Teller.refused(
                teller.by(holder, "raised by the everyday key", "POST", limits, limit("3.00")), 403, "NOT_ALLOWED");
        Teller.refused(
                teller.by(holder, "removed by the everyday key", "POST", limits, limit("none")), 403, "NOT_ALLOWED");
        Expect.status(
                teller.by(holder.with(recovery), "raised by the recovery key", "POST", limits, limit("3.00")), 200);
    }

    @Case(
            id = "F-WA-31-limit-binds",
            rows = {"F-WA-31", "F-WS-28", "T37"},
            section = "wallets.md, F-WA-31; wallet-service.md, F-WS-28",
            profile = Profile.WALLET,
            title = "A payment beyond the daily limit is refused",
            fix =
                    "Count what is held and captured in a day against the limit, in the same transaction as the hold; answer 409 SPENDING_LIMIT_EXCEEDED.")
    void binds(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Instant from = site.now();
        RawAnswer second = secondPayment(teller, payee);
        if (second.isSuccess() && !day(from.minus(CLOCKS)).equals(day(site.now().plus(CLOCKS)))) {
            // The second payment may have been the first of a new day; all of this one is still to come.
            second = secondPayment(teller, payee);
        }
        Teller.refused(second, 409, "SPENDING_LIMIT_EXCEEDED");
    }

    /** Two payments of a wallet whose limit is one and a half. */
    private static RawAnswer secondPayment(Teller teller, Shopkeeper payee) {
        Holder holder = teller.rich();
        Expect.status(
                teller.by(holder, "a limit of 0.0015", "POST", Teller.wallet(holder) + "/limits", limit("0.0015")),
                200);
        Expect.status(teller.pay(holder, teller.offer(payee).signed()), 201);
        return teller.pay(holder, teller.offer(payee).signed());
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    @Case(
            id = "F-WA-32-frozen-pays-nothing",
            rows = {"F-WA-32", "F-WA-23", "F-WS-28"},
            section = "wallets.md, F-WA-23 and F-WA-32",
            profile = Profile.WALLET,
            title = "A frozen wallet pays nothing until its recovery key says so",
            fix =
                    "Answer payments of a frozen wallet 403 WALLET_SUSPENDED. Any key freezes; {\"frozen\":\"false\"} needs the recovery key, else 403 NOT_ALLOWED.")
    void frozen(Trace trace) {
        Teller teller = site.teller(trace);
        Shopkeeper payee = site.payee(trace, 0);
        Holder holder = Holder.fresh();
        SigningKey recovery = Holder.fresh().key();
        teller.open(holder, holder.opening(recovery));
        teller.fill(holder);
        String freeze = Teller.wallet(holder) + "/freeze";
        Expect.status(teller.by(holder, "frozen", "POST", freeze, "{\"frozen\":\"true\"}"), 200);
        Teller.refused(teller.pay(holder, teller.offer(payee).signed()), 403, "WALLET_SUSPENDED");
        Teller.refused(
                teller.by(holder, "thawed by the everyday key", "POST", freeze, "{\"frozen\":\"false\"}"),
                403,
                "NOT_ALLOWED");
        Expect.status(
                teller.by(
                        holder.with(recovery), "thawed by the recovery key", "POST", freeze, "{\"frozen\":\"false\"}"),
                200);
        Expect.status(teller.pay(holder, teller.offer(payee).signed()), 201);
    }

    @Case(
            id = "F-WA-33-keys-by-recovery",
            rows = {"F-WA-33", "F-WA-2", "T37"},
            section = "wallets.md, F-WA-33",
            profile = Profile.WALLET,
            title = "The recovery key adds and revokes keys, and a revoked key is worth nothing",
            fix =
                    "At POST /keys take the recovery key alone (else 403 NOT_ALLOWED); what a revoked key signs from then on is 401, and the last key stays (400).")
    void keys(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = Holder.fresh();
        SigningKey recovery = Holder.fresh().key();
        SigningKey second = Holder.fresh().key();
        teller.open(holder, holder.opening(recovery));
        String keys = Teller.wallet(holder) + "/keys";
        String add = "{\"add\":" + Holder.jwk(second) + "}";
        Teller.refused(teller.by(holder, "added by the everyday key", "POST", keys, add), 403, "NOT_ALLOWED");
        Holder owner = holder.with(recovery);
        Expect.status(teller.by(owner, "added by the recovery key", "POST", keys, add), 200);
        Expect.status(teller.by(owner, "the first key revoked", "POST", keys, revoke(holder.key())), 200);
        Teller.unauthenticated(teller.look(holder));
        Expect.status(teller.look(holder.with(second)), 200);
        Teller.refused(teller.by(owner, "the last key revoked", "POST", keys, revoke(second)), 400, "BAD_REQUEST");
    }

    private static String limit(String perDay) {
        return "{\"code\":\"usd\",\"perDay\":\"" + perDay + "\"}";
    }

    private static String revoke(SigningKey key) {
        return "{\"revoke\":\"" + key.publicKey().thumbprint() + "\"}";
    }
}
