package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionAnswer.Result;
import org.farthing.protocol.token.TokenChallenge;

/** What an issuer pays out to a payee with books of its own, and that no token counts at both. */
@Group("Redeeming")
final class RedemptionCases {

    private final Site site;

    RedemptionCases(Site site) {
        this.site = site;
    }

    /** Tokens a customer bought for the payee the suite plays. */
    private record Taken(
            Visit visit,
            TokenMint mint,
            RemotePayee payee,
            TokenChallenge challenge,
            List<PublishedKey> keys,
            List<BlindToken> tokens) {

        static Taken of(Visit visit) {
            RemotePayee payee = visit.site().remotePayee();
            TokenPayer payer = new TokenPayer(visit);
            Offer offer = payer.offer(visit.site().paid());
            TokenMint mint = payer.mint(offer);
            TokenChallenge challenge = TokenChallenge.forPayee(mint.origin(), payee.origin());
            List<PublishedKey> keys = TokenPayer.keys(
                    mint, TokenPayer.cheapest(mint), offer.asked("currency").orElse(""));
            List<BlindToken> tokens = mint.bought(TokenOrder.of(TokenPayer.tokenKeys(keys), challenge));
            return new Taken(visit, mint, payee, challenge, keys, tokens);
        }

        long worth(int from, int to) {
            return keys.subList(from, to).stream()
                    .mapToLong(key -> key.value().baseUnits())
                    .sum();
        }

        RawAnswer redeem(String what, TokenChallenge of, List<BlindToken> some) {
            String body = CanonicalJson.write(Map.of("challenge", of.text(), "tokens", BlindToken.formatAll(some)));
            return signed(what, "redemption-uri", body);
        }

        RawAnswer signed(String what, String route, String body) {
            Page page = mint.route(route, body);
            return visit.send(
                    what, page, payee.signed(page, mint.origin(), visit.site().now()));
        }

        /** New tokens of the same value for the same payee. */
        TokenOrder same(int count) {
            return TokenOrder.of(TokenPayer.tokenKeys(keys.subList(0, count)), challenge);
        }

        Map<String, String> swap(TokenOrder order, int count) {
            return Map.of(
                    "challenge",
                    challenge.text(),
                    "tokens",
                    BlindToken.formatAll(tokens.subList(0, count)),
                    "requests",
                    order.requests());
        }
    }

    @Case(
            id = "F-TK-90-redeemed-once",
            rows = {"F-TK-90", "F-TK-29", "T57"},
            section = "token-mint.md, F-TK-90; token.md, F-TK-29",
            profile = Profile.TOKEN,
            title = "A payee gets each of its tokens credited once, however often it presents it",
            fix =
                    "Mark each token redeemed and credit its payee in one step; answer accepted the first time and repeated to the same payee ever after.")
    void redeemed(Trace trace) {
        Taken taken = Taken.of(site.visit(trace));
        int half = taken.tokens().size() / 2;
        results(
                taken.redeem(
                        "some of the tokens", taken.challenge(), taken.tokens().subList(0, half)),
                Collections.nCopies(half, Result.ACCEPTED),
                taken.worth(0, half));
        List<Result> wanted = new ArrayList<>(Collections.nCopies(half, Result.REPEATED));
        wanted.addAll(Collections.nCopies(taken.tokens().size() - half, Result.ACCEPTED));
        results(
                taken.redeem("all of them", taken.challenge(), taken.tokens()),
                wanted,
                taken.worth(0, taken.tokens().size()));
    }

    @Case(
            id = "F-TK-90-verified",
            rows = {"F-TK-90", "F-TK-6"},
            section = "token-mint.md, F-TK-90; token.md, F-TK-6",
            profile = Profile.TOKEN,
            title =
                    "A token the issuer did not sign is credited to nobody, and does not keep others from being credited",
            fix = "Verify every token again, and answer word by word: invalid for those that are none.")
    void spoiled(Trace trace) {
        Taken taken = Taken.of(site.visit(trace));
        List<BlindToken> mixed = List.of(
                Spoiled.token(taken.tokens().get(0), Spoiled.Part.AUTHENTICATOR),
                taken.tokens().get(1));
        results(
                taken.redeem("a spoiled token and a good one", taken.challenge(), mixed),
                List.of(Result.INVALID, Result.ACCEPTED),
                taken.worth(1, 2));
    }

