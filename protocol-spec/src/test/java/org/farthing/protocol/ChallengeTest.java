package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.time.Instant;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-CH-1", "F-CH-30", "C19", "S12", "S14"})
class ChallengeTest {

    private static final String REQUEST = Base64Url.encodeUtf8("{\"amount\":\"2500\",\"currency\":\"usd.e6\","
            + "\"methodDetails\":{\"capture\":\"exact\"},\"recipient\":\"https://api.example.com\"}");
    private static final String OPAQUE = Base64Url.encodeUtf8(
            "{\"n\":\"AAECAwQFBgcICQoLDA0ODw\",\"rb\":\"sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM\"}");

    /** The reference challenge of the specification, unsigned. */
    static Challenge reference() {
        return new Challenge(
                "GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg",
                new ChallengeTerms(
                        "api.example.com",
                        "wallet",
                        "charge",
                        REQUEST,
                        "2026-11-22T10:05:00Z",
                        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                        OPAQUE,
                        null),
                null,
                null);
    }

    /** The shortest legal challenge, with one parameter replaced or left out. */
    private static String with(String name, String replacement) {
        StringBuilder field = new StringBuilder("Payment ");
        String[][] params = {
            {"id", "a1"}, {"realm", "r"}, {"method", "wallet"}, {"intent", "charge"}, {"request", "e30"}
        };
        boolean replaced = false;
        for (String[] param : params) {
            boolean hit = param[0].equals(name);
            replaced |= hit;
            String text = hit ? replacement : param[0] + "=\"" + param[1] + "\"";
            field.append(text.isEmpty() ? "" : text + ", ");
        }
        return field + (replaced ? "" : replacement);
    }

    @Test
    void parse_reference_everyPart() throws MalformedException {
        Challenge challenge = Challenge.parse(reference().withJws("aa..bb").format());

        assertThat(challenge).isEqualTo(reference().withJws("aa..bb"));
        assertThat(challenge.id()).isEqualTo("GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg");
        assertThat(challenge.realm()).isEqualTo("api.example.com");
        assertThat(challenge.method()).isEqualTo("wallet");
        assertThat(challenge.intent()).isEqualTo("charge");
        assertThat(challenge.request()).isEqualTo(REQUEST);
        assertThat(challenge.expires()).isEqualTo("2026-11-22T10:05:00Z");
        assertThat(challenge.digest()).startsWith("sha-256=:");
        assertThat(challenge.opaque()).isEqualTo(OPAQUE);
        assertThat(challenge.header()).isNull();
        assertThat(challenge.expiresAt()).isEqualTo(Instant.parse("2026-11-22T10:05:00Z"));
        assertThat(challenge.paymentRequest().amount()).isEqualTo(Amount.of(2500));
        assertThat(challenge.requestMembers()).containsEntry("recipient", "https://api.example.com");
    }

