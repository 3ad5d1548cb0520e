package org.farthing.conformance.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.server.Expect;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;

/** Top-ups and the statement. */
@Group("Money")
final class MoneyCases {

    private final WalletSite site;

    MoneyCases(WalletSite site) {
        this.site = site;
    }

    @Case(
            id = "F-WA-26-top-up-once",
            rows = "F-WA-26",
            section = "wallets.md, F-WA-26",
            profile = Profile.WALLET,
            title = "The same top-up again moves no money",
            fix = "Keep (wallet, idempotencyKey) with the top-up: the same content again is 200 and moves nothing.")
    void once(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String key = Bearer.tokenId();
        Expect.status(teller.topUp(holder, key, 5000), 201);
        Expect.status(teller.topUp(holder, key, 5000), 200);
        Teller.is("available+held", "5000+0", teller.money(holder));
    }

    @Case(
            id = "F-WA-26-other-content-refused",
            rows = "F-WA-26",
            section = "wallets.md, F-WA-26",
            profile = Profile.WALLET,
            title = "The key of a top-up with another amount is refused",
            fix = "Answer 422 IDEMPOTENCY_CONFLICT when a known idempotencyKey comes with another amount or currency.")
    void otherContent(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String key = Bearer.tokenId();
        Expect.status(teller.topUp(holder, key, 5000), 201);
        Teller.refused(teller.topUp(holder, key, 6000), 422, "IDEMPOTENCY_CONFLICT");
        Teller.is("available+held", "5000+0", teller.money(holder));
    }

    @Case(
            id = "F-WA-26-unknown-wallet",
            rows = "F-WA-26",
            section = "wallets.md, F-WA-26",
            profile = Profile.WALLET,
            title = "Money for a wallet that does not exist is refused",
            fix = "Answer 404 NOT_FOUND to a top-up of an unknown wallet.")
    void unknown(Trace trace) {
        Teller.refused(site.teller(trace).topUp(Holder.fresh(), Bearer.tokenId(), 5000), 404, "NOT_FOUND");
    }

    @Case(
            id = "F-WA-25-only-the-administrator",
            rows = "F-WA-25",
            section = "wallets.md, F-WA-25",
            profile = Profile.WALLET,
            title = "Nobody fills a wallet but the administrator",
            fix =
                    "At /topups take the administrator's secret and nothing else: no wallet request, and no other secret.")
    void administrator(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        String target = Teller.wallet(holder) + "/topups";
        String body = Teller.topUp(Bearer.tokenId(), 5000);
        Teller.unauthenticated(teller.by(holder, "the owner fills the wallet", "POST", target, body));
        Teller.unauthenticated(teller.send("a guessed secret", "A".repeat(43), "POST", target, body));
    }

    @Case(
            id = "F-WA-25-the-secret-opens-nothing-else",
            rows = "F-WA-25",
            section = "wallets.md, F-WA-25",
            profile = Profile.WALLET,
            title = "The administrator's secret is no wallet's key",
            fix =
                    "Take the administrator's secret at the administrator's routes only; at a wallet's route answer it 401.")
    void elsewhere(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        Teller.unauthenticated(teller.admin("the administrator looks into a wallet", "GET", Teller.wallet(holder), ""));
    }

    @Case(
            id = "F-WA-24-statement",
            rows = "F-WA-24",
            section = "wallets.md, F-WA-24",
            profile = Profile.WALLET,
            title = "The statement lists what moved, newest first, in pages",
            fix =
                    "Answer GET /statement newest first with at most limit lines, and give next unless it is the last page; cursor=next continues there.")
    void statement(Trace trace) {
        Teller teller = site.teller(trace);
        Holder holder = teller.open();
        for (long amount = 1; amount <= 3; amount++) {
            Expect.status(teller.topUp(holder, Bearer.tokenId(), amount), 201);
        }
        String page = Teller.wallet(holder) + "/statement?limit=2";
        JsonNode first = Teller.json(teller.by(holder, "the first page", "GET", page, ""));
        Teller.is("amounts", "3 2", amounts(first));
        String next = first.path("next").asText("");
        NotAsExpected.unless(!next.isEmpty(), "next, because there is more", "no next");
        JsonNode last = Teller.json(
                teller.by(holder, "the next page", "GET", page + "&cursor=" + URLEncoder.encode(next, UTF_8), ""));
        Teller.is("amounts", "1", amounts(last));
        NotAsExpected.unless(!last.has("next"), "no next on the last page", "next " + last.path("next"));
    }

    private static String amounts(JsonNode page) {
        List<String> amounts = new ArrayList<>();
        page.path("transfers")
                .forEach(transfer -> amounts.add(transfer.path("amount").asText()));
        return String.join(" ", amounts);
    }
}
