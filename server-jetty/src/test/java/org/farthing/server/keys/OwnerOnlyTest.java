package org.farthing.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"T32", "T38", "S42"})
class OwnerOnlyTest {

    private static final byte[] SECRET = "not for you".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = temp.resolve("deep/keys");
        OwnerOnly.makeFolder(folder);
    }

    @Test
    void makeFolder_new_isTheOwnersAlone() throws IOException {
        assertThat(mode(folder)).isEqualTo("rwx------");
    }

    @Test
    void makeFolder_twice_isFine() throws IOException {
        OwnerOnly.makeFolder(folder);

        assertThat(folder).isDirectory();
    }

    @Test
    void makeFolder_existingOpenToOthers_saysHowToCloseIt() throws IOException {
        chmod(folder, "rwxr-x---");

        assertThatThrownBy(() -> OwnerOnly.makeFolder(folder))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("chmod 700 " + folder);
    }

    @Test
    void makeFolder_overAFile_isRefused() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatThrownBy(() -> OwnerOnly.makeFolder(file)).isInstanceOf(KeyFileException.class);
    }

    @Test
    void requireFolder_missing_saysHowToMakeIt() {
        assertThatThrownBy(() -> OwnerOnly.requireFolder(temp.resolve("none")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("keys init --dir");
    }

    @Test
    void create_newFile_isTheOwnersAloneAndLeavesNoDraft() throws IOException {
        OwnerOnly.create(folder.resolve("a"), SECRET);

        assertThat(mode(folder.resolve("a"))).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactly("a");
        }
    }

    @Test
    void create_existingFile_isRefusedAndTheFileKept() throws IOException {
        OwnerOnly.create(folder.resolve("a"), SECRET);

        assertThatThrownBy(() -> OwnerOnly.create(folder.resolve("a"), new byte[] {1}))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("not touched");
        assertThat(OwnerOnly.read(folder.resolve("a"))).isEqualTo(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---"})
    void read_openToGroupOrOthers_isRefusedAndSaysHowToMendIt(String mode) throws IOException {
        OwnerOnly.create(folder.resolve("a"), SECRET);
        chmod(folder.resolve("a"), mode);

        assertThatThrownBy(() -> OwnerOnly.read(folder.resolve("a")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("chmod 600 " + folder.resolve("a"))
                .hasMessageNotContaining("not for you");
    }

    @Test
    void read_link_isRefused() throws IOException {
        OwnerOnly.create(folder.resolve("a"), SECRET);
        Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));

        assertThatThrownBy(() -> OwnerOnly.read(folder.resolve("b")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("link");
    }

    @Test
    void read_missingFile_isNamed() {
        assertThatThrownBy(() -> OwnerOnly.read(folder.resolve("none")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("none");
    }

    @Test
    void read_hugeFile_isRefused() throws IOException {
        OwnerOnly.create(folder.resolve("a"), new byte[OwnerOnly.LARGEST_FILE + 1]);

        assertThatThrownBy(() -> OwnerOnly.read(folder.resolve("a")))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("too large");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
