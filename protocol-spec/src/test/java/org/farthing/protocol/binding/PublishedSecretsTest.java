package org.farthing.protocol.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-BI-11", "T32"})
class PublishedSecretsTest {

    private static final StrictJson.Limits FILE = new StrictJson.Limits(1 << 24, 32, 1000, 10_000);

    /** Whoever adds a vector with a new secret of full length learns here that the ring must refuse it. */
    @Test
    void current_everySecretOfTheVectors_refused() throws Exception {
        String file = Files.readString(Path.of("vectors/challenge-id.json"));
        List<byte[]> secrets = new ArrayList<>();
        for (Members vector : new Members(StrictJson.parseObject(file, "file", FILE), "file").objects("cases")) {
            Members input = new Members(vector.object("input"), "input");
            String hex = input.optionalText("secretHex");
            if (hex != null) {
                secrets.add(HexFormat.of().parseHex(hex));
            }
            String text = input.optionalText("secret");
            if (text != null) {
                secrets.add(text.getBytes(StandardCharsets.UTF_8));
                if (text.matches("[0-9a-f]{64,}")) {
                    secrets.add(HexFormat.of().parseHex(text));
                }
            }
        }

        assertThat(secrets).hasSizeGreaterThan(5);
        for (byte[] secret : secrets) {
            assertThatThrownBy(() -> SecretRing.builder().current(secret)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
