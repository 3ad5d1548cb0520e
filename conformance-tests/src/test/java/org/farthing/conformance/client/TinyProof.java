package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;

/** Writes the credential for an offer. */
final class TinyProof {

    private static final Set<String> ECHOED = Set.of(
            "id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "header", "description");

    private final Set<Flaw> flaws;
    private final SigningKey key;
    private final String source;
    private int written;

    TinyProof(Set<Flaw> flaws, SigningKey key, String source) {
        this.flaws = flaws;
        this.key = key;
        this.source = source;
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    /** The whole value of the field. */
    String credential(Map<String, String> offer, Origin ledger, long units) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("challenge", echo(offer));
        if (!has(Flaw.FORGETS_PAYLOAD)) {
            whole.put("payload", payload(offer, ledger, units));
        }
        whole.put("source", has(Flaw.NO_DID) ? "alice" : source);
        byte[] json = CanonicalJson.write(whole).getBytes(UTF_8);
        String text = has(Flaw.PADS_CREDENTIAL)
                ? Base64.getUrlEncoder().encodeToString(padded(json))
                : Base64Url.encode(json);
        return "Payment " + (has(Flaw.WRITES_PLAIN_BASE64) ? plain(json) : text);
    }

    /** A text whose base64 needs padding. */
    private static byte[] padded(byte[] json) {
        String text = new String(json, UTF_8);
        while (text.getBytes(UTF_8).length % 3 == 0) {
            text += " ";
        }
        return text.getBytes(UTF_8);
    }

    /** A text whose base64 needs one of the letters that differ. */
    private static String plain(byte[] json) {
        String text = new String(json, UTF_8).replaceFirst("\\{", "{\"x\":\"\u00bf\u00bf>>>???~~~\",");
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private Map<String, Object> echo(Map<String, String> offer) {
        Map<String, Object> echo = new LinkedHashMap<>(offer);
        if (!has(Flaw.ECHOES_EVERYTHING)) {
            echo.keySet().retainAll(ECHOED);
        }
        if (has(Flaw.ALTERS_ID)) {
            echo.computeIfPresent(
                    "id", (name, id) -> id.toString().toLowerCase(Locale.ROOT).replace("_", "-"));
        }
        if (has(Flaw.REWRITES_OPAQUE)) {
            echo.computeIfPresent("opaque", (name, old) -> Base64Url.encodeUtf8("{\"n\":\"mine\"}"));
        }
        if (has(Flaw.DECODES_REQUEST)) {
            echo.computeIfPresent("request", (name, text) -> decoded(text.toString()));
        }
        if (has(Flaw.NORMALISES_TEXTS)) {
            echo.computeIfPresent("request", (name, text) -> normalised(text.toString()));
        }
        drop(echo, Flaw.DROPS_OPAQUE, "opaque");
        drop(echo, Flaw.DROPS_DIGEST, "digest");
        drop(echo, Flaw.FORGETS_DESCRIPTION, "description");
        drop(echo, Flaw.FORGETS_FIELD, "header");
        if (has(Flaw.INVENTS_FIELD)) {
            echo.putIfAbsent("header", "Payment-Authorization");
        }
        return echo;
    }

    private void drop(Map<String, Object> echo, Flaw flaw, String name) {
        if (has(flaw)) {
            echo.remove(name);
        }
    }

    private static Object normalised(String request) {
        String json = new String(Base64.getUrlDecoder().decode(request), UTF_8);
        return Base64Url.encodeUtf8(Normalizer.normalize(json, Normalizer.Form.NFC));
    }

    private static Object decoded(String request) {
        try {
            return StrictJson.parseObject(Base64Url.decode(request, "request"), "request", StrictJson.Limits.FIELD);
        } catch (MalformedException e) {
            return request;
        }
    }

    /** An order; for what is no challenge at all, something that looks like one. */
    private Map<String, Object> payload(Map<String, String> offer, Origin ledger, long units) {
        String wallet = WalletId.of(key.publicKey());
        written++;
        try {
            Challenge challenge = Challenge.ofEcho(offer, "offer");
            Origin made = has(Flaw.OTHER_LEDGER) ? new Origin("https://ledger.example") : ledger;
            return PaymentOrder.sign(key, challenge, made, Amount.of(units), wallet)
                    .toPayload();
        } catch (MalformedException | IllegalArgumentException e) {
            return Map.of("type", "order", "wallet", wallet, "jws", "e30..attempt" + written);
        }
    }

    /** The signature in a credential. */
    static String jws(String credential) {
        String json = new String(Base64.getUrlDecoder().decode(credential.substring("Payment ".length())), UTF_8);
        return json.replaceFirst("(?s).*\"jws\":\"([^\"]*)\".*", "$1");
    }
}