    @Case(
            id = "T57-redeemed-by-its-payee-alone",
            rows = {"T57", "F-TK-90"},
            section = "threats.md 57; token-mint.md, F-TK-90",
            profile = Profile.TOKEN,
            title = "A payee is not credited for tokens of another payee",
            fix = "Refuse a redemption whose challenge is not the one of you and the payee that signed the request.")
    void ofAnother(Trace trace) {
        Visit visit = site.visit(trace);
        Taken taken = Taken.of(visit);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        List<BlindToken> others = payer.exact(offer);
        RawAnswer answer =
                taken.redeem("tokens of another payee", TokenPayer.terms(offer).challenge(), others);
        NotAsExpected.unless(answer.status() == 403, "403", answer.brief() + Expect.problemOf(answer));
        TokenCases.delivered(
                visit.present("these tokens, at their payee", page, payer.presented(payer.offer(page), others)));
    }

    @Case(
            id = "T69-payee-has-authority",
            rows = {"T69", "F-TK-88"},
            section = "threats.md 69; token-mint.md, F-TK-88",
            profile = Profile.TOKEN,
            title = "While a payee with books of its own may still redeem a token, nobody but that payee swaps it",
            fix =
                    "Before redeem-until, swap tokens of such a payee only in a request it signed: it has claimed the serials in its books then. Everybody else is 403 NOT_ALLOWED.")
    void authority(Trace trace) {
        Taken taken = Taken.of(site.visit(trace));
        TokenOrder order = taken.same(1);
        TokenMint.refused(
                taken.mint().ask("a swap behind the payee's back", "swap-uri", taken.swap(order, 1)),
                403,
                "NOT_ALLOWED");
        results(
                taken.redeem(
                        "the token, by its payee",
                        taken.challenge(),
                        taken.tokens().subList(0, 1)),
                List.of(Result.ACCEPTED),
                taken.worth(0, 1));
    }

    @Case(
            id = "T69-swapped-or-redeemed",
            rows = {"T69", "F-TK-86", "F-TK-90"},
            section = "threats.md 69; token-mint.md, F-TK-86",
            profile = Profile.TOKEN,
            title = "A token its payee had swapped is redeemed no more, and one that was redeemed is not swapped",
            fix = "Let swaps and redemptions claim serials in one table: the second to come finds them spent.")
    void either(Trace trace) {
        Taken taken = Taken.of(site.visit(trace));
        TokenOrder order = taken.same(1);
        RawAnswer swapped =
                taken.signed("a swap, signed by the payee", "swap-uri", CanonicalJson.write(taken.swap(order, 1)));
        List<BlindToken> fresh = order.tokens(TokenMint.responses(swapped));
        results(
                taken.redeem(
                        "the swapped token", taken.challenge(), taken.tokens().subList(0, 1)),
                List.of(Result.SPENT),
                0);
        results(taken.redeem("the new one", taken.challenge(), fresh), List.of(Result.ACCEPTED), taken.worth(0, 1));
        Map<String, String> late = Map.of(
                "challenge",
                taken.challenge().text(),
                "tokens",
                BlindToken.formatAll(fresh),
                "requests",
                taken.same(1).requests());
        TokenMint.refused(
                taken.signed("a swap of the redeemed one", "swap-uri", CanonicalJson.write(late)), 409, "TOKEN_SPENT");
    }

    private static void results(RawAnswer answer, List<Result> wanted, long amount) {
        Expect.status(answer, 200);
        try {
            RedemptionAnswer said = RedemptionAnswer.parse(answer.body(), wanted.size());
            NotAsExpected.unless(
                    said.results().equals(wanted) && said.amount().baseUnits() == amount,
                    wanted + " and amount " + amount,
                    said.results() + " and amount " + said.amount().format());
        } catch (MalformedException e) {
            throw new NotAsExpected("a word for each token, and an amount", String.valueOf(e.getMessage()));
        }
    }
}
