package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenKey;

/** Tokens against tokens: swap, restore, redemption and refund. None of them costs anything, and none of them makes money. */
@Group("Swapping")
final class SwapCases {

    private static final String SWAP = "swap-uri";

    private final Site site;

    SwapCases(Site site) {
        this.site = site;
    }

    /** Good tokens, and where they can be swapped. */
    private record Held(TokenPayer payer, TokenMint mint, Offer offer, List<BlindToken> tokens) {

        static Held of(Visit visit) {
            TokenPayer payer = new TokenPayer(visit);
            Offer offer = payer.offer(visit.site().paid());
            return new Held(payer, payer.mint(offer), offer, payer.exact(offer));
        }

        /** New tokens of the same keys. */
        TokenOrder same() {
            List<TokenKey> keys = new ArrayList<>();
            for (BlindToken token : tokens) {
                keys.add(mint.directory().keys().stream()
                        .filter(key -> key.key().keyId().equals(Base64Url.encode(token.keyId())))
                        .map(PublishedKey::key)
                        .findFirst()
                        .orElseThrow(() -> new NotApplicable("needs keys that are still on sale")));
            }
            return TokenOrder.of(keys, TokenPayer.terms(offer).challenge());
        }

        Map<String, String> body(TokenOrder order) {
            return body(tokens, order);
        }

        Map<String, String> body(List<BlindToken> in, TokenOrder order) {
            return Map.of(
                    "challenge",
                    TokenPayer.terms(offer).challenge().text(),
                    "tokens",
                    BlindToken.formatAll(in),
                    "requests",
                    order.requests());
        }

        /** Swaps, or says that it cannot be done here now: with a payee that keeps books of its own, the payee swaps. */
        RawAnswer swap(String what, TokenOrder order) {
            RawAnswer answer = mint.ask(what, SWAP, body(order));
            if (answer.status() == 403) {
                throw new NotApplicable(
                        "needs an issuer that swaps its payee's tokens now: " + Expect.problemOf(answer));
            }
            return answer;
        }
    }

    @Case(
            id = "F-TK-86-swap",
            rows = {"F-TK-86", "F-TK-27"},
            section = "token-mint.md, F-TK-86; token.md, F-TK-27",
            profile = Profile.TOKEN,
            title = "Tokens are swapped for others of the same value, and a repeat gets the same signatures",
            fix =
                    "Claim the inputs with the digest of the body as owner, sign, and answer the same body with the same bytes, without a payment.")
    void swap(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        TokenOrder order = held.same();
        RawAnswer first = held.swap("tokens for other tokens", order);
        List<BlindToken> fresh = order.tokens(TokenMint.responses(first));
        RawAnswer again = held.swap("the same swap again", order);
        NotAsExpected.unless(
                again.isSuccess() && Arrays.equals(first.body(), again.body()),
                "the same signatures",
                again.brief() + Expect.problemOf(again));
        Page page = site.paid();
        Offer offer = held.payer().offer(page);
        TokenCases.delivered(visit.present("the new tokens", page, held.payer().presented(offer, fresh)));
    }

    @Case(
            id = "T69-swapped-tokens-are-spent",
            rows = {"T69", "T57", "F-TK-86"},
            section = "threats.md 69; threats.md 57; token-mint.md, F-TK-86",
            profile = Profile.TOKEN,
            title = "Tokens that were swapped buy nothing any more, and swap no second time",
            fix = "Mark the inputs of a swap spent in the one table that payments look at, in the same transaction.")
    void swappedThenSpent(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        var unused = TokenMint.responses(held.swap("tokens for other tokens", held.same()));
        Page page = site.paid();
        Presented late = held.payer().presented(held.payer().offer(page), held.tokens());
        RawAnswer answer = visit.present("the swapped tokens", page, late);
        var unusedOffers = Expect.refusedAfresh(answer, late.echoed("id"));
        NotAsExpected.unless(
                TokenMint.code(answer).equals("TOKEN_SPENT"), "TOKEN_SPENT", answer.brief() + Expect.problemOf(answer));
        TokenMint.refused(held.swap("another swap of them", held.same()), 409, "TOKEN_SPENT");
    }

    @Case(
            id = "T69-spent-tokens-are-not-swapped",
            rows = {"T69", "F-TK-86", "F-TK-88"},
            section = "threats.md 69; token-mint.md, F-TK-86; token-mint.md, F-TK-88",
            profile = Profile.TOKEN,
            title = "Tokens that paid are not swapped: the issuer says which are spent",
            fix =
                    "Where issuer and payee share no ledger, swap only after the payee's last upload; answer 409 TOKEN_SPENT with the indexes in \"spent\".")
    void spentThenSwapped(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        Page page = site.paid();
        Offer offer = held.payer().offer(page);
        TokenCases.delivered(visit.present("the tokens", page, held.payer().presented(offer, held.tokens())));
        RawAnswer answer = held.mint().ask("a swap of spent tokens", SWAP, held.body(held.same()));
        NotAsExpected.unless(
                (answer.status() == 409 && TokenMint.code(answer).equals("TOKEN_SPENT")) || answer.status() == 403,
                "409 TOKEN_SPENT, or 403 where only the payee swaps",
                answer.brief() + Expect.problemOf(answer));
        NotAsExpected.unless(
                answer.status() == 403
                        || Expect.json(answer)
                                .map(body -> body.path("spent").asText("").startsWith("0"))
                                .orElse(false),
                "\"spent\" with the index 0",
                answer.text());
    }

