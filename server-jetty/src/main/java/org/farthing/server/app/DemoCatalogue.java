package org.farthing.server.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.CanonicalJson;

/**
 * What programs read to find out what the demo sells: an OpenAPI document whose operations say what they cost, in the form
 * other software of the draft looks for ({@code x-payment-info}), and a text. Both are free, and neither is an offer: what
 * counts is the signed challenge.
 */
final class DemoCatalogue {

    /** Where the OpenAPI document is. */
    static final String OPENAPI = "openapi.json";

    /** Where the text is. */
    static final String TEXT = "llms.txt";

    private DemoCatalogue() {}

    static String openApi(List<DemoDocument> documents) {
        Map<String, Object> paths = new TreeMap<>();
        for (DemoDocument document : documents) {
            paths.put(document.textPath(), operation(document.title() + ", as Markdown", document.textPrice()));
            paths.put(document.pagePath(), operation(document.title() + ", as a page", document.pagePrice()));
        }
        return CanonicalJson.write(Map.of(
                        "info",
                        Map.of("title", "Documents for a fraction of a cent", "version", "1"),
                        "openapi",
                        "3.1.0",
                        "paths",
                        paths))
                + "\n";
    }

    private static Map<String, Object> operation(String summary, String price) {
        Money money = Shown.money(price);
        CurrencyId currency = Shown.usualCurrency(money);
        Map<String, Object> offer = Map.of(
                "amount",
                money.toAmount(currency).format(),
                "currency",
                currency.text(),
                "intent",
                "charge",
                "method",
                "wallet");
        return Map.of(
                "get",
                Map.of(
                        "responses",
                        Map.of(
                                "200",
                                Map.of("description", "the document, and a receipt"),
                                "402",
                                Map.of("description", "what it costs, and how to pay")),
                        "summary",
                        summary,
                        "x-payment-info",
                        Map.of("offers", List.of(offer))));
    }

    static String text(List<DemoDocument> documents) {
        StringBuilder text = new StringBuilder("""
                # Documents for a fraction of a cent

                > This server sells the specification of the protocol it speaks. Every document answers 402 Payment Required
                > with a signed price. A program with a wallet here pays in the next request and gets the document with a
                > receipt.

                Prices for programs: /openapi.json. Who signs: /.well-known/payment-keys.

                ## Documents

                """);
        for (DemoDocument document : documents) {
            text.append("- [")
                    .append(document.title())
                    .append("](")
                    .append(document.textPath())
                    .append("): ");
            text.append(document.summary())
                    .append(", ")
                    .append(Shown.money(document.textPrice()))
                    .append('\n');
        }
        return text.toString();
    }
}
