package org.farthing.conformance.client;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** What a credential looks like, and what it gives back. */
@Group("Credential")
final class CredentialCases {

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern DID = Pattern.compile("did:[a-z0-9]+:[A-Za-z0-9._:%-]+(?:[/?#].*)?");

    private final ClientLab lab;

    CredentialCases(ClientLab lab) {
        this.lab = lab;
    }

    @Case(
            id = "C8-credential-shape",
            rows = {"C8", "F-CR-1", "F-CR-20"},
            section = "draft-httpauth-payment-01, Credentials",
            title =
                    "A good offer is paid: Authorization holds Payment and base64url of an object with challenge and payload",
            fix =
                    "Answer a 402 whose challenge you can and may pay by the same request with Authorization: Payment <base64url of"
                            + " {\"challenge\":{…},\"payload\":{…}}>. If nothing came at all, give the command a key, a wallet and limits"
                            + " that allow the offer; every other case needs that too.")
    void shape(Trace trace) throws IOException, InterruptedException {
        Presented credential =
                lab.visit(trace, "a good offer", Script.shop(lab.offer())).paidWell();
        NotAsExpected.unless(
                credential.field().equalsIgnoreCase("Authorization"),
                "the credential in Authorization",
                "it stands in " + credential.field());
        NotAsExpected.unless(!credential.payload().isEmpty(), "a payload with members", "an empty one");
        credential.answered();
    }

    @Case(
            id = "C8-base64url-without-padding",
            rows = {"C8", "F-CR-1", "F-EN-1"},
            section = "draft-httpauth-payment-01, Credentials; RFC 4648, section 5",
            title = "A credential is base64url without padding, whatever its length and bytes",
            fix = "Encode with the URL-safe alphabet (- and _ in place of + and /) and leave out the = at the end.")
    void unpadded(Trace trace) throws IOException, InterruptedException {
        // Three lengths, one of which needs no padding; and bytes that need both of the letters in which the alphabets
        // differ.
        for (String tail : new String[] {"", "~", "~~"}) {
            Offer offer = lab.offer().description("one page ???>>>~~~ ???>>>~~~ ???>>>~~~" + tail);
            Presented credential = lab.visit(trace, "a description of another length", Script.shop(offer))
                    .paid();
            NotAsExpected.unless(
                    BASE64URL.matcher(credential.token()).matches(),
                    "a credential of A-Z a-z 0-9 - _ alone",
                    "it also holds " + others(credential.token()));
        }
    }

    private static String others(String token) {
        TreeSet<String> others = new TreeSet<>();
        token.chars()
                .mapToObj(letter -> String.valueOf((char) letter))
                .filter(letter -> !BASE64URL.matcher(letter).matches())
                .forEach(others::add);
        return String.join(" ", others);
    }

    @Case(
            id = "C8-nothing-lost-or-made-up",
            rows = {"C8", "C2", "C6", "F-CR-21", "F-CR-22"},
            section = "draft-httpauth-payment-01, Credentials",
            title = "The echo has every bound parameter of the challenge exactly as received, and no other",
            fix =
                    "Copy id, realm, method, intent, request, expires, digest and opaque as strings, as they stood in the challenge after"
                            + " unquoting; leave out what the challenge did not have. Do not decode request or opaque, and write no null.")
    void echo(Trace trace) throws IOException, InterruptedException {
        Presented credential =
                lab.visit(trace, "a good offer", Script.shop(lab.offer())).paid();
        Map<String, String> sent = new TreeMap<>(credential.answered().parameters());
        sent.remove("jws");
        Map<String, Object> echoed = new TreeMap<>();
        credential.echo().forEach((name, value) -> echoed.put(String.valueOf(name), String.valueOf(value)));
        echoed.remove("jws");
        for (Map.Entry<String, String> parameter : sent.entrySet()) {
            Object value = credential.echo().get(parameter.getKey());
            NotAsExpected.unless(
                    parameter.getValue().equals(value),
                    "challenge." + parameter.getKey() + " = " + parameter.getValue(),
                    value == null ? "no such member" : String.valueOf(value));
        }
        echoed.keySet().removeAll(sent.keySet());
        NotAsExpected.unless(echoed.isEmpty(), "no member the challenge did not have", "also " + echoed);
    }

