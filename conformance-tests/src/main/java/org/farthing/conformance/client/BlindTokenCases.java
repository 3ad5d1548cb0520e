package org.farthing.conformance.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;

/**
 * Blind tokens in a payer's hands: bought ahead, shown once, to whom they are for, and to nobody more than a page costs. Each
 * case has an issuer of its own, which the command has never seen.
 */
@Group("Tokens")
final class BlindTokenCases {

    private static final String PAYING = "token-client.md, Paying";

    private final ClientLab lab;

    BlindTokenCases(ClientLab lab) {
        this.lab = lab;
    }

    // ---- visits --------------------------------------------------------------------------------------------------

    private TokenVisit buy(Trace trace, Mint mint, String what, Script script)
            throws IOException, InterruptedException {
        return new TokenVisit(mint, lab.visit(trace, Plan.buy(what, script).at(mint.payee())));
    }

    private TokenVisit get(Trace trace, Mint mint, String what, Script script)
            throws IOException, InterruptedException {
        return new TokenVisit(
                mint, lab.visit(trace, Plan.get(what, script).by(Errand.TOKENS).at(mint.payee())));
    }

    /** An issuer of its own for a case, where there are commands for it: its keys take time to make. */
    private Mint mint() throws IOException {
        lab.need(Errand.BUY);
        lab.need(Errand.TOKENS);
        return lab.mint();
    }

    /** An issuer at which the command has bought a bundle. */
    private Mint stocked(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit bought = buy(trace, mint, "a purchase ahead", TokenScript.of(mint));
        if (bought.purchases() == 0) {
            throw new NotApplicable("The command \"buy\" buys nothing where all is right ("
                    + bought.visit().story() + "; see F-TK-130-tokens-pay).");
        }
        return mint;
    }

    /** What a command leaves unpaid says nothing unless it pays the good offer next to it. */
    private void paysTheGoodOne(Trace trace, Mint mint) throws IOException, InterruptedException {
        TokenVisit good = get(trace, mint, "a good offer afterwards", TokenScript.of(mint));
        if (good.shown().isEmpty()) {
            throw new NotApplicable("The command \"tokens\" does not pay a good offer either, so that it left this one"
                    + " unpaid shows nothing (" + good.visit().story() + ").");
        }
    }

    private void notPaid(Trace trace, Mint mint, String what, Offer offer, String because)
            throws IOException, InterruptedException {
        get(trace, mint, what, TokenScript.of(mint).with(offer)).notPaid(because);
        paysTheGoodOne(trace, mint);
    }

    // ---- cases ---------------------------------------------------------------------------------------------------

    @Case(
            id = "F-TK-130-tokens-pay",
            rows = {"F-TK-130", "F-TK-122", "F-TK-133"},
            section = PAYING,
            profile = Profile.TOKEN,
            title = "Tokens that were bought ahead pay a page, exactly",
            fix =
                    "Buy a bundle at /token-purchase, keep what verifies, and answer an offer of method token with payload {\"type\":\"tokens\",\"tokens\":…} whose values sum to the amount.")
    void pays(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit bought = buy(trace, mint, "a purchase ahead", TokenScript.of(mint));
        NotAsExpected.unless(
                bought.purchases() == 1,
                "one payment for tokens",
                bought.purchases() + "; " + bought.visit().story());
        get(trace, mint, "a page", TokenScript.of(mint)).paid(Mint.PRICE);
    }

    @Case(
            id = "F-TK-136-nothing-of-the-payer",
            rows = {"F-TK-136", "T59"},
            section = "token-client.md, F-TK-136",
            profile = Profile.TOKEN,
            title = "A payment by tokens says nothing of who pays",
            fix =
                    "Send no source, no wallet, no key and no cookie with tokens, nor with a request to their issuer but the purchase.")
    void nameless(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit bought = buy(trace, mint, "a purchase ahead", TokenScript.of(mint));
        Set<String> names = new TreeSet<>();
        for (Presented credential : bought.visit().credentials()) {
            add(names, credential.readable().get("source"));
            add(names, credential.payload().get("wallet"));
        }
        TokenVisit paid = get(trace, mint, "a page", TokenScript.of(mint));
        if (paid.shown().isEmpty()) {
            throw new NotApplicable("needs a payment by tokens (see F-TK-130-tokens-pay)");
        }
        for (Presented credential : paid.shown()) {
            NotAsExpected.unless(
                    credential.readable().get("source") == null, "a credential without source", "one with source");
            String text = String.valueOf(credential.readable());
            NotAsExpected.unless(
                    names.stream().noneMatch(text::contains),
                    "nothing that stood in the purchase's payment",
                    "the wallet, or who it belongs to");
        }
        for (Visit.Seen seen : paid.visit().seen()) {
            NotAsExpected.unless(seen.request().values("Cookie").isEmpty(), "no cookie", "one in " + seen.request());
        }
    }

