package org.farthing.conformance.server;

import java.util.Arrays;
import java.util.List;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PrivateTokenChallenge;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;

/** What an offer of method token says, and the scheme PrivateToken beside it. */
@Group("Token offers")
final class TokenOfferCases {

    private final Site site;

    TokenOfferCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-TK-23-offer-can-be-paid",
            rows = {"F-TK-23", "F-TK-16", "F-TK-3"},
            section = "token.md, F-TK-23; token.md, F-TK-16; token.md, F-TK-3",
            profile = Profile.TOKEN,
            title = "An offer of method token can be paid: a price on the grid, an issuer, a challenge, denominations",
            fix =
                    "Offer tokens only for prices that at most maxTokens of the advertised denominations sum to, and name issuer, challenge, denominations and maxTokens in methodDetails.")
    void shape(Trace trace) {
        Visit visit = site.visit(trace);
        Offer offer = new TokenPayer(visit).offer(site.paid());
        TokenOffer terms = TokenPayer.terms(offer);
        Amount amount = new Amount(TokenPayer.amount(offer));
        NotAsExpected.unless(
                terms.denominations().fits(amount, terms.maxTokens()),
                "a price that " + terms.maxTokens() + " tokens of "
                        + terms.denominations().text() + " sum to",
                amount.format());
        NotAsExpected.unless(
                terms.challenge().redemptionContext().length == 0,
                "a challenge without context, so that tokens can be bought ahead",
                terms.challenge().redemptionContext().length + " bytes of context");
    }

    @Case(
            id = "T57-challenge-names-the-payee",
            rows = {"T57", "F-TK-3", "F-TK-50"},
            section = "threats.md 57; token.md, F-TK-3; token-payment.md, F-TK-50",
            profile = Profile.TOKEN,
            title = "Tokens are asked for that are good at this origin and at no other",
            fix =
                    "Put the issuer's and your own authority into the TokenChallenge; leave origin_info empty only where issuer and all payees redeem at one ledger.")
    void bound(Trace trace) {
        Visit visit = site.visit(trace);
        Page page = site.paid();
        Offer offer = new TokenPayer(visit).offer(page);
        TokenChallenge challenge = TokenPayer.terms(offer).challenge();
        Origin payee = origin(offer);
        TokenChallenge wanted = TokenChallenge.forPayee(TokenPayer.terms(offer).issuer(), payee);
        NotAsExpected.unless(
                challenge.equals(wanted) || challenge.isForAnyPayee(),
                "issuer_name " + wanted.issuerName() + ", origin_info " + wanted.originInfo() + " (or empty)",
                "issuer_name " + challenge.issuerName() + ", origin_info " + challenge.originInfo());
    }

    private static Origin origin(Offer offer) {
        try {
            return Origin.parse(offer.asked("recipient").orElse(""), "recipient");
        } catch (MalformedException e) {
            throw new NotAsExpected("a recipient that is an origin", String.valueOf(e.getMessage()));
        }
    }

    @Case(
            id = "T58-directory-is-the-issuers",
            rows = {"T58", "F-TK-22", "F-TK-50"},
            section = "threats.md 58; token.md, F-TK-22; token-payment.md, F-TK-50",
            profile = Profile.TOKEN,
            title = "The offer names the hash of the issuer's directory, which everybody gets alike",
            fix =
                    "Put the SHA-256 of the directory's bytes into methodDetails.keys, and take the directory from the issuer in the form in which clients get it.")
    void directory(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Offer offer = payer.offer(site.paid());
        IssuerDirectory directory = payer.mint(offer).directory();
        NotAsExpected.unless(
                directory.hash().equals(TokenPayer.terms(offer).keys()),
                "keys " + directory.hash() + ", which is the directory's",
                "keys " + TokenPayer.terms(offer).keys());
        byte[] again = new TokenMint(visit, TokenPayer.terms(offer).issuer())
                .published()
                .body();
        NotAsExpected.unless(
                Arrays.equals(again, payer.mint(offer).published().body()),
                "the same directory for whoever asks",
                "another one each time");
    }

    @Case(
            id = "T58-token-key-is-published",
            rows = {"T58", "F-TK-63"},
            section = "threats.md 58; token-payment.md, F-TK-63",
            profile = Profile.TOKEN,
            title = "The key of a PrivateToken challenge stands in the issuer's directory",
            fix =
                    "Send the key of the denomination that is the price, as the issuer publishes it, and nobody a key of their own.")
    void tokenKey(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.need(PageName.PRIVATE_TOKEN);
        RawAnswer answer = visit.unpaid(page);
        PrivateTokenChallenge asked = PrivateTokens.challenge(answer);
        Offer offer = payer.offer(page);
        PublishedKey key = payer.mint(offer).directory().keys().stream()
                .filter(one -> Base64Url.encode(one.key().spki()).equals(asked.tokenKey()))
                .findFirst()
                .orElseThrow(() -> new NotAsExpected(
                        "a token-key of the issuer's directory", "one that is not there: " + asked.tokenKey()));
        NotAsExpected.unless(
                key.value().baseUnits() == TokenPayer.amount(offer),
                "the key of tokens worth the price, " + TokenPayer.amount(offer),
                "one of tokens worth " + key.value().format());
        NotAsExpected.unless(
                asked.challenge().equals(TokenPayer.terms(offer).challenge().text()),
                "the challenge of the offer, "
                        + TokenPayer.terms(offer).challenge().text(),
                "another one: " + asked.challenge());
    }

    @Case(
            id = "F-TK-66-private-token-pays-once",
            rows = {"F-TK-66", "F-TK-64", "T57"},
            section = "token-payment.md, F-TK-66; token-payment.md, F-TK-64; threats.md 57",
            profile = Profile.TOKEN,
            title = "A client of RFC 9577 gets the page for one token, once",
            fix =
                    "Take Authorization: PrivateToken where you sent that challenge, check the token as in a payment, and claim its serial with the hash of the token as owner.")
    void privateToken(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.need(PageName.PRIVATE_TOKEN);
        Page other = site.paid();
        var unused = PrivateTokens.challenge(visit.unpaid(page));
        BlindToken token = payer.exact(payer.offer(page)).get(0);
        RawAnswer first = PrivateTokens.present(visit, "a token", page, token);
        NotAsExpected.unless(
                first.isSuccess(), "2xx for a token worth the price", first.brief() + Expect.problemOf(first));
        RawAnswer again = PrivateTokens.present(visit, "the same token again", page, token);
        NotAsExpected.unless(
                !again.isSuccess() || again.text().equals(first.text()),
                "a refusal, or the first answer again",
                "another delivery");
        Presented spent = payer.presented(payer.offer(other), List.of(token));
        Expect.notDelivered(visit.present("the same token as a payment", other, spent), "the token is spent");
    }

    @Case(
            id = "F-TK-65-private-token-is-verified",
            rows = {"F-TK-65"},
            section = "token-payment.md, F-TK-65",
            profile = Profile.TOKEN,
            title = "A token that is not good gets nothing by scheme PrivateToken",
            fix = "Verify the challenge digest, the key and the signature of a PrivateToken before anything else.")
    void spoiledPrivateToken(Trace trace) {
        Visit visit = site.visit(trace);
        TokenPayer payer = new TokenPayer(visit);
        Page page = site.need(PageName.PRIVATE_TOKEN);
        BlindToken token = payer.exact(payer.offer(page)).get(0);
        for (Spoiled.Part part : Spoiled.Part.values()) {
            RawAnswer answer = PrivateTokens.present(
                    visit, "a token with another " + part.words(), page, Spoiled.token(token, part));
            Expect.notDelivered(answer, "its " + part.words() + " is another");
        }
        RawAnswer whole = PrivateTokens.present(visit, "the token as it was issued", page, token);
        NotAsExpected.unless(
                whole.isSuccess(), "2xx for the token as it was issued", whole.brief() + Expect.problemOf(whole));
    }
}
