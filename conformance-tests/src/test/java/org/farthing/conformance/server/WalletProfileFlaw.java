package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.conformance.reference.Breaking.Asked;
import org.farthing.conformance.reference.Breaking.Flaw;
import org.farthing.conformance.reference.Breaking.Said;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;

/** Ways for a server of method wallet to be broken, each with the cases on orders and evidence that must see it. */
enum WalletProfileFlaw implements Flaw {
    ORDER_UNSEEN(
            (asked, said) -> said.text().contains("VERIFICATION_FAILED") ? said.with(200, "{}") : said,
            "F-WO-22-pays-one-challenge",
            "T71-order-for-another-ledger",
            "F-WO-3-signed-for-less",
            "F-WO-22-order-of-another-key",
            "F-RT-15-token-pays-one-challenge",
            "F-RT-11-forged-token"),
    SIGNED_FOR_LESS_TAKEN(
            (asked, said) -> said.text().contains("INVALID_PAYLOAD") ? said.with(200, "{}") : said,
            "F-WO-3-signed-for-less"),
    LENDS_MONEY(
            (asked, said) -> said.text().contains("INSUFFICIENT_FUNDS") ? said.with(200, "{}") : said,
            "F-WO-23-too-little-money"),
    KEYS_OF_ANOTHER(
            (asked, said) -> said.text().contains("\"origins\":")
                    ? said.saying(said.text().replaceAll("http://127.0.0.1:", "http://127.0.0.2:"))
                    : said,
            "F-KY-1-key-document"),
    UNSIGNED_CHALLENGES(
            (asked, said) -> said.status() == 402
                    ? said.field(
                            "WWW-Authenticate", said.heard("WWW-Authenticate").replaceFirst(", jws=\"[^\"]*\"", ""))
                    : said,
            "T74-challenge-is-signed"),
    SPOILT_CHALLENGE_SIGNATURES(
            (asked, said) -> said.status() == 402
                    ? said.field(
                            "WWW-Authenticate",
                            said.heard("WWW-Authenticate").replaceFirst("(jws=\"[^.]*[.][.]).{4}", "$1AAAA"))
                    : said,
            "T74-challenge-is-signed"),
    SPOILT_RECEIPTS(
            (asked, said) ->
                    said.status() == 200 && !said.heard("Payment-Receipt").isEmpty()
                            ? said.field("Payment-Receipt", receiptWithout(said.heard("Payment-Receipt")))
                            : said,
            "F-RC-20-receipt-is-signed",
            "F-RT-1-receipt-token-pays"),
    SILENT_ABOUT_MONEY(
            (asked, said) -> !said.heard("Payment-Outcome").isEmpty() ? said.field("Payment-Outcome", null) : said,
            "F-OU-1-outcome-of-every-credential",
            "F-RE-12-same-bytes-same-answer",
            "F-OU-24-failure-is-released"),
    SPEAKS_UNASKED(
            (asked, said) -> said.status() == 402 ? said.field("Payment-Outcome", "refused;id=\"none\"") : said,
            "F-OU-5-no-outcome-without-credential",
            "F-OU-1-outcome-of-every-credential"),
    ANOTHER_ANSWER(
            (asked, said) -> said.heard("Payment-Replayed").equals("true") ? said.saying("{}") : said,
            "F-RE-12-same-bytes-same-answer"),
    REPLAYS_IN_SECRET(
            (asked, said) ->
                    said.heard("Payment-Replayed").equals("true") ? said.field("Payment-Replayed", null) : said,
            "F-RE-12-same-bytes-same-answer"),
    UNSIGNED_RELEASES(
            (asked, said) -> !said.heard("Payment-Release").isEmpty() ? said.field("Payment-Release", null) : said,
            "F-OU-24-failure-is-released"),
    RELEASES_OF_OTHERS(
            (asked, said) -> !said.heard("Payment-Outcome").isEmpty() && said.status() == 500
                    ? said.field("Payment-Outcome", "released;id=\"another\"")
                    : said,
            "F-OU-24-failure-is-released"),
    CHARGES_AFTER_RELEASE(
            (asked, said) -> said.text().contains("PAYMENT_RELEASED") ? said.with(200, "{}") : said,
            "F-RE-15-released-stays-released"),
    TAKES_NO_TOKENS(
            (asked, said) -> said.status() == 200 && presentsToken(asked) ? said.with(503, "{}") : said,
            "F-RT-1-receipt-token-pays"),
    NAMES_NO_SERVICE(
            (asked, said) ->
                    said.status() == 402 ? said.field("WWW-Authenticate", said.heard("WWW-Authenticate")) : said,
            "F-RT-1-receipt-token-pays"),
    TOKENS_FOR_EVERY_PAGE(
            (asked, said) ->
                    said.status() == 402 && presentsToken(asked) && asked.at("/twin") ? said.with(200, "{}") : said,
            "F-RT-6-token-pays-one-page"),
    COARSE_ABOUT_TOKENS(
            (asked, said) -> presentsToken(asked)
                    ? said.saying(said.text().replace("VERIFICATION_FAILED", "LEDGER_UNAVAILABLE"))
                    : said,
            "F-RT-15-token-pays-one-challenge",
            "F-RT-11-forged-token");

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Flaw flaw;

    @SuppressWarnings("ImmutableEnumChecker") // the set of Set.of
    private final Set<String> trips;

    WalletProfileFlaw(Flaw flaw, String... trips) {
        this.flaw = flaw;
        this.trips = Set.of(trips);
    }

    @Override
    public Said change(Asked asked, Said said) {
        return flaw.change(asked, said);
    }

    /** The cases that must fail. */
    Set<String> trips() {
        return trips;
    }

    /** Whether what is presented is the receipt token of a wallet service. */
    private static boolean presentsToken(Asked asked) {
        return asked.authorization().stream().anyMatch(WalletProfileFlaw::isToken);
    }

    private static boolean isToken(String credential) {
        try {
            String text = new String(Base64Url.decode(credential.replaceFirst("^Payment ", ""), "credential"), UTF_8);
            return text.contains("\"type\":\"receipt\"");
        } catch (MalformedException e) {
            return false;
        }
    }

    /** A receipt whose amount is another than the signed one. */
    private static String receiptWithout(String receipt) {
        try {
            Map<String, Object> members = new TreeMap<>(
                    StrictJson.parseObject(Base64Url.decode(receipt, "receipt"), "receipt", StrictJson.Limits.FIELD));
            members.put("amount", "1");
            return Base64Url.encodeUtf8(CanonicalJson.write(members));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
