package org.farthing.server.jetty;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.server.jetty.PaidRequests.Kind;
import org.farthing.server.jetty.PaidRequests.Paid;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every malformed shape of the credential field the grammar allows to think of, as bytes on the wire, with a credential that
 * would be good but for its shape (spec/credential.md, F-CR-1 to F-CR-6; spec/problems.md, F-PR-50).
 */
@Requirement({"F-PR-50", "F-PR-51", "S28", "S44"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawCredentialTest {

    private static final String TOO_LONG = "more than a field has";
    private static final Path VECTORS = Path.of("..", "protocol-spec", "vectors");

    /** A space around a field's value is no part of it, so the last is a good credential for somebody else's challenge. */
    private static final Set<ProblemType> NOT_ONE_GOOD_CREDENTIAL = EnumSet.of(
            ProblemType.MALFORMED_CREDENTIAL,
            ProblemType.PAYMENT_REQUIRED,
            ProblemType.BAD_REQUEST,
            ProblemType.INVALID_CHALLENGE);

    private final PaidRequests requests = new PaidRequests();

    @AfterEach
    void nothingHappened() throws MalformedException {
        requests.nothingHappenedAndTheUnchangedAreServed();
    }

    @AfterAll
    void close() {
        requests.close();
    }

    // ---- one line ------------------------------------------------------------------------------------------------

    /** {@code T} is the good token. */
    @ParameterizedTest
    @EnumSource
    @Requirement({"S2", "T27", "T50", "F-CR-1", "F-CR-6"})
    void oneLine_ofThePaymentSchemeButNoToken_malformed(Kind kind) throws Exception {
        for (String value : List.of(
                "Payment",
                "Payment ",
                "PAYMENT   ",
                "Payment\tT",
                "Payment \tT",
                "Payment\t T",
                "Payment T T",
                "Payment T x",
                "Payment T\tx",
                "Payment \"T\"",
                "Payment token=T",
                "Payment token=\"T\"",
                "Payment T=",
                "Payment T==",
                "Payment =T",
                "Payment T.",
                "Payment T~",
                "Payment T+",
                "Payment T/",
                "Payment T;",
                "Payment T%3D",
                "Payment T:",
                "Payment <T>",
                "Payment T\u00e9",
                "Payment \u00efT",
                "Payment T\u0080",
                "Payment T\u00a0",
                "Payment Payment T")) {
            refused(kind, ProblemType.MALFORMED_CREDENTIAL, field(kind, value));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"S7", "T50", "F-CR-2", "F-CR-5"})
    void oneLine_thatIsNoPaymentCredential_isUnpaid(Kind kind) throws Exception {
        for (String value : List.of(
                "",
                "T",
                "PaymentT",
                "Payment-T",
                "Payment=T",
                "Payment:T",
                "Payments T",
                "XPayment T",
                "\"Payment T\"",
                "Digest username=\"Payment T\"",
                "Bearer T",
                "Payment\u00a0T",
                // The scheme with a Cyrillic letter, in UTF-8.
                "\u00d0\u00a0ayment T",
                "\u00ef\u00bb\u00bfPayment T")) {
            refused(kind, ProblemType.PAYMENT_REQUIRED, field(kind, value));
        }
        for (String other : List.of(
                "Proxy-Authorization: Payment T",
                "Authorization-Info: Payment T",
                "Authentication-Info: Payment T",
                "X-Authorization: Payment T",
                "Payment: Payment T",
                "Payment-Receipt: T",
                "WWW-Authenticate: Payment T",
                "X-Payment: T",
                "Cookie: Authorization=Payment T",
                "Cookie: Payment=T",
                "Connection: Authorization")) {
            refused(kind, ProblemType.PAYMENT_REQUIRED, other);
        }
    }

    // ---- several -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @Requirement({"S52", "T49", "F-CR-3", "F-CR-4"})
    void severalOrALists_badRequest(Kind kind) throws Exception {
        for (String value : List.of(
                ",Payment T",
                ", ,Payment T",
                "Payment T,",
                "Payment T,,",
                "Payment T , ",
                "Payment T,Payment T",
                "Payment T, payment T",
                "Bearer x, Payment T",
                "Payment T, Bearer x",
                "Digest a=\",\", Payment T",
                "Payment , T",
                "Payment a=\"b\", c=\"d\"")) {
            refused(kind, ProblemType.BAD_REQUEST, field(kind, value));
        }
        String good = field(kind, "Payment T");
        for (String second : List.of(
                good,
                field(kind, ""),
                field(kind, "Bearer x"),
                good.toUpperCase(Locale.ROOT).replace(" T", " x"))) {
            refused(kind, ProblemType.BAD_REQUEST, good, second);
            refused(kind, ProblemType.BAD_REQUEST, second, good);
        }
        String other = kind.field.equals("Authorization") ? "Payment-Authorization" : "Authorization";
        refused(kind, ProblemType.BAD_REQUEST, good, other + ": Payment T");
        refused(kind, ProblemType.BAD_REQUEST, good, other + ": Payment");
        refused(kind, ProblemType.INVALID_CHALLENGE, other + ": Payment T");
    }

    /** HTTP itself is broken: whoever reads on would guess, and the next reader may guess otherwise. */
    @ParameterizedTest
    @EnumSource
    @Requirement({"T34", "T49", "F-SV-1"})
    void linesThatAreNoHttp_badRequestBeforeAnythingIsRead(Kind kind) {
        for (String line : List.of(
                "FIELD : Payment T",
                "FIELD\t: Payment T",
                " FIELD: Payment T",
                "X: y\r\n FIELD: Payment T",
                "FIELD: Payment\r\n T",
                "FIELD: Payment T\r\n x",
                "FIELD: Payment T\u0000",
                "FIELD\u0000: Payment T",
                "FIELD: Pay\u0000ment T",
                "FIELD: Payment T\rX: y",
                "FIELD\r: Payment T",
                "FI\u00e9LD: Payment T",
                "FIELD Payment T",
                ": Payment T")) {
            HttpTester.Response answer = requests.sendLines(kind, line(kind, line.replace("FIELD", kind.field)));
            assertThat(answer.getStatus()).as(line).isEqualTo(400);
            assertThat(answer.get("WWW-Authenticate")).isNull();
            assertThat(answer.get("Payment-Receipt")).isNull();
        }
    }

    @Test
    @Requirement({"T23", "S36", "F-EN-34", "F-SV-1"})
    void tooLong_isRefusedOneWayOrTheOther() throws Exception {
        Paid paid = requests.good(Kind.ORDER);
        Map<String, @Nullable Object> members = paid.members();
        members.put("x", "x".repeat(10_000));
        // 13 KiB and more are good; past 16 KiB the connector stops reading.
        assertThat(requests.send(Kind.ORDER, PaidRequests.write(members) + "=").getStatus())
                .isEqualTo(402);
        members.put("x", "x".repeat(12_000));
        assertThat(requests.send(Kind.ORDER, PaidRequests.write(members)).getStatus())
                .isEqualTo(431);
    }

    // ---- other spellings of one and the same ---------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "'FIELD: payment T'",
        "'FIELD: PAYMENT T'",
        "'FIELD:Payment T'",
        "'FIELD:   Payment      T'",
        "'FIELD: Payment T   '",
        "'field: pAYMENT T'"
    })
    @Requirement({"S2", "F-CR-1", "F-CR-30"})
    void otherSpellings_ofAGoodCredential_areServedAndAreTheSameBytes(String line) {
        for (Kind kind : Kind.values()) {
            Paid paid = requests.fresh(kind);
            String spelt = line.replace("FIELD", kind.field)
                    .replace("field", kind.field.toLowerCase(Locale.ROOT))
                    .replaceFirst("T( *)$", paid.token68() + "$1");
            assertThat(requests.sendLines(kind, spelt).getStatus())
                    .as(kind + " " + line)
                    .isEqualTo(200);
            HttpTester.Response again = requests.send(kind, paid.token68());
            assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        }
        requests.served(Kind.values().length);
    }

    // ---- the bytes within ----------------------------------------------------------------------------------------

    /** Texts no strict reader takes, as the whole of a credential and within one that is good otherwise. */
    @ParameterizedTest
    @EnumSource
    @Requirement({"S2", "T23", "T24", "T25", "T26", "F-EN-4", "F-EN-10", "F-EN-13", "F-EN-14", "F-CR-24"})
    void json_thatIsNotStrict_malformed(Kind kind) throws Exception {
        Paid paid = requests.good(kind);
        String json = CanonicalJson.write(paid.members());
        int sent = 0;
        for (Map<?, ?> test : refusedBy("json-strict.json")) {
            byte[] text = bytes(input(test));
            if (text.length > 4_000) {
                continue; // tested as a field that is too long
            }
            requests.refuses(
                    paid,
                    Base64Url.encode(text.length == 0 ? " ".getBytes(StandardCharsets.UTF_8) : text),
                    Set.of(ProblemType.MALFORMED_CREDENTIAL));
            if (!"TYPE".equals(test.get("expectedError"))) {
                byte[] within = join(json.substring(0, json.length() - 1) + ",\"x\":", text, "}");
                requests.refuses(paid, Base64Url.encode(within), Set.of(ProblemType.MALFORMED_CREDENTIAL));
            }
            sent++;
        }
        assertThat(sent).isGreaterThan(60);
    }

    @Test
    @Requirement({"S2", "F-CR-1", "F-CR-6", "F-CR-20", "F-CR-21", "F-CR-33"})
    void fields_theVectorsRefuse_areRefusedHere() throws Exception {
        requests.good(Kind.ORDER);
        for (Map<?, ?> test : refusedBy("credential.json")) {
            String field = String.valueOf(input(test).get("field"));
            HttpTester.Response answer = requests.sendLines(Kind.ORDER, "Authorization: " + field);
            if (field.contains("\n")) {
                assertThat(answer.getStatus()).as("no HTTP").isEqualTo(400);
            } else {
                PaidRequests.refused(answer, requests.good(Kind.ORDER), NOT_ONE_GOOD_CREDENTIAL);
            }
        }
    }

    private static Map<?, ?> input(Map<?, ?> test) {
        return (Map<?, ?>) requireNonNull(test.get("input"));
    }

    private static List<Map<?, ?>> refusedBy(String file) throws IOException, MalformedException {
        // What is longer than any field is tested above.
        String text = Files.readString(VECTORS.resolve(file)).replaceAll("x{12000,}|A{12000,}", TOO_LONG);
        StrictJson.Limits limits = new StrictJson.Limits(1 << 22, 12, 64, 1000);
        List<?> cases = (List<?>)
                requireNonNull(StrictJson.parseObject(text, file, limits).get("cases"));
        return cases.stream()
                .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                .filter(each -> each.containsKey("expectedError"))
                .filter(each -> !String.valueOf(each.get("input")).contains(TOO_LONG))
                .toList();
    }

    private static byte[] bytes(Map<?, ?> input) {
        return input.get("textHex") instanceof String hex
                ? HexFormat.of().parseHex(hex)
                : String.valueOf(input.get("text")).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(String before, byte[] text, String after) throws IOException {
        var joined = new ByteArrayOutputStream();
        joined.write(before.getBytes(StandardCharsets.UTF_8));
        joined.write(text);
        joined.write(after.getBytes(StandardCharsets.UTF_8));
        return joined.toByteArray();
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private static String field(Kind kind, String value) {
        return kind.field + ": " + value;
    }

    /** Puts the good token in the place of each T that stands alone. */
    private String line(Kind kind, String line) {
        return line.replaceAll("(?<![A-Za-z])T(?![A-Za-z])", requests.good(kind).token68());
    }

    private void refused(Kind kind, ProblemType type, String... lines) throws MalformedException {
        String[] sent = new String[lines.length];
        for (int i = 0; i < lines.length; i++) {
            sent[i] = line(kind, lines[i])
                    .replace("PaymentT", "Payment" + requests.good(kind).token68());
        }
        HttpTester.Response answer = requests.sendLines(kind, sent);
        assertThat(answer.getStatus()).as(String.join(" | ", lines)).isEqualTo(type.defaultStatus());
        PaidRequests.refused(answer, requests.good(kind), Set.of(type));
    }
}