    @Case(
            id = "C8-description-echoed",
            rows = {"C8", "F-CR-22"},
            section = "draft-httpauth-payment-01, Credentials",
            severity = Severity.SHOULD,
            title = "The echo has the description if the challenge had one",
            fix = "Copy description into challenge like the other parameters.")
    void descriptionEchoed(Trace trace) throws IOException, InterruptedException {
        String words = "One page, \"plain\" \\ simple, for 0.01 USD";
        Presented credential = lab.visit(
                        trace, "a description", Script.shop(lab.offer().description(words)))
                .paid();
        Object echoed = credential.echo().get("description");
        NotAsExpected.unless(words.equals(echoed), "challenge.description = " + words, String.valueOf(echoed));
    }

    @Case(
            id = "F-CR-23-signature-not-echoed",
            rows = {"F-CR-23"},
            section = "credential.md, F-CR-23",
            profile = Profile.WALLET,
            title = "The echo does not have jws, the payee's signature",
            fix = "Leave jws out of challenge: it is as long as all the rest and the server does not need it back.")
    void signature(Trace trace) throws IOException, InterruptedException {
        lab.needWallet("other offers are not signed.");
        Presented credential =
                lab.visit(trace, "a good offer", Script.shop(lab.offer())).paid();
        NotAsExpected.unless(!credential.echo().containsKey("jws"), "no challenge.jws", "there is one");
    }

    @Case(
            id = "C2-id-echoed",
            rows = {"C2", "F-CR-22"},
            section = "draft-httpauth-payment-01, Challenge Parameters (id)",
            title = "The id comes back unchanged, whatever characters it has",
            fix =
                    "Treat id as an opaque text: echo it as it reads after unquoting, without decoding, trimming or changing its case.")
    void id(Trace trace) throws IOException, InterruptedException {
        String id = "Lab~1.=+/" + "aZ".repeat(15) + "==";
        Presented credential = lab.visit(
                        trace,
                        "an id with other letters",
                        Script.shop(lab.offer().parameter("id", id)))
                .paid();
        Object echoed = credential.echo().get("id");
        NotAsExpected.unless(id.equals(echoed), "challenge.id = " + id, String.valueOf(echoed));
    }

    @Case(
            id = "C6-opaque-echoed",
            rows = {"C6", "F-CR-22", "F-BI-25"},
            section = "draft-httpauth-payment-01, Challenge Parameters (opaque)",
            title = "opaque comes back unchanged",
            fix = "Echo opaque as the text it is. Do not decode it and write it anew: the server compares bytes.")
    void opaque(Trace trace) throws IOException, InterruptedException {
        Offer offer = lab.offer().opaque("zeta", "e\u0301 \u00e9 / \" \\").opaque("a-b", "");
        Presented credential = lab.visit(trace, "an opaque with more in it", Script.shop(offer))
                .paid();
        String sent = credential.answered().parameter("opaque");
        Object echoed = credential.echo().get("opaque");
        NotAsExpected.unless(String.valueOf(sent).equals(echoed), "challenge.opaque = " + sent, String.valueOf(echoed));
    }

    @Case(
            id = "C9-source-is-a-did",
            rows = {"C9", "F-CR-25"},
            section = "draft-httpauth-payment-01, Credentials (source)",
            severity = Severity.SHOULD,
            title = "source, where it is sent, is a DID",
            fix = "Name the payer as a DID, such as did:key:z6Mk…, or leave source out.")
    void source(Trace trace) throws IOException, InterruptedException {
        Presented credential =
                lab.visit(trace, "a good offer", Script.shop(lab.offer())).paid();
        Object source = credential.readable().get("source");
        NotAsExpected.unless(
                source == null
                        || (source instanceof String did && DID.matcher(did).matches()),
                "a DID such as did:key:z6Mk…, or no source",
                String.valueOf(source));
    }
}