    private static void add(Set<String> names, @org.jspecify.annotations.Nullable Object name) {
        if (name instanceof String text && text.length() > 8) {
            names.add(text);
        }
    }

    @Case(
            id = "T29-no-more-than-the-price",
            rows = {"T29", "F-TK-133"},
            section = "threats.md 29; token-client.md, F-TK-133",
            profile = Profile.TOKEN,
            title = "A payee that keeps what is too much still gets the price and no more",
            fix = "Pay exactly, whatever overpay says: swap, or leave it, where your tokens do not sum to the price.")
    void exact(Trace trace) throws IOException, InterruptedException {
        Mint mint = stocked(trace);
        TokenVisit visit = get(
                trace,
                mint,
                "overpay: keep",
                TokenScript.of(mint).with(mint.offer().detail("overpay", "keep")));
        if (visit.shown().isEmpty()) {
            paysTheGoodOne(trace, mint);
            return;
        }
        visit.paid(Mint.PRICE);
    }

    @Case(
            id = "T29-off-the-grid",
            rows = {"T29", "F-TK-130"},
            section = "threats.md 29; token-client.md, F-TK-130",
            profile = Profile.TOKEN,
            title = "A price that maxTokens of the denominations do not sum to is not paid",
            fix =
                    "Check that at most maxTokens of the offered denominations sum to the amount before you show a token.")
    void offTheGrid(Trace trace) throws IOException, InterruptedException {
        Mint mint = stocked(trace);
        notPaid(
                trace,
                mint,
                "maxTokens 1 for a price of two tokens",
                mint.offer().detail("maxTokens", "1"),
                "no single token is the price");
    }

    @Case(
            id = "T57-tokens-of-another-payee",
            rows = {"T57", "F-TK-130"},
            section = "threats.md 57; token-client.md, F-TK-130",
            profile = Profile.TOKEN,
            title = "Tokens for one payee are shown to that payee only",
            fix =
                    "Compute the token challenge of issuer and recipient yourself; where the offer's is another one, or recipient is not who you asked, show nothing.")
    void anotherPayee(Trace trace) throws IOException, InterruptedException {
        Mint mint = stocked(trace);
        Mint thief = mint();
        Offer stolen = thief.offer().members(members -> members.put("methodDetails", mint.details()));
        TokenVisit visit = get(
                trace,
                thief,
                "another payee asks for tokens of the first",
                TokenScript.of(thief).with(stolen));
        visit.notPaid("its tokens are for " + mint.payee().origin());
        paysTheGoodOne(trace, mint);
    }

    @Case(
            id = "T58-another-directory",
            rows = {"T58", "F-TK-135"},
            section = "threats.md 58; token-client.md, F-TK-135",
            profile = Profile.TOKEN,
            title = "Where the payee names another directory of the issuer than yours, no token is shown",
            fix =
                    "Compare methodDetails.keys with the SHA-256 of the directory you have; if it differs from that too when fetched anew, neither pay nor buy.")
    void otherDirectory(Trace trace) throws IOException, InterruptedException {
        Mint mint = stocked(trace);
        Mint other = mint();
        notPaid(
                trace,
                mint,
                "keys is the hash of another directory",
                mint.offer().detail("keys", other.details().get("keys")),
                "the payee was shown other keys of the issuer");
    }

    @Case(
            id = "T59-nothing-bought-when-asked",
            rows = {"T59", "F-TK-131", "F-TK-134"},
            section = "threats.md 59; token-client.md, F-TK-134",
            profile = Profile.TOKEN,
            title = "Who has no tokens buys none while a price is asked",
            fix =
                    "Buy ahead, in round sums, at times of your own; at a price without tokens pay in another way or not at all.")
    void notWhenAsked(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit asked = get(trace, mint, "a price, and no tokens", TokenScript.of(mint));
        NotAsExpected.unless(
                asked.orders().isEmpty(),
                "no order of tokens, because the time and sum of a purchase point at the payment",
                asked.orders().size() + " came");
        asked.notPaid("there were no tokens");
        TokenVisit bought = buy(trace, mint, "a purchase ahead", TokenScript.of(mint));
        if (bought.purchases() == 0) {
            throw new NotApplicable(
                    "The command \"buy\" buys nothing, so that nothing was bought before shows nothing.");
        }
        paysTheGoodOne(trace, mint);
    }

