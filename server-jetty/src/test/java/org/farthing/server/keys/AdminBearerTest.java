package org.farthing.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"T31", "T32"})
class AdminBearerTest {

    private static final String BEARER = "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-";

    @TempDir
    Path temp;

    @Test
    void matches_theSameText_only() {
        AdminBearer bearer = AdminBearer.of(BEARER);

        assertThat(bearer.matches(BEARER)).isTrue();
        assertThat(bearer.matches(BEARER + "x")).isFalse();
        assertThat(bearer.matches(BEARER.substring(1))).isFalse();
        assertThat(bearer.matches("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa",
                "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa with spaces",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void of_shortOrStrangeText_isRefusedWithoutQuotingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdminBearer.of(text))
                .withMessageContaining("openssl rand -hex 32")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(text));
    }

    @Test
    void toString_always_saysNothing() {
        assertThat(AdminBearer.of(BEARER)).hasToString("AdminBearer[redacted]");
    }

    @Test
    void generate_always_makesAUsableBearer() {
        String one = AdminBearer.generate(new SecureRandom());

        assertThat(AdminBearer.of(one).matches(one)).isTrue();
        assertThat(AdminBearer.generate(new SecureRandom())).isNotEqualTo(one);
    }

    @Test
    void read_ownerOnlyFile_ignoresTheLineEnd() throws IOException {
        Path file = temp.resolve("admin.bearer");
        OwnerOnly.create(file, (BEARER + "\n").getBytes(StandardCharsets.US_ASCII));

        assertThat(AdminBearer.read(file).matches(BEARER)).isTrue();
    }

    @Test
    void read_fileOthersCanRead_isRefused() throws IOException {
        Path file = temp.resolve("admin.bearer");
        OwnerOnly.create(file, BEARER.getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> AdminBearer.read(file)).hasMessageContaining("chmod 600");
    }

    @Test
    void read_fileWithAShortBearer_namesTheFile() throws IOException {
        Path file = temp.resolve("admin.bearer");
        OwnerOnly.create(file, "hello".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> AdminBearer.read(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("admin.bearer")
                .hasMessageNotContaining("hello");
    }
}
