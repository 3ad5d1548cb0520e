package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-CR-1", "F-CR-20", "C8", "S2"})
class CredentialTest {

    private static final String ECHO =
            "{\"id\":\"a1\",\"realm\":\"r\",\"method\":\"wallet\",\"intent\":\"charge\",\"request\":\"e30\"}";
    private static final String MINIMAL = "{\"challenge\":" + ECHO + ",\"payload\":{\"type\":\"order\"}}";

    private static Credential parse(String json) throws MalformedException {
        return Credential.parse("Payment " + Base64Url.encodeUtf8(json));
    }

    private static String withEcho(String echo) {
        return MINIMAL.replace(ECHO, echo);
    }

    @Test
    void parse_minimal_everyPart() throws MalformedException {
        Credential credential = parse(MINIMAL);

        assertThat(credential.challenge())
                .isEqualTo(new Challenge(
                        "a1", new ChallengeTerms("r", "wallet", "charge", "e30", null, null, null, null), null, null));
        assertThat(credential.payload()).isEqualTo(Map.of("type", "order"));
        assertThat(credential.source()).isNull();
        assertThat(credential.token68()).isEqualTo(Base64Url.encodeUtf8(MINIMAL));
        assertThat(credential.format()).isEqualTo("Payment " + Base64Url.encodeUtf8(MINIMAL));
    }