    @Case(
            id = "T70-seen-tokens-are-not-shown-again",
            rows = {"T70", "F-TK-125"},
            section = "threats.md 70; token-client.md, F-TK-125",
            profile = Profile.TOKEN,
            title = "Tokens of a payment that was given back are not shown with another challenge",
            fix =
                    "Mark tokens that left as exposed unless they were spent, and do nothing with them but swap them later.")
    void exposed(Trace trace) throws IOException, InterruptedException {
        Mint mint = stocked(trace);
        TokenVisit failed =
                get(trace, mint, "a page that fails", TokenScript.of(mint).page(TokenScript::released));
        Set<String> seen = new TreeSet<>(failed.serials());
        if (seen.isEmpty()) {
            throw new NotApplicable("needs a payment by tokens (see F-TK-130-tokens-pay)");
        }
        TokenVisit again = get(trace, mint, "a page that works", TokenScript.of(mint));
        List<String> shown = new ArrayList<>(again.serials());
        shown.retainAll(seen);
        NotAsExpected.unless(
                shown.isEmpty(),
                "no token that was shown before",
                shown.size() + " of " + again.serials().size() + " were");
    }

    @Case(
            id = "F-TK-123-bad-signatures",
            rows = {"F-TK-123", "T60"},
            section = "token-client.md, F-TK-123",
            profile = Profile.TOKEN,
            title = "What an issuer signed badly is no token, and is not paid for again",
            fix =
                    "Verify each signature with the key of the directory before you store it; leave the purchase open otherwise, and ask again.")
    void badSignatures(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit bad = buy(
                trace, mint, "signatures that do not hold", TokenScript.of(mint).issuer(BlindTokenCases::spoiled));
        if (bad.purchases() == 0) {
            throw new NotApplicable("The command \"buy\" buys nothing (see F-TK-130-tokens-pay).");
        }
        TokenVisit page = get(trace, mint, "a page", TokenScript.of(mint).issuer(BlindTokenCases::spoiled));
        for (Presented credential : page.shown()) {
            page.good(TokenVisit.tokens(credential));
        }
        TokenVisit again = buy(trace, mint, "the issuer is right again", TokenScript.of(mint));
        NotAsExpected.unless(
                again.purchases() == 0 || again.sameAs(bad),
                "the purchase that was paid, finished",
                "another payment for tokens");
    }

    /** Right answers of an issuer with other signatures in them. */
    private static Optional<Reply> spoiled(Received request, Reply right) {
        boolean signed = right.status() == 200 && (Mint.isPurchase(request) || Mint.isRestore(request));
        return signed ? Optional.of(Mint.spoiled(right)) : Optional.empty();
    }

    /** The issuer signs, and no answer comes through: neither to the payment nor to whoever asks what was signed. */
    private static Optional<Reply> lost(Received request, Reply right) {
        boolean cut = Mint.isRestore(request) || (Mint.isPurchase(request) && request.hasCredential());
        return cut ? Optional.of(Reply.hangUp()) : Optional.empty();
    }

    @Case(
            id = "F-TK-122-lost-answer",
            rows = {"F-TK-122", "F-TK-121", "T12"},
            section = "token-client.md, F-TK-122",
            profile = Profile.TOKEN,
            title = "A purchase whose answer was lost is finished, and not paid twice",
            fix =
                    "Store what was asked before you pay; send the same bytes again, or ask token-restore, before you buy anything else.")
    void lostAnswer(Trace trace) throws IOException, InterruptedException {
        Mint mint = mint();
        TokenVisit lost =
                buy(trace, mint, "the answer is lost", TokenScript.of(mint).issuer(BlindTokenCases::lost));
        if (lost.purchases() == 0) {
            throw new NotApplicable("The command \"buy\" buys nothing (see F-TK-130-tokens-pay).");
        }
        TokenVisit again = buy(trace, mint, "the same command again", TokenScript.of(mint));
        NotAsExpected.unless(
                lost.purchases() == 1 && (again.purchases() == 0 || again.sameAs(lost)),
                "one payment for tokens",
                lost.purchases() + " and then another one");
        get(trace, mint, "a page", TokenScript.of(mint)).paid(Mint.PRICE);
    }
}
