package org.farthing.conformance.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.internal.CanonicalJson;

/** Texts that look like others. */
@Group("Texts")
final class TextCases {

    /** Right-to-left override and its kin: they turn round what a person reads. */
    private static final String TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private final ClientLab lab;

    TextCases(ClientLab lab) {
        this.lab = lab;
    }

    @Case(
            id = "T26-not-normalised",
            rows = {"T26", "F-EN-21"},
            section = "encoding.md, F-EN-21; RFC 8785",
            title = "Texts in a request come back with the code points they had",
            fix =
                    "Do not normalise Unicode (NFC, NFKC) in what you echo. Best echo request as the text it was and never write it anew.")
    void notNormalised(Trace trace) throws IOException, InterruptedException {
        Offer offer = lab.offer().member("description", "e\u0301 \u00e9 \u212b \ufb01 \ud83d\ude00 \u2028");
        Presented credential =
                lab.visit(trace, "texts with two spellings", Script.shop(offer)).paidWell();
        String sent = String.valueOf(credential.answered().parameter("request"));
        Object echoed = credential.echo().get("request");
        NotAsExpected.unless(sent.equals(echoed), "challenge.request as it was sent", String.valueOf(echoed));
    }

    @Case(
            id = "T26-half-a-character",
            rows = {"T26", "F-EN-13", "F-EN-4"},
            section = "encoding.md, F-EN-13; RFC 7493, section 2.1",
            profile = Profile.WALLET,
            title = "A request with half a surrogate pair, or with bytes that are no UTF-8, is not paid",
            fix =
                    "Decode strictly: refuse a lone surrogate, escaped or not, and ill-formed UTF-8. Two readers would make different texts"
                            + " of them.")
    void half(Trace trace) throws IOException, InterruptedException {
        String good = CanonicalJson.write(lab.method().requestAt(lab.home().origin()));
        byte[] escaped = good.replaceFirst("\\{", "{\"a\":\"\\\\ud800\",").getBytes(StandardCharsets.UTF_8);
        lab.visit(trace, "a lone surrogate", Script.shop(lab.offer().parameter("request", base64url(escaped))))
                .notPaid("request holds half a character");
        byte[] broken = good.replaceFirst("\\{", "{\"a\":\"?\",").getBytes(StandardCharsets.UTF_8);
        broken[6] = (byte) 0xff;
        lab.visit(trace, "a byte that is no UTF-8", Script.shop(lab.offer().parameter("request", base64url(broken))))
                .notPaid("request is not UTF-8");
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Case(
            id = "T26-turned-round",
            rows = {"T26", "F-RQ-9"},
            section = "request.md, F-RQ-9",
            severity = Severity.SHOULD,
            title = "Characters that turn the direction of writing do not reach whoever reads",
            fix =
                    "Before you show a description, replace U+202A to U+202E and U+2066 to U+2069, and control characters.")
    void turned(Trace trace) throws IOException, InterruptedException {
        Offer offer = lab.offer()
                .dear()
                .member("description", "pay \u202eDSU 10.0\u202c \u2067now\u2069")
                .description("pay \u202eDSU 10.0\u202c");
        Visit visit = lab.visit(trace, "a description that reads backwards", Script.shop(offer));
        String shown = visit.ran().output() + visit.ran().errors();
        String found = shown.chars()
                .filter(letter -> TURNING.indexOf(letter) >= 0)
                .distinct()
                .mapToObj(letter -> String.format(java.util.Locale.ROOT, "U+%04X", letter))
                .collect(Collectors.joining(", "));
        NotAsExpected.unless(found.isEmpty(), "none of these characters on the terminal", found);
    }
}
