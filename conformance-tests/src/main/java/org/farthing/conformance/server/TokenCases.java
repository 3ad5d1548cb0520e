package org.farthing.conformance.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.wallet.ReleaseStatement;

/** Payments by blind tokens: what is good, what is refused, and that nothing is spent twice. */
@Group("Tokens")
final class TokenCases {

    private final Site site;

    TokenCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-TK-60-tokens-pay",
            rows = {"F-TK-60", "F-TK-24"},
            section = "token-payment.md, F-TK-60; token.md, F-TK-24",
            profile = Profile.TOKEN,
            title = "Tokens that sum to the price pay, and the receipt says how many and how much",
            fix =
                    "Verify the tokens, claim their serials with the challenge id as owner, deliver, and send a receipt with method token, amount and tokens, and without anything that names the payer.")
    void pays(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        List<BlindToken> tokens = payer.exact(offer);
        RawAnswer answer = visit.present("the tokens", page, payer.presented(offer, tokens));
        delivered(answer);
        PaymentReceipt receipt = receipt(answer);
        NotAsExpected.unless(
                receipt.method().equals("token")
                        && receipt.members().get("tokens") instanceof String count
                        && count.equals(Integer.toString(tokens.size()))
                        && receipt.amount().orElse("").equals(Long.toString(TokenPayer.amount(offer))),
                "a receipt with method token, tokens " + tokens.size() + ", amount " + TokenPayer.amount(offer),
                "method " + receipt.method() + ", tokens " + receipt.members().get("tokens") + ", amount "
                        + receipt.amount().orElse("(none)"));
        EvidenceCases.receipt(visit, page, offer, answer);
    }

    @Case(
            id = "F-TK-59-same-credential-same-answer",
            rows = {"F-TK-59", "F-RE-12"},
            section = "token-payment.md, F-TK-59; retry.md, F-RE-12",
            profile = Profile.TOKEN,
            title = "The same credential again gets the stored answer, and spends nothing twice",
            fix = "Keep the answer with the claim; a repeat by the owner of its serials is no double spend.")
    void again(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        Presented credential = payer.presented(offer, payer.exact(offer));
        RawAnswer first = visit.present("the tokens", page, credential);
        delivered(first);
        RawAnswer again = visit.present("the same bytes again", page, credential);
        NotAsExpected.unless(
                again.status() == first.status() && again.text().equals(first.text()),
                "the first answer again",
                again.brief() + Expect.problemOf(again));
    }

    @Case(
            id = "F-TK-6-every-byte-counts",
            rows = {"F-TK-6", "F-TK-55"},
            section = "token.md, F-TK-6; token-payment.md, F-TK-55",
            profile = Profile.TOKEN,
            title =
                    "A token with another nonce, challenge digest, key id or authenticator is refused, and spends nothing",
            fix =
                    "Compare the challenge digest, look the key up by its whole id, and verify RSASSA-PSS over the first 98 bytes, before any serial is claimed.")
    void flipped(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        List<BlindToken> tokens = payer.exact(payer.offer(page));
        for (Spoiled.Part part : Spoiled.Part.values()) {
            List<BlindToken> changed = new ArrayList<>(tokens);
            changed.set(0, Spoiled.token(tokens.get(0), part));
            Presented credential = payer.presented(payer.offer(page), changed);
            RawAnswer answer = visit.present("another " + part.words(), page, credential);
            var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
        }
        Presented whole = payer.presented(payer.offer(page), tokens);
        delivered(visit.present("the token as it was issued", page, whole));
    }

    @Case(
            id = "T57-token-of-another-payee",
            rows = {"T57", "F-TK-3"},
            section = "threats.md 57; token.md, F-TK-3",
            profile = Profile.TOKEN,
            title = "A token that was made for another payee buys nothing here",
            fix = "Compare the token's challenge digest with the SHA-256 of the challenge you sent.")
    void anotherPayee(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        TokenMint mint = payer.mint(offer);
        var bundle = TokenPayer.cheapest(mint);
        var keys = TokenPayer.keys(mint, bundle, offer.asked("currency").orElse(""));
        List<BlindToken> bought = mint.bought(TokenOrder.of(TokenPayer.tokenKeys(keys), TokenPayer.elsewhere(offer)));
        List<BlindToken> shown = new ArrayList<>();
        for (BlindToken wanted : payer.exact(offer)) {
            int at = keys.stream().map(key -> key.key().keyId()).toList().indexOf(Base64Url.encode(wanted.keyId()));
            if (at < 0) {
                throw new NotApplicable("needs the tokens that pay this in the issuer's cheapest bundle");
            }
            shown.add(bought.get(at));
        }
        Presented credential = payer.presented(offer, shown);
        RawAnswer answer = visit.present("tokens for another payee", page, credential);
        var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
    }

    @Case(
            id = "T57-spent-once",
            rows = {"T57", "F-TK-58"},
            section = "threats.md 57; token-payment.md, F-TK-58",
            profile = Profile.TOKEN,
            title = "A spent token is refused with TOKEN_SPENT and its index, and what came with it stays unspent",
            fix =
                    "Claim all serials of a payment or none, and say in \"spent\" which of them, by index, were spent before.")
    void doubleSpend(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.need(PageName.TOKEN_SUM);
        List<BlindToken> first = payer.exact(payer.offer(page));
        delivered(visit.present("tokens", page, payer.presented(payer.offer(page), first)));
        List<BlindToken> mixed = new ArrayList<>(payer.exact(payer.offer(page)));
        BlindToken fresh = mixed.get(mixed.size() - 1);
        mixed.set(mixed.size() - 1, first.get(first.size() - 1));
        Presented credential = payer.presented(payer.offer(page), mixed);
        RawAnswer answer = visit.present("the last of them is spent", page, credential);
        spent(answer, credential, mixed.size() - 1);
        mixed.set(mixed.size() - 1, fresh);
        delivered(visit.present("the others, which were not spent", page, payer.presented(payer.offer(page), mixed)));
    }

    @Case(
            id = "T57-two-at-once",
            rows = {"T57", "F-TK-58"},
            section = "threats.md 57; token-payment.md, F-TK-58",
            profile = Profile.TOKEN,
            title = "One token shown with several challenges at the same moment is taken once",
            fix = "Claim serials in the transaction of the charge, in the one store all nodes share.")
    void race(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        List<BlindToken> tokens = payer.exact(payer.offer(page));
        List<Presented> credentials = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            credentials.add(payer.presented(payer.offer(page), tokens));
        }
        List<RawAnswer> answers = visit.together(
                "the same tokens with four challenges",
                page,
                credentials.stream().map(one -> visit.request(page, one)).toList());
        long served = answers.stream().filter(RawAnswer::isSuccess).count();
        NotAsExpected.unless(served == 1, "one delivery", served + " of them");
        answers.stream().filter(answer -> !answer.isSuccess()).forEach(answer -> code(answer, "TOKEN_SPENT"));
    }

    @Case(
            id = "T29-one-token-twice",
            rows = {"T29", "F-TK-8"},
            section = "threats.md 29; token.md, F-TK-8",
            profile = Profile.TOKEN,
            title = "One token twice in a payment does not count twice",
            fix = "Refuse a payload in which two tokens have the same serial, before you add anything up.")
    void twice(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        long half = TokenPayer.amount(offer) / 2;
        if (!TokenPayer.terms(offer).denominations().values().contains(half)) {
            throw new NotApplicable("needs a price that two tokens of one denomination sum to");
        }
        BlindToken token = payer.token(offer, half);
        Presented credential = payer.presented(offer, List.of(token, token));
        var unused = Expect.refusedAfresh(visit.present("one token, twice", page, credential), credential.echoed("id"));
        Offer again = payer.offer(page);
        Presented two = payer.presented(again, List.of(token, payer.token(again, half)));
        delivered(visit.present("that token and another one", page, two));
    }

    @Case(
            id = "T29-sum-is-the-price",
            rows = {"T29", "F-TK-56"},
            section = "threats.md 29; token-payment.md, F-TK-56",
            profile = Profile.TOKEN,
            title = "Tokens that sum to less or more than the price are refused, and stay unspent",
            fix =
                    "Add the values up exactly; unless the offer says overpay keep, answer AMOUNT_MISMATCH for any other sum than the price, and claim nothing.")
    void sum(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.need(PageName.TOKEN_SUM);
        Offer offer = payer.offer(page);
        List<BlindToken> tokens = payer.exact(offer);
        Presented less = payer.presented(offer, tokens.subList(0, tokens.size() - 1));
        RawAnswer answer = visit.present("all but one of the tokens", page, less);
        var unused = Expect.refusedAfresh(answer, less.echoed("id"));
        code(answer, "AMOUNT_MISMATCH", "PAYMENT_INSUFFICIENT");
        Offer other = payer.offer(page);
        TokenOffer terms = TokenPayer.terms(other);
        if (!terms.keepsOverpay() && tokens.size() < terms.maxTokens()) {
            List<BlindToken> more = new ArrayList<>(tokens);
            more.add(payer.token(other, terms.denominations().values().get(0)));
            Presented much = payer.presented(other, more);
            RawAnswer refused = visit.present("one token more", page, much);
            var unusedOffers = Expect.refusedAfresh(refused, much.echoed("id"));
            code(refused, "AMOUNT_MISMATCH");
        }
        delivered(visit.present("the right ones", page, payer.presented(payer.offer(page), tokens)));
    }

    @Case(
            id = "F-TK-24-not-more-than-max-tokens",
            rows = {"F-TK-24", "F-TK-8", "T40"},
            section = "token.md, F-TK-24; token.md, F-TK-8; threats.md 40",
            profile = Profile.TOKEN,
            title = "More tokens than maxTokens, or bytes that are no tokens, are an invalid payload",
            fix =
                    "Check that the payload is 1 to maxTokens times 354 bytes of base64url before you verify anything: each signature costs time.")
    void counted(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.paid();
        Offer offer = payer.offer(page);
        BlindToken token = payer.exact(offer).get(0);
        List<BlindToken> many = new ArrayList<>();
        for (int i = 0; i <= TokenPayer.terms(offer).maxTokens(); i++) {
            many.add(i == 0 ? token : Spoiled.another(token, i));
        }
        String whole = BlindToken.formatAll(List.of(token));
        Map<String, Proof> wrong = Map.of(
                "too many tokens", TokenPayer.proof(many),
                "a token without its end", TokenPayer.proof(whole.substring(0, whole.length() - 4)),
                "a token and three bytes", TokenPayer.proof(whole + "AAAA"),
                "no token", TokenPayer.proof(""));
        for (Map.Entry<String, Proof> entry : wrong.entrySet()) {
            Presented credential = Presented.of(payer.offer(page), entry.getValue());
            RawAnswer answer = visit.present(entry.getKey(), page, credential);
            var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
            code(answer, "INVALID_PAYLOAD");
        }
        delivered(visit.present("the token alone", page, payer.presented(payer.offer(page), List.of(token))));
    }

    @Case(
            id = "T70-released-tokens-stay-with-their-challenge",
            rows = {"T70", "F-TK-61"},
            section = "threats.md 70; token-payment.md, F-TK-61",
            profile = Profile.TOKEN,
            title = "Tokens of a request that failed are not charged, and nobody who saw them can spend them here",
            fix =
                    "Release the charge and keep its serials reserved to its challenge until ten minutes after that expires; another challenge that shows them gets TOKEN_SPENT.")
    void released(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page failing = site.need(PageName.FAILING);
        Offer offer = payer.offer(failing);
        List<BlindToken> tokens = payer.exact(offer);
        RawAnswer failed = visit.present("tokens for a page that fails", failing, payer.presented(offer, tokens));
        Expect.notDelivered(failed, "the application fails");
        NotAsExpected.unless(
                failed.all("Payment-Receipt").isEmpty(), "no receipt for what was not delivered", "a receipt");
        NotAsExpected.unless(
                failed.first("Payment-Outcome").orElse("").startsWith("released"),
                "Payment-Outcome: released",
                "Payment-Outcome: " + failed.first("Payment-Outcome").orElse("(none)"));
        Page paid = site.paid();
        Presented thief = payer.presented(payer.offer(paid), tokens);
        RawAnswer answer = visit.present("the same tokens with another challenge", paid, thief);
        spent(answer, thief, 0);
    }

    @Case(
            id = "F-TK-61-release-lists-serials",
            rows = {"F-TK-61", "T70"},
            section = "token-payment.md, F-TK-61; threats.md 70",
            profile = Profile.TOKEN,
            title = "The release statement of a token charge lists the serials it releases",
            fix =
                    "Sign the serials (the first 16 bytes of SHA-256 of key id and nonce) with the statement, so that a redemption of them can be refused.")
    void statement(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page failing = site.need(PageName.FAILING);
        Offer offer = payer.offer(failing);
        List<BlindToken> tokens = payer.exact(offer);
        RawAnswer failed = visit.present("tokens for a page that fails", failing, payer.presented(offer, tokens));
        List<String> wanted =
                tokens.stream().map(token -> token.serial().text()).sorted().toList();
        List<String> listed;
        try {
            listed = ReleaseStatement.parseField(failed.first("Payment-Release").orElse("")).serialList().stream()
                    .sorted()
                    .toList();
        } catch (MalformedException e) {
            throw new NotAsExpected("a release statement", "one that cannot be read: " + e.getMessage());
        }
        NotAsExpected.unless(
                listed.equals(wanted),
                "serials " + String.join(" ", wanted),
                listed.isEmpty() ? "no serials" : "serials " + String.join(" ", listed));
    }

    // ---- what answers must be

    static void delivered(RawAnswer answer) {
        NotAsExpected.unless(
                answer.isSuccess(), "2xx for tokens that are good", answer.brief() + Expect.problemOf(answer));
    }

    private static PaymentReceipt receipt(RawAnswer answer) {
        try {
            return PaymentReceipt.parse(answer.first("Payment-Receipt").orElse(""));
        } catch (MalformedException e) {
            throw new NotAsExpected("a receipt that can be read", String.valueOf(e.getMessage()));
        }
    }

    private static void code(RawAnswer answer, String... codes) {
        String code = TokenMint.code(answer);
        NotAsExpected.unless(
                List.of(codes).contains(code),
                "a problem whose code is " + String.join(" or ", codes),
                answer.brief() + Expect.problemOf(answer));
    }

    /** Refused because of one token, which it names. */
    private static void spent(RawAnswer answer, Presented credential, int index) {
        var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
        code(answer, "TOKEN_SPENT");
        String said = Expect.json(answer)
                .map(body -> body.path("spent"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElse("");
        NotAsExpected.unless(
                List.of(said.split(" ", -1)).contains(Integer.toString(index)),
                "\"spent\" with the index " + index,
                said.isEmpty() ? "no \"spent\"" : "\"" + said + "\"");
    }
}