    @Test
    @Requirement({"F-CR-22", "C2", "C6", "C8"})
    void of_challengeWithEverything_echoedButForTheSignature() throws MalformedException {
        Challenge challenge = new Challenge(
                "a1",
                new ChallengeTerms(
                        "r", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", "d", "o", "Payment-Authorization"),
                "text",
                "h..s");

        Credential credential = Credential.of(challenge, "did:key:z6Mk", Map.of("type", "order", "n", 1));

        assertThat(new String(Base64Url.decode(credential.token68(), "x"), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"challenge\":{\"description\":\"text\",\"digest\":\"d\","
                        + "\"expires\":\"2026-11-22T10:05:00Z\",\"header\":\"Payment-Authorization\",\"id\":\"a1\","
                        + "\"intent\":\"charge\",\"method\":\"wallet\",\"opaque\":\"o\",\"realm\":\"r\",\"request\":\"e30\"},"
                        + "\"payload\":{\"n\":1,\"type\":\"order\"},\"source\":\"did:key:z6Mk\"}");
        assertThat(credential.challenge().jws()).isNull();
        assertThat(credential.challenge().terms()).isEqualTo(challenge.terms());
        assertThat(Credential.parse(credential.format()).challenge()).isEqualTo(credential.challenge());
    }

    @Test
    @Requirement("F-CR-22")
    void of_noDescriptionNoSource_leftOut() throws MalformedException {
        Credential credential = Credential.of(parse(MINIMAL).challenge(), null, Map.of());

        assertThat(new String(Base64Url.decode(credential.token68(), "x"), java.nio.charset.StandardCharsets.US_ASCII))
                .doesNotContain("source", "description", "digest", "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Payment ", "payment ", "PAYMENT ", "pAyMeNt   "})
    @Requirement({"F-CR-1", "T50"})
    void parse_schemeInAnyCaseAndSpaces_sameFingerprint(String start) throws MalformedException {
        Credential credential = Credential.parse(start + Base64Url.encodeUtf8(MINIMAL));

        assertThat(credential.fingerprint()).isEqualTo(parse(MINIMAL).fingerprint());
        assertThat(credential).isEqualTo(parse(MINIMAL)).hasSameHashCodeAs(parse(MINIMAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Payment",
                "Payment ",
                "Payment   ",
                "Payment\te30",
                "Payment \te30",
                "Paymente30",
                " Payment e30",
                "Bearer e30",
                "Payment e30, Payment e30",
                "Payment e30,",
                "Payment e30, Bearer x",
                "Bearer x, Payment e30",
                "Payment e30 e30",
                "Payment e30 ",
                "Payment ,e30",
                "Payments e30",
                "\u0420ayment e30",
                "Payment\u00a0e30",
                "Payment\n e30"
            })
    @Requirement({"F-CR-1", "F-CR-3", "F-CR-6", "S52", "T49", "T50"})
    void parse_notExactlyOneCredential_syntaxFault(String field) {
        assertFault(Fault.SYNTAX, "credential", () -> Credential.parse(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"e30=", "e30==", "e3", "e31", "e3+A", "e3/A", "a=b", "id=\"x\"", "e30.e30", "é"})
    @Requirement({"F-CR-6", "T27", "S2"})
    void parse_notCanonicalBase64url_encodingFault(String token) {
        assertFault(Fault.ENCODING, "credential", () -> Credential.parse("Payment " + token));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '!',
            value = {
                "{\"payload\":{}}; MISSING; credential.challenge",
                "{\"challenge\":[],\"payload\":{}}; TYPE; credential.challenge",
                "{\"challenge\":\"x\",\"payload\":{}}; TYPE; credential.challenge",
                "{\"challenge\":null,\"payload\":{}}; TYPE; credential.challenge",
                "{\"challenge\":{},\"payload\":{}}; MISSING; credential.challenge.id",
                "[]; TYPE; credential",
                "\"x\"; TYPE; credential"
            })
    void parse_envelopeBroken_faultAtItsPlace(String json, Fault fault, String where) {
        assertFault(fault, where, () -> parse(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '!',
            value = {"; MISSING", ",\"payload\":[]; TYPE", ",\"payload\":\"x\"; TYPE", ",\"payload\":null; TYPE"})
    void parse_payloadNoObject_refused(String payload, Fault fault) {
        String json = "{\"challenge\":" + ECHO + (payload == null ? "" : payload) + "}";

        assertFault(fault, "credential.payload", () -> parse(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "realm", "method", "intent", "request"})
    @Requirement("F-CR-21")
    void parse_requiredEchoAbsentOrNoText_refused(String name) {
        String renamed = withEcho(ECHO.replace("\"" + name + "\"", "\"other\""));
        String number = withEcho(ECHO.replaceAll("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":1"));
        String object = withEcho(ECHO.replaceAll("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":{}"));

        assertFault(Fault.MISSING, "credential.challenge." + name, () -> parse(renamed));
        assertFault(Fault.TYPE, "credential.challenge." + name, () -> parse(number));
        assertFault(Fault.TYPE, "credential.challenge." + name, () -> parse(object));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expires", "digest", "opaque", "header", "description"})
    @Requirement("F-CR-21")
    void parse_optionalEchoNoText_typeFault(String name) {
        for (String value : List.of("1", "{}", "null", "[]", "true")) {
            String json = withEcho(ECHO.replace("}", ",\"" + name + "\":" + value + "}"));
            assertFault(Fault.TYPE, "credential.challenge." + name, () -> parse(json));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "id, '', MISSING",
        "method, W, VALUE",
        "intent, a b, VALUE",
        "request, e30=, ENCODING",
        "request, W10, TYPE",
        "request, '', MISSING"
    })
    @Requirement("F-CR-21")
    void parse_echoBreaksTheRulesOfAChallenge_refused(String name, String value, Fault fault) {
        String json = withEcho(ECHO.replaceAll("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":\"" + value + "\""));

        assertFault(fault, "credential.challenge." + name, () -> parse(json));
    }

    @Test
    @Requirement({"F-CR-21", "F-CH-5", "S53"})
    void parse_echoOfAnotherHeaderOrNoTime_refused() {
        assertFault(
                Fault.VALUE,
                "credential.challenge.header",
                () -> parse(withEcho(ECHO.replace("}", ",\"header\":\"X-Wallet\"}"))));
        assertFault(
                Fault.SYNTAX,
                "credential.challenge.expires",
                () -> parse(withEcho(ECHO.replace("}", ",\"expires\":\"soon\"}"))));
    }

    @Test
    @Requirement({"F-CR-23", "F-CR-24", "S33", "T25"})
    void parse_unknownMembersOfAnyType_ignored() throws MalformedException {
        String json = " { \"x\" : [1, null] , \"payload\" : {\"type\":\"order\"},\n\"challenge\":"
                + ECHO.replace("}", ",\"jws\":7,\"kid\":[],\"meta\":{\"a\":1.5}}") + "}";

        assertThat(parse(json).challenge()).isEqualTo(parse(MINIMAL).challenge());
        assertThat(parse(json).payload()).isEqualTo(parse(MINIMAL).payload());
        assertThat(parse(json)).isNotEqualTo(parse(MINIMAL));
    }

    @Test
    @Requirement("F-CR-25")
    void parse_sourceOfAnyType_carried() throws MalformedException {
        Map<String, Object> expected = new HashMap<>();
        expected.put("\"did:key:z\"", "did:key:z");
        expected.put("{\"a\":[\"b\"]}", Map.of("a", List.of("b")));
        expected.put("null", null);
        expected.put("7", 7L);
        expected.put("[true,null]", Arrays.asList(true, null));
        for (Map.Entry<String, Object> source : expected.entrySet()) {
            Credential credential =
                    parse(MINIMAL.substring(0, MINIMAL.length() - 1) + ",\"source\":" + source.getKey() + "}");
            assertThat(credential.source()).isEqualTo(source.getValue());
        }
    }

    @Test
    @Requirement({"F-EN-12", "T24"})
    void parse_duplicateMember_duplicateFault() {
        assertFault(Fault.DUPLICATE, () -> parse(MINIMAL.replace("{\"type\"", "{\"type\":\"x\",\"type\"")));
        assertFault(Fault.DUPLICATE, () -> parse(MINIMAL.replace("{\"id\"", "{\"id\":\"x\",\"id\"")));
        assertFault(Fault.DUPLICATE, () -> parse(MINIMAL.replace("{\"challenge\"", "{\"payload\":{},\"challenge\"")));
    }

    @Test
    @Requirement({"F-EN-30", "F-EN-34", "S36", "T23"})
    void parse_fourKilobytesReadSeventeenRefused() throws MalformedException {
        String padding = "p".repeat(4_000);

        assertThat(parse(MINIMAL.replace("order", padding)).payload()).containsEntry("type", padding);
        assertFault(Fault.TOO_LARGE, () -> parse(MINIMAL.replace("order", "p".repeat(13_000))));
    }

    @Test
    @Requirement("T23")
    void of_moreThanAReaderReads_refused() throws MalformedException {
        Challenge challenge = parse(MINIMAL).challenge();

        assertThatThrownBy(() -> Credential.of(challenge, null, Map.of("a", "p".repeat(13_000))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** SHA-256 over the ASCII of the token, made with another tool: printf e30 | openssl dgst -sha256 -binary. */
    @Test
    @Requirement("F-CR-30")
    void fingerprint_knownToken_knownHash() throws MalformedException {
        Credential credential = new Credential(parse(MINIMAL).challenge(), null, Map.of(), "e30");

        assertThat(credential.fingerprint()).isEqualTo("vquYe--cAN_DAbSQ3bRTIVF-fWprs9MdJZiYt9Rjk9g");
    }

    @Test
    @Requirement({"F-CR-32", "S40", "T38"})
    void toString_tokenAndPayload_notShown() throws MalformedException {
        Credential credential = parse(MINIMAL.replace("order", "the-secret-proof"));

        assertThat(credential.toString())
                .doesNotContain("the-secret-proof")
                .doesNotContain(credential.token68())
                .contains("a1", "wallet", credential.fingerprint());
    }

    @Test
    @Requirement("F-EN-50")
    void parse_fault_doesNotQuoteTheCredential() {
        assertThatThrownBy(
                        () -> parse(MINIMAL.replace("order", "the-secret-proof").replace("}}", "}")))
                .isInstanceOf(MalformedException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Credential.parse("Payment the-secret-proof!"))
                .isInstanceOf(MalformedException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void payload_changedAfterwards_credentialUnchanged() throws MalformedException {
        Map<String, Object> payload = new HashMap<>(Map.of("type", "order"));
        Credential credential = Credential.of(parse(MINIMAL).challenge(), null, payload);
        payload.clear();

        assertThat(credential.payload()).containsEntry("type", "order");
        assertThatThrownBy(() -> credential.payload().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void constructor_emptyOrForeignToken_refused() throws MalformedException {
        Challenge challenge = parse(MINIMAL).challenge();

        assertThatThrownBy(() -> new Credential(challenge, null, Map.of(), ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Credential(challenge, null, Map.of(), "a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A receipt in place of a credential (T35). */
    @Test
    @Requirement({"F-CR-33", "T35"})
    void parse_receipt_refused() {
        String receipt = Base64Url.encodeUtf8(
                "{\"method\":\"wallet\",\"reference\":\"r\",\"status\":\"success\",\"timestamp\":\"2026-11-22T10:05:00Z\"}");

        assertFault(Fault.MISSING, () -> Credential.parse("Payment " + receipt));
        Mutations.assertOnlyMalformed(Credential::parse, receipt);
    }
}
