package org.farthing.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.testing.Malformed.assertFault;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-EN-1", "F-EN-2", "F-EN-3", "F-EN-5", "T27"})
class Base64UrlTest {

    /** RFC 4648 section 10, without the padding; the last row shows the two characters that make it base64url. */
    @ParameterizedTest
    @CsvSource({
        "'',''",
        "f,Zg",
        "fo,Zm8",
        "foo,Zm9v",
        "foob,Zm9vYg",
        "fooba,Zm9vYmE",
        "foobar,Zm9vYmFy",
        "??>,Pz8-",
        "???,Pz8_"
    })
    void encodeDecode_rfc4648Vectors_match(String plain, String encoded) throws MalformedException {
        assertThat(Base64Url.encodeUtf8(plain)).isEqualTo(encoded);
        assertThat(Base64Url.encode(plain.getBytes(UTF_8))).isEqualTo(encoded);
        assertThat(new String(Base64Url.decode(encoded, "x"), UTF_8)).isEqualTo(plain);
    }

    /** RFC 7515 appendix C. */
    @Test
    void encode_rfc7515Vector_matches() {
        byte[] bytes = {3, (byte) 236, (byte) 255, (byte) 224, (byte) 193};

        assertThat(Base64Url.encode(bytes)).isEqualTo("A-z_4ME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zg==", "Zg=", "Zm8=", "=", "Zm9v="})
    void decode_padding_encodingFault(String text) {
        assertFault(Fault.ENCODING, "x", () -> Base64Url.decode(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "Zm9vY", "AAAAAAAAA"})
    void decode_impossibleLength_encodingFault(String text) {
        assertFault(Fault.ENCODING, () -> Base64Url.decode(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pz8+",
                "Pz8/",
                "Zm 9v",
                " Zm9v",
                "Zm9v\n",
                "Zm\r\n9v",
                "Zm9\u00e9",
                "Zm9\u0661",
                "Zm9\uff21",
                "Zm9.",
                "\u0000m9v"
            })
    void decode_foreignCharacter_encodingFault(String text) {
        assertFault(Fault.ENCODING, () -> Base64Url.decode(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zh", "Zv", "Z_", "Zm9", "Zm-", "Zm9vYh", "AB", "AAB"})
    void decode_trailingBits_encodingFault(String text) {
        assertFault(Fault.ENCODING, () -> Base64Url.decode(text, "x"));
        assertFault(Fault.ENCODING, () -> Base64Url.requireCanonical(text, "x"));
    }

    @Test
    @Requirement({"F-EN-30", "T23"})
    void decode_longest_readAndOneMoreRefused() throws MalformedException {
        assertThat(Base64Url.decode("A".repeat(16_384), "x")).hasSize(12_288);
        assertFault(Fault.TOO_LARGE, "x", () -> Base64Url.decode("A".repeat(16_388), "x"));
    }

    @Property
    void decode_encoded_sameBytes(@ForAll byte[] bytes) throws MalformedException {
        assertThat(Base64Url.decode(Base64Url.encode(bytes), "x")).isEqualTo(bytes);
    }

    /** What decodes is the one text of its bytes: no second spelling exists. */
    @Property
    void decode_anyReadableText_encodesBackToItself(@ForAll("alphabetText") String text) {
        Mutations.assertOnlyMalformed(
                t -> assertThat(Base64Url.encode(Base64Url.decode(t, "x"))).isEqualTo(t), text);
    }

    @Provide
    Arbitrary<String> alphabetText() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/")
                        .ofMaxLength(12),
                Mutations.anyText());
    }
}
