package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-EN-40", "S19"})
class Rfc3339Test {

    private static final long YEAR_0 = -62_167_219_200L;
    private static final long YEAR_9999 = 253_402_300_799L;

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:05:00Z, 2026-11-22T10:05:00Z",
        "2026-11-22T10:05:00.5Z, 2026-11-22T10:05:00.500Z",
        "2026-11-22T10:05:00.123456789Z, 2026-11-22T10:05:00.123456789Z",
        "2026-11-22T12:05:00+02:00, 2026-11-22T10:05:00Z",
        "2026-11-22T04:35:00-05:30, 2026-11-22T10:05:00Z",
        "2026-11-22T10:05:00-00:00, 2026-11-22T10:05:00Z",
        "2026-11-22T10:05:00.25+00:00, 2026-11-22T10:05:00.250Z",
        "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z",
        "2000-02-29T00:00:00Z, 2000-02-29T00:00:00Z",
        "1969-12-31T23:59:59.9Z, 1969-12-31T23:59:59.900Z",
        "0000-01-01T00:00:00+23:59, -0001-12-31T00:01:00Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
    })
    void parse_time_instant(String text, String expected) throws MalformedException {
        assertThat(Rfc3339.parse(text, "x")).isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-22",
                "2026-11-22T10:05:00",
                "2026-11-22T10:05Z",
                "2026-11-22t10:05:00Z",
                "2026-11-22T10:05:00z",
                "2026-11-22 10:05:00Z",
                "2026-11-22T10:05:00Z ",
                " 2026-11-22T10:05:00Z",
                "2026-11-22T10:05:00+02",
                "2026-11-22T10:05:00+0200",
                "2026-11-22T10:05:00+02:00Z",
                "2026-11-22T10:05:00.Z",
                "2026-11-22T10:05:00,5Z",
                "2026-11-22T10:05:00.1234567890Z",
                "+2026-11-22T10:05:00Z",
                "-026-11-22T10:05:00Z",
                "12026-11-22T10:05:00Z",
                "2026-1-22T10:05:00Z",
                "2026/11/22T10:05:00Z",
                "2026-11-22T10.05.00Z",
                "٢٠٢٦-11-22T10:05:00Z",
                "2026-11-22T10:05:00\u2212 02:00",
                "2026-11-22T10:05:00Z\n",
                "2026-11-22T10:05:0\u0660Z",
                "1763805900",
                "Sun, 22 Nov 2026 10:05:00 GMT",
                "2026-11-22T10:05:00.5",
                "2026-11-22T10:05:00+1a:00",
                "2026-W47-7T10:05:00Z"
            })
    void parse_otherShape_syntaxFault(String text) {
        assertFault(Fault.SYNTAX, "x", () -> Rfc3339.parse(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-00-22T10:05:00Z", "2026-13-22T10:05:00Z", "2026-11-00T10:05:00Z", "2026-11-31T10:05:00Z",
                "2026-01-32T10:05:00Z", "2026-02-29T10:05:00Z", "2100-02-29T10:05:00Z", "2024-02-30T10:05:00Z",
                "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:05:60Z", "2016-12-31T23:59:60Z",
                "2026-11-22T10:05:00+24:00", "2026-11-22T10:05:00-01:60"
            })
    void parse_dayOrTimeThatDoesNotExist_valueFault(String text) {
        assertFault(Fault.VALUE, "x", () -> Rfc3339.parse(text, "x"));
    }

    @Test
    @Requirement("F-EN-41")
    void format_fraction_dropped() {
        assertThat(Rfc3339.format(Instant.parse("2026-11-22T10:05:00.999Z"))).isEqualTo("2026-11-22T10:05:00Z");
        assertThat(Rfc3339.format(Instant.parse("1969-12-31T23:59:59.5Z"))).isEqualTo("1969-12-31T23:59:59Z");
        assertThat(Rfc3339.format(Instant.parse("0007-02-03T04:05:06Z"))).isEqualTo("0007-02-03T04:05:06Z");
    }

    @Test
    void format_yearWithFiveDigitsOrNegative_refused() {
        assertThatThrownBy(() -> Rfc3339.format(Instant.ofEpochSecond(YEAR_9999 + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rfc3339.format(Instant.ofEpochSecond(YEAR_0 - 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parse_formatted_sameSecond(@ForAll @LongRange(min = YEAR_0, max = YEAR_9999) long second)
            throws MalformedException {
        Instant instant = Instant.ofEpochSecond(second);

        assertThat(Rfc3339.parse(Rfc3339.format(instant), "x")).isEqualTo(instant);
    }

    @Property
    void parse_anyOffset_likeTheJdk(
            @ForAll @LongRange(min = YEAR_0 + 86_400, max = YEAR_9999 - 86_400) long second,
            @ForAll @IntRange(min = -1079, max = 1079) int offsetMinutes)
            throws MalformedException {
        Instant instant = Instant.ofEpochSecond(second);
        OffsetDateTime local = instant.atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));

        assertThat(Rfc3339.parse(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local), "x"))
                .isEqualTo(instant);
    }

    @Property(tries = 3000)
    void parse_anything_instantOrMalformed(@ForAll("spoilt") String text) {
        Mutations.assertOnlyMalformed(t -> Rfc3339.parse(t, "x"), text);
    }

    @Property
    void parse_anyText_instantOrMalformed(@ForAll("anyText") String text) {
        Mutations.assertOnlyMalformed(t -> Rfc3339.parse(t, "x"), text);
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of("2026-11-22T10:05:00Z", "2026-11-22T10:05:00.123456789+02:00");
    }

    @Provide
    Arbitrary<String> anyText() {
        return Mutations.anyText();
    }
}
