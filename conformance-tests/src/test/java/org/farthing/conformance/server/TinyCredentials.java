package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.farthing.conformance.server.TinyRefusals.Asked;
import org.farthing.conformance.server.TinyRefusals.Refusal;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/** Finds and reads the credential of a request to {@link TinyPayee}. */
final class TinyCredentials {

    private static final List<String> FIELDS = List.of("Authorization", "Payment-Authorization");
    private static final Pattern QUOTED = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"");

    /**
     * A credential that can be read.
     *
     * @param credential what it says
     * @param field where it came in
     * @param asked the request with it
     */
    record Found(Credential credential, String field, Asked asked) {}

    private final TinyRefusals refusals;
    private final Set<Fault> faults;

    TinyCredentials(TinyRefusals refusals, Set<Fault> faults) {
        this.refusals = refusals;
        this.faults = faults;
    }

    /** The credential, or null if there is none. */
    @Nullable
    Found find(Asked asked) throws Refusal {
        List<Map.Entry<String, String>> credentials = new ArrayList<>();
        boolean unclear = false;
        for (String field : FIELDS) {
            List<String> lines = asked.request().all(field);
            List<String> elements = lines.stream()
                    .flatMap(line -> List.of(QUOTED.matcher(line).replaceAll("").split(",", -1)).stream())
                    .map(String::strip)
                    .toList();
            elements.stream().filter(this::isPayment).forEach(element -> credentials.add(Map.entry(field, element)));
            unclear |= lines.size() > 1
                    || (elements.size() > 1 && elements.stream().anyMatch(this::isPayment));
        }
        if ((unclear || credentials.size() > 1) && !faults.contains(Fault.FIRST_OF_TWO)) {
            String detail = "The request has more than one credential. Send one.";
            throw faults.contains(Fault.SEVERAL_IS_402)
                    ? refusals.pay(asked, ProblemType.MALFORMED_CREDENTIAL, detail)
                    : refusals.no(asked, ProblemType.BAD_REQUEST, detail);
        }
        elsewhere(asked.request()).ifPresent(value -> credentials.add(Map.entry("Authorization", "Payment " + value)));
        if (credentials.isEmpty()) {
            return null;
        }
        return read(asked, credentials.get(0).getKey(), credentials.get(0).getValue());
    }

    /** Whether a value is of the scheme Payment. */
    static boolean pays(String value) {
        return value.regionMatches(true, 0, "payment", 0, 7);
    }

    private boolean isPayment(String element) {
        String scheme = element.split("[ \t]", 2)[0];
        return scheme.equals("Payment")
                || (!faults.contains(Fault.SCHEME_CASE_SENSITIVE)
                        && scheme.toLowerCase(Locale.ROOT).equals("payment"));
    }

    private Optional<String> elsewhere(TinyRequest request) {
        String query = String.valueOf(request.rawQuery());
        if (faults.contains(Fault.CREDENTIAL_IN_QUERY) && query.contains("=")) {
            return Optional.of(query.substring(query.indexOf('=') + 1).replace("Payment%20", ""));
        }
        String field = faults.contains(Fault.CREDENTIAL_IN_COOKIE) ? "Cookie" : "Proxy-Authorization";
        boolean reads = faults.contains(Fault.CREDENTIAL_IN_COOKIE) || faults.contains(Fault.CREDENTIAL_IN_PROXY_FIELD);
        return reads
                ? request.first(field)
                        .map(value ->
                                value.substring(value.lastIndexOf(' ') + 1).replaceFirst("^[A-Za-z-]+=", ""))
                : Optional.empty();
    }

    private Found read(Asked asked, String field, String value) throws Refusal {
        if (faults.contains(Fault.SMALL_CREDENTIALS) && value.length() > 3_000) {
            throw refusals.pay(asked, ProblemType.MALFORMED_CREDENTIAL, "The credential is too long.");
        }
        try {
            Credential credential = Credential.parse(lenient(value));
            refuseUnknown(credential);
            return new Found(credential, field, asked.with(value, credential.challenge()));
        } catch (MalformedException e) {
            throw malformed(asked.with(value, null), value);
        }
    }

    /** The value as it is, or what a lenient reader makes of it. */
    private String lenient(String value) throws MalformedException {
        if (faults.contains(Fault.LENIENT_BASE64)) {
            return "Payment " + Base64Url.encode(decoded(value));
        }
        if (faults.contains(Fault.DOUBLE_NAMES)) {
            return "Payment " + Base64Url.encodeUtf8(json(value).toString());
        }
        return value;
    }

    private static byte[] decoded(String value) throws MalformedException {
        String text = value.substring(value.lastIndexOf(' ') + 1).replaceAll("=+$", "");
        String last = text.isEmpty() ? "" : text.substring(text.length() - 1);
        int strayBits = text.length() % 4 == 2 ? 15 : text.length() % 4 == 3 ? 3 : 0;
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int value6 = Math.max(0, letters.indexOf(last)) & ~strayBits;
        String canonical = text.isEmpty() ? "" : text.substring(0, text.length() - 1) + letters.charAt(value6);
        return Base64Url.decode(canonical.replace('+', '-').replace('/', '_'), "credential");
    }

    /** What a reader that takes the last of two members makes of it. */
    private static JsonNode json(String value) throws MalformedException {
        try {
            return new ObjectMapper().readTree(new String(decoded(value), UTF_8));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private void refuseUnknown(Credential credential) throws MalformedException {
        Map<String, ?> members =
                StrictJson.parseObject(decoded(credential.format()), "credential", StrictJson.Limits.BODY);
        boolean known = Set.of("challenge", "payload", "source").containsAll(members.keySet())
                && Set.of("type", "wallet", "jws")
                        .containsAll(credential.payload().keySet());
        if (faults.contains(Fault.UNKNOWN_MEMBERS_REFUSED) && !known) {
            throw new MalformedException(MalformedException.Fault.VALUE, "credential", "has members nobody knows");
        }
    }

    /** Whether what came is a receipt. */
    static boolean isReceipt(String value) {
        try {
            return PaymentReceipt.parse(value.substring(value.lastIndexOf(' ') + 1))
                    .jws()
                    .isPresent();
        } catch (MalformedException e) {
            return false;
        }
    }

    private Refusal malformed(Asked asked, String value) {
        String detail = "The credential is not base64url of the JSON object that is needed.";
        if (faults.contains(Fault.MALFORMED_IS_400)) {
            return refusals.no(asked, ProblemType.BAD_REQUEST, detail);
        }
        if (faults.contains(Fault.MALFORMED_IS_500) || (faults.contains(Fault.DEEP_JSON_FAILS) && isDeep(value))) {
            return refusals.no(asked, ProblemType.INTERNAL_PAYMENT_ERROR, detail);
        }
        Refusal refusal = refusals.pay(asked, ProblemType.MALFORMED_CREDENTIAL, detail);
        if (faults.contains(Fault.ID_WRITTEN_RAW)) {
            refusal.answer().add("X-Challenge", rawId(value));
        }
        return refusal;
    }

    private static boolean isDeep(String value) {
        try {
            return new String(decoded(value), UTF_8).contains("[[[[[[[[[[[[[[[[");
        } catch (MalformedException e) {
            return false;
        }
    }

    private static String rawId(String value) {
        try {
            return json(value).path("challenge").path("id").asText();
        } catch (MalformedException e) {
            return "";
        }
    }
}
