package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.testing.Malformed.assertFault;

import java.time.Instant;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member is what its definition says, or an error: nothing is converted, and null is not absent. */
@Requirement("F-EN-16")
class MembersTest {

    private static Members of(String value) throws MalformedException {
        return new Members(StrictJson.parseObject("{\"m\":" + value + "}", "x", StrictJson.Limits.FIELD), "x");
    }

    private static final Members EMPTY = new Members(java.util.Map.of(), "x");

    @Test
    void take_rightType_value() throws MalformedException {
        assertThat(of("\"a\"").text("m")).isEqualTo("a");
        assertThat(of("\"\"").optionalText("m")).isEmpty();
        assertThat(of("{\"a\":1}").object("m")).containsEntry("a", 1L);
        assertThat(of("[\"a\",\"b\"]").texts("m")).containsExactly("a", "b");
        assertThat(of("[]").optionalTexts("m")).isEmpty();
        assertThat(of("60").seconds("m")).isEqualTo(Instant.ofEpochSecond(60));
        assertThat(of("0").optionalSeconds("m")).isEqualTo(Instant.EPOCH);
        List<Members> objects = of("[{\"a\":\"b\"},{}]").objects("m");
        assertThat(objects).extracting(Members::where).containsExactly("x.m.0", "x.m.1");
        assertThat(objects.get(0).text("a")).isEqualTo("b");
    }

    @Test
    void take_absent_missingOrNull() throws MalformedException {
        assertFault(Fault.MISSING, "x.m", () -> EMPTY.text("m"));
        assertFault(Fault.MISSING, "x.m", () -> EMPTY.object("m"));
        assertFault(Fault.MISSING, "x.m", () -> EMPTY.texts("m"));
        assertFault(Fault.MISSING, "x.m", () -> EMPTY.seconds("m"));
        assertFault(Fault.MISSING, "x.m", () -> EMPTY.objects("m"));
        assertThat(EMPTY.optionalText("m")).isNull();
        assertThat(EMPTY.optionalObject("m")).isNull();
        assertThat(EMPTY.optionalTexts("m")).isNull();
        assertThat(EMPTY.optionalSeconds("m")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "[7]", "[null]", "[[]]"})
    void take_otherType_typeFault(String value) throws MalformedException {
        Members members = of(value);

        assertFault(Fault.TYPE, "x.m", () -> members.optionalText("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.text("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.optionalObject("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.object("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.optionalTexts("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.texts("m"));
        assertFault(Fault.TYPE, "x.m", () -> members.optionalSeconds("m"));
        assertFault(Fault.TYPE, () -> members.objects("m"));
    }

    @Test
    void take_numberForText_typeFault() throws MalformedException {
        Members members = of("1");

        assertFault(Fault.TYPE, "x.m", () -> members.text("m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.0", "1.5", "1e3", "9007199254740993"})
    @Requirement({"F-EN-17", "F-EN-43"})
    void seconds_notWholeOrNegative_valueFault(String value) throws MalformedException {
        Members members = of(value);

        assertFault(Fault.VALUE, "x.m", () -> members.seconds("m"));
    }

    @Test
    void objects_elementThatIsNone_typeFaultAtIt() throws MalformedException {
        Members members = of("[{},7]");

        assertFault(Fault.TYPE, "x.m.1", () -> members.objects("m"));
    }
}
