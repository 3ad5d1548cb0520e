package org.farthing.conformance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ViewTest {

    private final byte[] signature = signature();

    /** As one signature of some thousands looks: with letters in a row, which could be an encoding of something. */
    private static byte[] signature() {
        byte[] bytes = new byte[256];
        new Random(7).nextBytes(bytes);
        System.arraycopy("LettersByChance".getBytes(StandardCharsets.US_ASCII), 0, bytes, 40, 15);
        return bytes;
    }

    private String encoded() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    @Test
    void holds_bytesWithLettersInARow_seesAllOfThem() {
        assertThat(new View().add(signature).holds(signature)).isTrue();
    }

    @Test
    void holds_bytesWithLettersInARowInAnEncodingInText_seesAllOfThem() {
        assertThat(new View().add("{\"signature\":\"" + encoded() + "\"}").holds(signature))
                .isTrue();
    }

    @Test
    void holds_textThatEncodesBytes_seesTheBytesAndNotTheLetters() {
        View view = new View().add("Authorization: Payment " + encoded() + " and so on");

        assertThat(view.holdsAnyOf(encoded().getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }
}
