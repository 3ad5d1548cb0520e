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

    /** All that random UUIDs have in common by chance is the middle; a UUID of one party that the other has, too, is found. */
    @Test
    void common_uuids_areTheBytesTheyStandFor() {
        String uuid = "6f1c0a52-4131-a08f-9d0e-1c8f6c2f7a10";
        View view = new View().add("Request-Id: " + uuid + "\r\n");
        View another = new View().add("{\"requestId\":\"0b9de7a1-4131-a08f-8c11-d02f4be6a3c7\"}");
        View digits = new View().add("traceparent: 00-" + uuid.replace("-", "") + "-01");
        View none = new View();

        assertThat(view.common(another, none)).isEmpty();
        assertThat(view.common(digits, none)).isNotEmpty();
        assertThat(view.common(new View().add("id=" + uuid), none)).isNotEmpty();
    }
}
