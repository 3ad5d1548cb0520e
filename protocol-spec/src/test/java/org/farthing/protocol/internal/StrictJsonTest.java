package org.farthing.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-EN-10", "F-EN-14", "T24"})
class StrictJsonTest {

    private static Map<String, Object> parse(String text) throws MalformedException {
        return StrictJson.parseObject(text, "x", Limits.FIELD);
    }

    private static @Nullable Object value(String json) throws MalformedException {
        return parse("{\"v\":" + json + "}").get("v");
    }

    @Test
    void parse_everyType_asDocumented() throws MalformedException {
        Map<String, Object> read = parse(
                "{\"s\":\"a\",\"t\":true,\"f\":false,\"n\":null,\"i\":-7,\"d\":1.5,\"o\":{\"x\":\"y\"},\"a\":[1,\"b\"]}");

        assertThat(read).containsEntry("s", "a").containsEntry("t", true).containsEntry("f", false);
        assertThat(read).containsEntry("n", null).containsEntry("i", -7L).containsEntry("d", 1.5);
        assertThat(read).containsEntry("o", Map.of("x", "y")).containsEntry("a", List.of(1L, "b"));
        assertThat(read.keySet()).containsExactly("s", "t", "f", "n", "i", "d", "o", "a");
    }

    @Test
    void parse_result_cannotBeChanged() throws MalformedException {
        Map<String, Object> read = parse("{\"o\":{},\"a\":[]}");

        assertThatThrownBy(() -> read.put("x", "y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) Objects.requireNonNull(read.get("o"))).clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) Objects.requireNonNull(read.get("a"))).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "9007199254740992, 9007199254740992", "-9007199254740992, -9007199254740992", "-0, 0"
    })
    void parse_exactInteger_long(String json, long expected) throws MalformedException {
        assertThat(value(json)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1",
        "1e2, 100",
        "100.0, 100",
        "9007199254740993, 9007199254740992",
        "-9007199254740993, -9007199254740992",
        "12345678901234567890, 12345678901234567000",
        "5e-324, 5e-324",
        "1e-400, 0"
    })
    @Requirement("T25")
    void parse_otherNumber_double(String json, String expected) throws MalformedException {
        assertThat(value(json)).isEqualTo(Double.valueOf(expected));
    }

    @Test
    void parse_numberBeyondDouble_valueFault() {
        assertFault(Fault.VALUE, "x.v", () -> value("1e400"));
        assertFault(Fault.VALUE, "x.v", () -> value("-1e400"));
        assertFault(Fault.VALUE, "x.v", () -> value("9".repeat(400)));
    }

    @Test
    void parse_numberOfAThousandDigits_tooLarge() {
        assertFault(Fault.TOO_LARGE, () -> value("1".repeat(1001)));
        assertFault(Fault.TOO_LARGE, () -> value("0." + "1".repeat(1001)));
    }

    /** From the cases that JSONTestSuite says every parser must refuse. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,]",
                "[,1]",
                "[1,,2]",
                "[1 2]",
                "[1",
                "[",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1,,\"b\":2}",
                "{1:1}",
                "{null:1}",
                "{\"a\":1 \"b\":2}",
                "{,}",
                "{:1}",
                "[}",
                "{]",
                "'a'",
                "\"a",
                "\"\\\"",
                "\"\\a\"",
                "\"\\u12\"",
                "\"\\u00zz\"",
                "\"\\x41\"",
                "\"\\'\"",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"a\u0000b\"",
                "\"\\\n\"",
                "+1",
                "01",
                "-01",
                "00",
                "1.",
                ".5",
                "-.5",
                "1.e1",
                "1e",
                "1e+",
                "-",
                "--1",
                "0x1",
                "1_000",
                "1,000",
                "NaN",
                "nan",
                "Infinity",
                "-Infinity",
                "-NaN",
                "Inf",
                "True",
                "tru",
                "nul",
                "nulll",
                "undefined",
                "None",
                "/*c*/1",
                "1/*c*/",
                "1//c",
                "#c\n1",
                "<!--",
                "\u00a01",
                "1\u2028",
                "\ufeff1",
                "\u0661",
                "\uff11",
                "\"\\ud83d\\u\"",
                ""
            })
    void parse_notJson_syntaxFault(String json) {
        assertFault(Fault.SYNTAX, () -> value(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"a\"", "1", "1.5", "true", "false", "null", " []"})
    void parse_otherTopLevel_typeFault(String json) {
        assertFault(Fault.TYPE, "x", () -> parse(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\r "})
    void parse_nothing_syntaxFault(String json) {
        assertFault(Fault.SYNTAX, "x", () -> parse(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}{}",
                "{} {}",
                "{}1",
                "{},",
                "{}x",
                "{}\u0000",
                "{}//",
                "{}\u00a0",
                "{}\ufeff",
                "{}]",
                "{}\"a\""
            })
    @Requirement("F-EN-11")
    void parse_somethingAfterTheObject_syntaxFault(String json) {
        assertFault(Fault.SYNTAX, () -> parse(json));
    }

    @Test
    @Requirement("F-EN-11")
    void parse_whiteSpaceAround_accepted() throws MalformedException {
        assertThat(parse(" \t\r\n{ \"a\" : [ 1 , 2 ] } \t\r\n")).containsEntry("a", List.of(1L, 2L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff{}", "\ufeff {}", " \ufeff{}"})
    void parse_byteOrderMark_syntaxFault(String json) {
        assertFault(Fault.SYNTAX, () -> parse(json));
        assertFault(Fault.SYNTAX, () -> StrictJson.parseObject(json.getBytes(UTF_8), "x", Limits.FIELD));
    }

    @Test
    void parse_otherUnicodeEncodings_refused() {
        for (java.nio.charset.Charset charset :
                List.of(java.nio.charset.StandardCharsets.UTF_16LE, java.nio.charset.StandardCharsets.UTF_16BE)) {
            assertFault(Fault.SYNTAX, () -> StrictJson.parseObject("{}".getBytes(charset), "x", Limits.FIELD));
        }
    }

    @Test
    @Requirement({"F-EN-12", "T24"})
    void parse_duplicateName_duplicateFaultWithPath() {
        assertFault(Fault.DUPLICATE, "x.amount", () -> parse("{\"amount\":\"1\",\"amount\":\"1\"}"));
        assertFault(Fault.DUPLICATE, "x.a.b", () -> parse("{\"a\":{\"b\":1,\"c\":2,\"b\":3}}"));
        assertFault(Fault.DUPLICATE, "x.a.1.b", () -> parse("{\"a\":[{\"b\":1},{\"b\":1,\"b\":1}]}"));
    }

    @Test
    @Requirement("F-EN-12")
    void parse_duplicateNameSpeltWithEscapes_duplicateFault() {
        assertFault(Fault.DUPLICATE, () -> parse("{\"amount\":\"1\",\"\\u0061mount\":\"2\"}"));
        assertFault(Fault.DUPLICATE, () -> parse("{\"a/b\":\"1\",\"a\\/b\":\"2\"}"));
        assertFault(Fault.DUPLICATE, () -> parse("{\"n\":null,\"n\":null}"));
    }

    @Test
    void parse_sameNameInTwoObjects_accepted() throws MalformedException {
        assertThat(parse("{\"a\":{\"a\":{}},\"b\":{\"a\":{}}}")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800\\ud800\\udc00", "\\ud800x", "\ud800", "\udc00"})
    @Requirement({"F-EN-13", "T26"})
    void parse_loneSurrogate_encodingFault(String text) {
        assertFault(Fault.ENCODING, "x.v", () -> value("\"" + text + "\""));
        assertFault(Fault.ENCODING, () -> parse("{\"" + text + "\":1}"));
    }

    @Test
    void parse_surrogatePairRawOrEscaped_sameText() throws MalformedException {
        assertThat(value("\"\\ud83d\\ude00\"")).isEqualTo("😀");
        assertThat(value("\"😀\"")).isEqualTo("😀");
    }

    @Test
    @Requirement({"F-EN-4", "T26"})
    void parse_bytesThatAreNoUtf8_encodingFault() {
        byte[] overlong = {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'};
        byte[] surrogate = {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'};

        assertFault(Fault.ENCODING, "x", () -> StrictJson.parseObject(overlong, "x", Limits.FIELD));
        assertFault(Fault.ENCODING, "x", () -> StrictJson.parseObject(surrogate, "x", Limits.FIELD));
    }

    @Test
    @Requirement({"F-EN-31", "T23"})
    void parse_depth_eightReadNineRefused() throws MalformedException {
        assertThat(parse(nested(8))).isNotEmpty();
        assertFault(Fault.TOO_LARGE, () -> parse(nested(9)));
        assertFault(Fault.TOO_LARGE, () -> parse("{\"a\":" + "[".repeat(8) + "]".repeat(8) + "}"));
        assertFault(Fault.TOO_LARGE, () -> parse("{\"a\":" + "[".repeat(8_000)));
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{\"z\":1}" + "}".repeat(depth - 1);
    }

    @Test
    @Requirement({"F-EN-31", "T23"})
    void parse_members_sixtyFourReadOneMoreRefused() throws MalformedException {
        assertThat(parse(withMembers(64))).hasSize(64);
        assertFault(Fault.TOO_LARGE, "x", () -> parse(withMembers(65)));
        assertFault(Fault.TOO_LARGE, "x.inner", () -> parse("{\"inner\":" + withMembers(65) + "}"));
    }

    private static String withMembers(int count) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add("\"m" + i + "\":" + i);
        }
        return "{" + String.join(",", members) + "}";
    }

    @Test
    @Requirement({"F-EN-31", "T23"})
    void parse_elements_sixtyFourReadOneMoreRefused() throws MalformedException {
        assertThat((List<?>) value("[" + "1,".repeat(63) + "1]")).hasSize(64);
        assertFault(Fault.TOO_LARGE, "x.v", () -> value("[" + "1,".repeat(64) + "1]"));
    }

    @Test
    @Requirement({"F-EN-30", "F-EN-31", "T23"})
    void parse_length_limitInBytesOfUtf8() throws MalformedException {
        String longest = "{\"a\":\"" + "é".repeat(8_188) + "\"}";
        assertThat(longest.getBytes(UTF_8)).hasSize(16_384);

        assertThat(parse(longest)).hasSize(1);
        assertFault(Fault.TOO_LARGE, "x", () -> parse(longest + " "));
        assertFault(Fault.TOO_LARGE, "x", () -> StrictJson.parseObject(new byte[16_385], "x", Limits.FIELD));
    }

    @Test
    @Requirement("F-EN-31")
    void parse_longStringInABody_tooLarge() throws MalformedException {
        String body = "{\"a\":\"" + "b".repeat(16_384) + "\"}";

        assertThat(StrictJson.parseObject(body, "x", Limits.BODY)).hasSize(1);
        assertFault(
                Fault.TOO_LARGE, "x.a", () -> StrictJson.parseObject(body.replace("\"}", "b\"}"), "x", Limits.BODY));
        String name = body.replace("\"a\":", "").replace("}", ":1}").replace("b\"", "bb\"");
        assertFault(Fault.TOO_LARGE, () -> StrictJson.parseObject(name, "x", Limits.BODY));
    }

    /** Names come from the sender and faults go to logs. */
    @Test
    @Requirement({"F-EN-50", "S40"})
    void parse_faultAtAStrangeName_doesNotQuoteIt() {
        assertFault(Fault.VALUE, "x.?", () -> parse("{\"secret token\\n\":1e999}"));
        assertFault(Fault.VALUE, "x.?", () -> parse("{\"" + "s".repeat(33) + "\":1e999}"));
        assertThatThrownBy(() -> parse("{\"secret\":tokentoken}")).hasMessageNotContaining("tokentoken");
    }

    @Test
    void parse_escapes_resolved() throws MalformedException {
        assertThat(value("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"")).isEqualTo("\"\\/\b\f\n\r\tA");
    }

    @Test
    void limits_thatLetNothingThrough_refused() {
        assertThatThrownBy(() -> new Limits(1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(2, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(2, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(2, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parse_bytesAndText_sameResult() throws MalformedException {
        String json = "{\"é\":[\"€\",{\"😀\":1}]}";

        assertThat(StrictJson.parseObject(json.getBytes(UTF_8), "x", Limits.FIELD))
                .isEqualTo(parse(json));
        assertThat(parse(json)).containsEntry("é", Arrays.asList("€", Map.of("😀", 1L)));
    }
}
