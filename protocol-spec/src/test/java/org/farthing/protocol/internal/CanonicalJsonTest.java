package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-EN-20", "S17", "T25"})
class CanonicalJsonTest {

    private static String rewrite(String json) throws MalformedException {
        return CanonicalJson.write(StrictJson.parseObject(json, "x", Limits.FIELD));
    }

    /** RFC 8785 section 3.2.2. */
    @Test
    void write_rfcSample_matches() throws MalformedException {
        String json = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }
                """;

        assertThat(rewrite(json))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    /** RFC 8785 section 3.2.3: UTF-16 code units, so an emoji (0xd83d) comes before U+FB33. */
    @Test
    void write_rfcSortingSample_matches() throws MalformedException {
        String json = """
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
                 "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin Small Letter O With Diaeresis"}
                """;

        assertThat(rewrite(json))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                        + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    /** RFC 8785 appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void write_rfcNumbers_match(String bits, String expected) {
        assertThat(CanonicalJson.write(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))))
                .isEqualTo(expected);
    }

    /** Values for which JDK 17 prints a digit too many. */
    @ParameterizedTest
    @CsvSource({
        "2e23, 2e+23",
        "8.41e21, 8.41e+21",
        "2.0e-3, 0.002",
        "5.684341886080802e-14, 5.684341886080802e-14",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "4.8726570057e288, 4.8726570057e+288"
    })
    void write_numbersOldJdksPrintLong_shortest(double value, String expected) {
        assertThat(CanonicalJson.write(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-1.5, -1.5",
        "100.0, 100",
        "0.1, 0.1",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "1e-6, 0.000001",
        "1e-7, 1e-7",
        "1.5e-7, 1.5e-7",
        "123456789012345680000, 123456789012345680000",
        "-1e-7, -1e-7",
        "0.5, 0.5"
    })
    void write_layoutOfNumbers_ecmaScript(double value, String expected) {
        assertThat(CanonicalJson.write(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    @Requirement("F-EN-22")
    void write_notFinite_refused(double value) {
        assertThatThrownBy(() -> CanonicalJson.write(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void write_integers_exactOrRefused() {
        assertThat(CanonicalJson.write(List.of(0, -7, 9007199254740992L))).isEqualTo("[0,-7,9007199254740992]");
        assertThatThrownBy(() -> CanonicalJson.write(9007199254740993L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write(-9007199254740993L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write(Long.MIN_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void write_escapes_shortestForms() {
        StringBuilder controls = new StringBuilder();
        for (char c = 0; c < 0x20; c++) {
            controls.append(c);
        }

        assertThat(CanonicalJson.write(controls + "\"\\/\u007f\u2028"))
                .isEqualTo(
                        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
                                + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
                                + "\\u001e\\u001f\\\"\\\\/\u007f\u2028\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800"})
    @Requirement({"F-EN-22", "T26"})
    void write_loneSurrogate_refused(String text) {
        assertThatThrownBy(() -> CanonicalJson.write(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write(Map.of(text, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-EN-21", "T26"})
    void write_composedAndDecomposed_stayDifferent() {
        assertThat(CanonicalJson.write("\u00e9")).isNotEqualTo(CanonicalJson.write("e\u0301"));
    }

    @Test
    void write_foreignType_refused() {
        assertThatThrownBy(() -> CanonicalJson.write(BigDecimal.ONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CanonicalJson.write(new Object[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void write_emptyAndNull_written() {
        assertThat(CanonicalJson.write(Map.of("a", Map.of(), "b", List.of()))).isEqualTo("{\"a\":{},\"b\":[]}");
        assertThat(CanonicalJson.write(Collections.singletonMap("n", null))).isEqualTo("{\"n\":null}");
        assertThat(CanonicalJson.write(Arrays.asList(null, ""))).isEqualTo("[null,\"\"]");
    }

    @Test
    void writeInOrder_keepsOrderOfMaps() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", Map.of("x", true));

        assertThat(CanonicalJson.writeInOrder(map)).isEqualTo("{\"b\":1,\"a\":{\"x\":true}}");
        assertThat(CanonicalJson.write(map)).isEqualTo("{\"a\":{\"x\":true},\"b\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":\"1\",\"a\":\"2\"}",
                "{ \"a\":\"1\"}",
                "{\"a\":\"\\u0041\"}",
                "{\"a\":\"\\/\"}",
                "{\"a\":\"1\"}\n"
            })
    @Requirement({"F-EN-24", "T25"})
    void requireCanonicalStrings_otherSpelling_notCanonical(String json) throws MalformedException {
        Map<String, Object> object = StrictJson.parseObject(json, "x", Limits.FIELD);

        assertFault(Fault.NOT_CANONICAL, "x", () -> CanonicalJson.requireCanonicalStrings(json, object, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "{\"a\":true}", "{\"a\":null}", "{\"a\":{\"b\":1.5}}", "{\"a\":[\"b\",1]}"})
    @Requirement({"F-EN-17", "T25"})
    void requireCanonicalStrings_otherThanStrings_typeFault(String json) throws MalformedException {
        Map<String, Object> object = StrictJson.parseObject(json, "x", Limits.FIELD);

        assertFault(Fault.TYPE, "x", () -> CanonicalJson.requireCanonicalStrings(json, object, "x"));
    }

    @Test
    void requireCanonicalStrings_canonicalStrings_passes() throws MalformedException {
        String json = "{\"a\":\"1\",\"b\":{\"c\":[\"d\"]}}";

        CanonicalJson.requireCanonicalStrings(json, StrictJson.parseObject(json, "x", Limits.FIELD), "x");
    }
}