    @Case(
            id = "F-TK-86-swap-makes-no-money",
            rows = {"F-TK-86", "T29"},
            section = "token-mint.md, F-TK-86; threats.md 29",
            profile = Profile.TOKEN,
            title = "A swap for more than was brought is refused, and the inputs stay unspent",
            fix = "Compare the sums exactly before you claim anything: 409 AMOUNT_MISMATCH.")
    void equalValue(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        TokenOrder same = held.same();
        List<TokenKey> more = new ArrayList<>(keys(held));
        more.add(more.get(0));
        TokenOrder dear = TokenOrder.of(more, TokenPayer.terms(held.offer()).challenge());
        TokenMint.refused(held.swap("a swap for one token more", dear), 409, "AMOUNT_MISMATCH");
        List<BlindToken> twice = new ArrayList<>(held.tokens());
        twice.add(held.tokens().get(0));
        RawAnswer doubled = held.mint().ask("one token twice, for two", SWAP, held.body(twice, dear));
        NotAsExpected.unless(
                !doubled.isSuccess() && doubled.status() < 500,
                "a refusal of one token that comes twice",
                doubled.brief() + Expect.problemOf(doubled));
        RawAnswer right = held.swap("a swap for as much", same);
        var unused = same.tokens(TokenMint.responses(right));
    }

    private static List<TokenKey> keys(Held held) {
        return held.mint().directory().keys().stream()
                .filter(key -> key.key()
                        .keyId()
                        .equals(Base64Url.encode(held.tokens().get(0).keyId())))
                .map(PublishedKey::key)
                .toList();
    }

    @Case(
            id = "F-TK-86-swap-verifies",
            rows = {"F-TK-86", "F-TK-6"},
            section = "token-mint.md, F-TK-86; token.md, F-TK-6",
            profile = Profile.TOKEN,
            title = "A token that is not good is not swapped",
            fix = "Verify every input as in a payment, and that its digest is that of the challenge in the body.")
    void spoiled(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        TokenOrder order = held.same();
        for (Spoiled.Part part : Spoiled.Part.values()) {
            List<BlindToken> changed = new ArrayList<>(held.tokens());
            changed.set(0, Spoiled.token(held.tokens().get(0), part));
            RawAnswer answer = held.mint().ask("another " + part.words(), SWAP, held.body(changed, order));
            NotAsExpected.unless(
                    answer.status() >= 400 && answer.status() < 500,
                    "a refusal: its " + part.words() + " is another",
                    answer.brief());
        }
        var unused = order.tokens(TokenMint.responses(held.swap("the token as it was issued", order)));
    }

    @Case(
            id = "F-TK-87-restore",
            rows = {"F-TK-87", "F-TK-28"},
            section = "token-mint.md, F-TK-87; token.md, F-TK-28",
            profile = Profile.TOKEN,
            title = "What was issued is signed again for nothing, and what was not is not",
            fix =
                    "Look each message of token-restore up among those you signed; sign those again, and answer 0 for the others.")
    void restore(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        TokenOrder issued = held.same();
        RawAnswer swapped = held.swap("a swap whose answer gets lost", issued);
        var unused = TokenMint.responses(swapped);
        TokenOrder never = held.same();
        List<PendingToken> both = new ArrayList<>(never.pending());
        both.addAll(issued.pending());
        RawAnswer answer =
                held.mint().ask("restore", "restore-uri", Map.of("requests", new TokenOrder(both).requests()));
        Expect.status(answer, 200);
        String bits =
                Expect.json(answer).map(body -> body.path("issued").asText("")).orElse("");
        String wanted =
                "0".repeat(never.pending().size()) + "1".repeat(issued.pending().size());
        NotAsExpected.unless(bits.equals(wanted), "\"issued\":\"" + wanted + "\"", "\"issued\":\"" + bits + "\"");
        var unusedTokens = issued.tokens(TokenMint.responses(answer));
    }

    @Case(
            id = "F-TK-90-redemption-by-payees",
            rows = {"F-TK-90"},
            section = "token-mint.md, F-TK-90",
            profile = Profile.TOKEN,
            title = "Nobody redeems tokens who does not prove to be their payee",
            fix =
                    "Ask for a signed request of a registered payee (wallet-request.md), and take tokens for its origin alone.")
    void redemptions(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        RawAnswer answer = held.mint()
                .ask(
                        "a redemption by nobody",
                        "redemption-uri",
                        Map.of(
                                "challenge",
                                TokenPayer.terms(held.offer()).challenge().text(),
                                "tokens",
                                BlindToken.formatAll(held.tokens())));
        NotAsExpected.unless(
                List.of(401, 403, 404).contains(answer.status()),
                "401 or 403 (or 404, where nobody redeems)",
                answer.brief() + Expect.problemOf(answer));
        Page page = site.paid();
        Offer offer = held.payer().offer(page);
        TokenCases.delivered(
                visit.present("the tokens, as a payment", page, held.payer().presented(offer, held.tokens())));
    }

    @Case(
            id = "T54-no-refund-unless-due",
            rows = {"T54", "F-TK-92"},
            section = "threats.md 54; token-mint.md, F-TK-92",
            profile = Profile.TOKEN,
            title = "Who paid by tokens gets new ones back only if the payee refunded the charge",
            fix =
                    "Look the charge up by the credential, and answer 404 unless its payee refunded it; then sign for the refunded amount, once.")
    void refund(Trace trace) {
        Visit visit = site.visit(trace);
        Held held = Held.of(visit);
        Page page = site.paid();
        Presented credential = held.payer().presented(held.payer().offer(page), held.tokens());
        TokenCases.delivered(visit.present("the tokens", page, credential));
        TokenOrder order = held.same();
        RawAnswer answer = held.mint()
                .ask(
                        "a refund nobody granted",
                        "refund-uri",
                        Map.of("credential", credential.token68(), "requests", order.requests()));
        NotAsExpected.unless(
                answer.status() == 404 || answer.status() == 403,
                "404: nothing is due",
                answer.brief() + Expect.problemOf(answer));
    }
}
