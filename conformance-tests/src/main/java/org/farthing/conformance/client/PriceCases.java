package org.farthing.conformance.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;

/** What may be paid at all: amount, currency, recipient, and how a request writes them. */
@Group("Price")
final class PriceCases {

    private static final String VERIFY = "draft-httpauth-payment-01, Amount Verification; client.md, F-CL-8, F-CL-10";

    private final ClientLab lab;

    PriceCases(ClientLab lab) {
        this.lab = lab;
    }

    private Visit visit(Trace trace, String what, Offer offer) throws IOException, InterruptedException {
        return lab.visit(trace, what, Script.shop(offer));
    }

    @Case(
            id = "C14-amount",
            rows = {"C14", "F-CL-10"},
            section = VERIFY,
            title = "More than the limit is not paid",
            fix = "Compare the amount in request with the user's limit before you make a credential.")
    void amount(Trace trace) throws IOException, InterruptedException {
        if (lab.method().dear().isEmpty()) {
            throw new NotApplicable(
                    "The config does not say what is too dear. Give members of request that make the offer"
                            + " dearer than your command may pay: {\"dear\":{\"amount\":\"1000000000\"}}.");
        }
        visit(trace, "an offer far above the limit", lab.offer().dear())
                .notPaid("it costs more than the command may pay");
    }

    @Case(
            id = "C14-currency",
            rows = {"C14", "F-CL-10"},
            section = VERIFY,
            title = "A currency without a limit is not paid",
            fix = "Keep limits per currency and pay only in those that have one; never take a number for money.")
    void currency(Trace trace) throws IOException, InterruptedException {
        if (!lab.method().request().containsKey("currency")) {
            throw new NotApplicable("The request in the config has no member currency.");
        }
        visit(trace, "the same number in another currency", lab.offer().member("currency", "unit:tulips"))
                .notPaid("the command was given no limit for unit:tulips");
    }

    @Case(
            id = "C14-recipient",
            rows = {"C14", "T15", "F-SG-35", "F-CL-6"},
            section = "signatures.md, F-SG-35; request.md, F-RQ-3",
            profile = Profile.WALLET,
            title = "A recipient that does not vouch for the server is not paid",
            fix =
                    "Pay the origin you asked, or a recipient whose own key document lists that origin and the signing key.")
    void recipient(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("other methods name recipients in their own ways.");
        visit(
                        trace,
                        "money for another origin",
                        lab.offer().member("recipient", lab.elsewhere().origin()))
                .notPaid("the recipient is " + lab.elsewhere().origin() + ", which does not vouch for this server");
    }

    @Case(
            id = "T30-other-scale",
            rows = {"T30", "F-MO-13", "F-CL-31"},
            section = "money.md, F-MO-13",
            profile = Profile.WALLET,
            title = "The same number in a larger unit is not paid",
            fix =
                    "Take the scale from the currency id (usd.e6 is millionths, usd is cents) before you compare with a limit.")
    void otherScale(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("its currency ids name their scale.");
        for (String currency : List.of("usd", "usd.e4")) {
            visit(
                            trace,
                            "10000 " + currency,
                            lab.offer().member("amount", "10000").member("currency", currency))
                    .notPaid("10000 " + currency + " is " + (currency.equals("usd") ? 100 : 1)
                            + " USD, more than the command may pay");
        }
    }

    @Case(
            id = "T28-odd-amounts",
            rows = {"T28", "F-MO-1"},
            section = "money.md, F-MO-1",
            profile = Profile.WALLET,
            title = "Amounts that are no plain digits are not paid",
            fix = "Accept an amount only if it matches ^(0|[1-9][0-9]{0,17})$ with ASCII digits; do not convert first.")
    void oddAmounts(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("its amounts have one spelling.");
        for (String amount : List.of("-10000", "010000", "1e4")) {
            visit(trace, "amount " + amount, lab.offer().member("amount", amount))
                    .notPaid("\"" + amount + "\" is no amount");
        }
    }

    @Case(
            id = "T25-number-for-amount",
            rows = {"T25", "F-RQ-1", "F-EN-16"},
            section = "request.md, F-RQ-1; encoding.md, F-EN-16",
            profile = Profile.WALLET,
            title = "An amount that is a JSON number is not paid",
            fix = "Demand a JSON string for amount and every other member of request; never convert between types.")
    void numberForAmount(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("its requests hold strings only.");
        visit(trace, "\"amount\":10000", lab.offer().member("amount", 10_000L)).notPaid("the amount is a number");
    }

    @Case(
            id = "T25-not-canonical",
            rows = {"T25", "F-EN-24", "F-RQ-2"},
            section = "encoding.md, F-EN-24",
            profile = Profile.WALLET,
            title = "A request that is not canonical JSON is not paid",
            fix =
                    "Decode request, write it again as RFC 8785 JSON, and refuse the challenge unless the bytes are the same.")
    void notCanonical(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("requests of other methods are kept as they are.");
        visit(trace, "a space after the brace", rewritten("{ ")).notPaid("its request is not canonical JSON");
    }

    @Case(
            id = "T24-name-twice",
            rows = {"T24", "F-EN-12"},
            section = "encoding.md, F-EN-12",
            profile = Profile.WALLET,
            title = "A request with two amounts is not paid",
            fix = "Switch on the detection of duplicate names in your JSON reader, and refuse the challenge.")
    void nameTwice(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("the suite knows where its amount is.");
        visit(trace, "\"amount\" twice", rewritten("{\"amount\":\"1\",")).notPaid("amount stands twice");
    }

    @Case(
            id = "T27-two-spellings",
            rows = {"T27", "F-CH-3", "F-EN-2", "F-EN-3"},
            section = "encoding.md, F-EN-2, F-EN-3",
            profile = Profile.WALLET,
            title = "A request in another spelling of base64url is not paid",
            fix = "Decode strictly: no padding, and zero in the bits that the last letter leaves over.")
    void twoSpellings(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("requests of other methods are kept as they are.");
        visit(trace, "a request with padding", lab.offer().parameter("request", request -> oddLength(request) + "=="))
                .notPaid("its request has padding");
        visit(trace, "a request with bits left over", lab.offer().parameter("request", request -> {
                    String text = oddLength(request);
                    return text.substring(0, text.length() - 1) + (char) (text.charAt(text.length() - 1) + 1);
                }))
                .notPaid("its last letter has bits that nobody needs");
    }

    /** A good request of a length that leaves four bits of its last letter over. */
    private String oddLength(Received request) {
        Map<String, Object> members = lab.method().requestAt(request.origin());
        String reference = "r";
        String json = CanonicalJson.write(members);
        for (; json.length() % 3 != 1 || reference.equals("r"); reference += "r") {
            members.put("externalId", reference);
            json = CanonicalJson.write(members);
        }
        return Base64Url.encodeUtf8(json);
    }

    /** A good offer whose request begins with something else than its brace. */
    private Offer rewritten(String brace) {
        return lab.offer().parameter("request", request -> {
            String json = CanonicalJson.write(lab.method().requestAt(request.origin()));
            return Base64Url.encodeUtf8(brace + json.substring(1));
        });
    }
}