    @Test
    @Requirement("F-CH-30")
    void format_everyPart_inTheFixedOrder() {
        Challenge challenge = new Challenge(
                "a1",
                new ChallengeTerms(
                        "r", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", "d", "o", "Payment-Authorization"),
                "say \"hi\" \\",
                "h..s");

        assertThat(challenge.format())
                .isEqualTo("Payment id=\"a1\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\", "
                        + "description=\"say \\\"hi\\\" \\\\\", digest=\"d\", expires=\"2026-11-22T10:05:00Z\", "
                        + "header=\"Payment-Authorization\", opaque=\"o\", jws=\"h..s\"");
    }

    /** Specification, protocol vector: the payload has 494 bytes with this hash. */
    @Test
    @Requirement({"F-SG-1", "S17"})
    void signedPayload_reference_494Bytes() throws Exception {
        String payload =
                reference().withDescription("not signed").withJws("aa..bb").signedPayload();

        byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                .digest(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(payload).hasSize(494);
        assertThat(Base64Url.encode(hash)).isEqualTo("XZOdu7Aeo6Xs5itDw6rFQTmA4wtrgnsbBQh9wMyRj-U");
    }

    @Test
    void signedPayload_absentTerms_leftOut() {
        Challenge challenge = new Challenge(
                "a1", new ChallengeTerms("r", "wallet", "charge", "e30", null, null, null, null), null, null);

        assertThat(challenge.signedPayload())
                .isEqualTo(
                        "{\"id\":\"a1\",\"intent\":\"charge\",\"method\":\"wallet\",\"realm\":\"r\",\"request\":\"e30\"}");
    }

    @Test
    @Requirement("S54")
    void signedPayload_header_included() {
        Challenge challenge = new Challenge(
                "a1",
                new ChallengeTerms("r", "wallet", "charge", "e30", null, null, null, "Payment-Authorization"),
                null,
                null);

        assertThat(challenge.signedPayload()).contains("\"header\":\"Payment-Authorization\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "realm", "method", "intent", "request"})
    @Requirement({"F-CH-1", "C1"})
    void parse_requiredParameterAbsent_missing(String name) {
        assertFault(Fault.MISSING, name, () -> Challenge.parse(with(name, "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "method", "intent", "request"})
    @Requirement({"F-CH-1", "C1", "S12"})
    void parse_requiredParameterEmpty_missing(String name) {
        assertFault(Fault.MISSING, name, () -> Challenge.parse(with(name, name + "=\"\"")));
    }

    @Test
    @Requirement("F-CH-1")
    void parse_emptyRealm_read() throws MalformedException {
        assertThat(Challenge.parse(with("realm", "realm=\"\"")).realm()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wallet", "wal-let", "wallet2", "wal let", "x402:evm", "wället", "WALLET", "wallet_"})
    @Requirement({"F-CH-2", "S15"})
    void parse_methodNotLowerCaseLetters_valueFault(String method) {
        assertFault(Fault.VALUE, "method", () -> Challenge.parse(with("method", "method=\"" + method + "\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"char ge", "char_ge", "chärge", "charge!", "char/ge"})
    @Requirement({"F-CH-2", "S16"})
    void parse_intentWithForeignCharacter_valueFault(String intent) {
        assertFault(Fault.VALUE, "intent", () -> Challenge.parse(with("intent", "intent=\"" + intent + "\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"charge", "Charge", "charge-2", "-", "0"})
    void parse_intentOfLegalCharacters_read(String intent) throws MalformedException {
        assertThat(Challenge.parse(with("intent", "intent=\"" + intent + "\"")).intent())
                .isEqualTo(intent);
    }

    @ParameterizedTest
    @CsvSource({
        "e30=, ENCODING",
        "e3, ENCODING",
        "e31, ENCODING",
        "e3+0, ENCODING",
        "W10, TYPE",
        "MQ, TYPE",
        "eyJhIjoxLCJhIjoxfQ, DUPLICATE",
        "e30K, SYNTAX",
        "wK8, ENCODING",
        "IiI, TYPE",
        "fQ, SYNTAX"
    })
    @Requirement({"F-CH-3", "S17", "T24", "T27"})
    void parse_requestThatIsNoObject_refused(String request, Fault fault) throws MalformedException {
        if (request.equals("e30K")) { // {} and a line feed: white space after the object is JSON
            assertThat(Challenge.parse(with("request", "request=\"e30K\"")).requestMembers())
                    .isEmpty();
        } else {
            assertFault(fault, () -> Challenge.parse(with("request", "request=\"" + request + "\"")));
        }
    }

    @Test
    @Requirement({"F-EN-25", "T25"})
    void parse_requestInAnotherSpelling_keptRaw() throws MalformedException {
        String wire = Base64Url.encodeUtf8("{ \"b\": 1.0, \"a\": [true, 12345678901234567890] }");
        Challenge challenge = Challenge.parse(with("request", "request=\"" + wire + "\""));

        assertThat(challenge.request()).isEqualTo(wire);
        assertThat(challenge.requestMembers()).containsEntry("b", 1.0).containsKey("a");
        assertThat(challenge.format()).contains(wire);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "", "2026-11-22", "2026-11-22t10:05:00z", "2026-02-30T00:00:00Z", "1763805900"})
    @Requirement({"F-CH-4", "S19", "T16"})
    void parse_expiresThatIsNoTime_refused(String expires) {
        assertThatThrownBy(() -> Challenge.parse(with("expires", "expires=\"" + expires + "\"")))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.where()).isEqualTo("expires"));
    }

    /** Refusing expired offers is the payer's policy. */
    @Test
    @Requirement("F-CH-4")
    void parseAndFormat_expired_read() throws MalformedException {
        String field = with("expires", "expires=\"1999-01-01T00:00:00.5+01:00\"");

        assertThat(Challenge.parse(Challenge.parse(field).format())).isEqualTo(Challenge.parse(field));
        assertThat(Challenge.parse(field).expiresAt()).isEqualTo(Instant.parse("1998-12-31T23:00:00.5Z"));
    }

    @Test
    void expiresAt_absent_missing() throws MalformedException {
        Challenge challenge = Challenge.parse(with("x", "x=1"));

        assertFault(Fault.MISSING, "expires", challenge::expiresAt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "X-Wallet", "payment-authorization", "", "Cookie"})
    @Requirement({"F-CH-5", "S53", "C21"})
    void parseAndFormat_anotherHeader_refused(String header) {
        assertFault(Fault.VALUE, "header", () -> Challenge.parse(with("header", "header=\"" + header + "\"")));
        Challenge built = new Challenge(
                "a1", new ChallengeTerms("r", "wallet", "charge", "e30", null, null, null, header), null, null);
        assertThatThrownBy(built::format).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("F-CH-5")
    void parse_paymentAuthorization_carried() throws MalformedException {
        assertThat(Challenge.parse(with("header", "header=\"Payment-Authorization\""))
                        .header())
                .isEqualTo("Payment-Authorization");
    }

    @Test
    @Requirement({"F-CH-6", "C6"})
    void parse_opaqueAndDigestOfAnyForm_verbatim() throws MalformedException {
        Challenge challenge =
                Challenge.parse(with("x", "opaque=\"not base64url! \\\"{}\", digest=\"sha-256=abc, md5=:x:\""));

        assertThat(challenge.opaque()).isEqualTo("not base64url! \"{}");
        assertThat(challenge.digest()).isEqualTo("sha-256=abc, md5=:x:");
    }

    @Test
    @Requirement({"F-CH-9", "C7", "S33"})
    void parse_unknownParameters_ignored() throws MalformedException {
        assertThat(Challenge.parse(with("x", "x=1, kid=\"k\", meta=\"m\", x-y=z")))
                .isEqualTo(Challenge.parse(with("y", "y=1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id=\"b\"", "ID=b", "x=1, x=1", "x=1, X=2"})
    @Requirement({"F-CH-21", "T24"})
    void parse_anyParameterTwice_duplicate(String more) {
        assertFault(Fault.DUPLICATE, () -> Challenge.parse(with("none", more)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\nSet-Cookie: a=b", "\u0000", "\u001b", "\u007f", "\t"})
    @Requirement({"F-CH-22", "F-CH-31", "T34"})
    void anyValue_controlCharacter_refusedBothWays(String control) {
        for (String name : new String[] {"id", "realm", "digest", "opaque", "description", "jws", "x"}) {
            if (!(name.equals("x") && control.equals("\t"))) {
                assertThatThrownBy(() -> Challenge.parse(with(name, name + "=\"a" + control + "b\"")))
                        .as(name)
                        .isInstanceOf(MalformedException.class);
            }
        }
        ChallengeTerms terms = reference().terms();
        String bad = "a" + control + "b";
        assertThatThrownBy(() -> new Challenge(bad, terms, null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Challenge("a", terms, bad, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Challenge("a", terms, null, bad)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms(bad, "wallet", "charge", "e30", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "wallet", "charge", "e30", bad, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "wallet", "charge", "e30", null, bad, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "wallet", "charge", "e30", null, null, bad, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"S37", "T34"})
    void format_textBeyondAscii_refused() throws MalformedException {
        Challenge read = Challenge.parse(with("description", "description=\"caf\u00e9\""));

        assertThat(read.description()).isEqualTo("caf\u00e9");
        assertThatThrownBy(read::format)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("description");
    }

    @Test
    @Requirement("T26")
    void parse_loneSurrogate_encodingFault() {
        assertFault(Fault.ENCODING, "realm", () -> Challenge.parse(with("realm", "realm=\"a\ud800\"")));
    }

    @Test
    void parse_tokenInPlaceOfParameters_syntaxFault() {
        assertFault(Fault.SYNTAX, () -> Challenge.parse("Payment abc="));
    }

    @Test
    @Requirement("F-CH-28")
    void parse_noneOrTwo_refused() {
        assertFault(Fault.MISSING, () -> Challenge.parse(""));
        assertFault(Fault.MISSING, () -> Challenge.parse("Basic realm=\"x\""));
        assertFault(Fault.DUPLICATE, () -> Challenge.parse(with("x", "x=1") + ", " + with("x", "x=1")));
    }

    @Test
    @Requirement({"F-EN-30", "T23"})
    void parse_longestField_readOneMoreRefused() throws MalformedException {
        String short_ = with("opaque", "opaque=\"\"");
        String longest = with("opaque", "opaque=\"" + "o".repeat(16_384 - short_.length()) + "\"");
        assertThat(longest).hasSize(16_384);

        assertThat(Challenge.parse(longest).opaque()).hasSizeGreaterThan(16_000);
        assertFault(Fault.TOO_LARGE, () -> Challenge.parse(longest + " "));
    }

    @Test
    @Requirement({"C12", "F-EN-34"})
    void parse_fourKilobytes_read() throws MalformedException {
        String request = Base64Url.encodeUtf8("{\"description\":\"" + "d".repeat(3_000) + "\"}");

        assertThat(request).hasSizeGreaterThan(4_000);
        assertThat(Challenge.parse(with("request", "request=\"" + request + "\""))
                        .request())
                .isEqualTo(request);
    }

    @Test
    void terms_emptyOrForeign_refused() {
        assertThatThrownBy(() -> new ChallengeTerms("r", "", "charge", "e30", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "Wallet", "charge", "e30", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "wallet", "a b", "e30", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChallengeTerms("r", "wallet", "charge", "e30=", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Challenge("", reference().terms(), null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("T38")
    void toString_signature_notShown() {
        assertThat(reference().withJws("secret..signature"))
                .asString()
                .doesNotContain("secret")
                .contains("signed=true");
    }
}
