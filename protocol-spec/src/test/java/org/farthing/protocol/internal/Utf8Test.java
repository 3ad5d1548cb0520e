package org.farthing.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.testing.Malformed.assertFault;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-EN-4", "F-EN-13", "T26"})
class Utf8Test {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c0af",
                "c080",
                "e080af",
                "f08080af",
                "eda080",
                "edb080",
                "eda080edb080",
                "f4908080",
                "c3",
                "e282",
                "ff",
                "fe",
                "41c3",
                "41e28241",
                "f88888888888"
            })
    void decode_notUtf8_encodingFault(String hex) {
        assertFault(Fault.ENCODING, "x", () -> Utf8.decode(HexFormat.of().parseHex(hex), "x"));
    }

    @Test
    void decode_asciiAndBeyond_text() throws MalformedException {
        for (String text : new String[] {"", "plain", "é€😀", "\u0000\u007f"}) {
            assertThat(Utf8.decode(text.getBytes(UTF_8), "x")).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"a,1", "\u00e9,2", "\u20ac,3", "\ud83d\ude00,4", "a\u00e9\u20ac\ud83d\ude00,10"})
    void length_countsUtf8Bytes(String text, int bytes) {
        assertThat(Utf8.length(text)).isEqualTo(bytes);
    }

    @Test
    void loneSurrogate_findsFirst() {
        assertThat(Utf8.loneSurrogate("ab\ud83d\ude00")).isEqualTo(-1);
        assertThat(Utf8.loneSurrogate("ab\ud83d")).isEqualTo(2);
        assertThat(Utf8.loneSurrogate("\ude00ab")).isZero();
        assertThat(Utf8.loneSurrogate("\ude00\ud83d")).isZero();
        assertThat(Utf8.loneSurrogate("\ud83d\ud83d\ude00")).isZero();
        assertThat(Utf8.loneSurrogate("\ud83d\ude00\ude00")).isEqualTo(2);
    }

    @Property
    void decodeAndLength_wellFormedText_agreeWithTheJdk(@ForAll String text) throws MalformedException {
        if (Utf8.loneSurrogate(text) < 0) {
            byte[] bytes = text.getBytes(UTF_8);
            assertThat(Utf8.decode(bytes, "x")).isEqualTo(text);
            assertThat(Utf8.length(text)).isEqualTo(bytes.length);
        } else {
            assertThat(new String(text.getBytes(UTF_8), UTF_8)).isNotEqualTo(text);
        }
    }
}
