package org.farthing.client.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement({"F-WA-11", "F-CL-40"})
class OwnerOnlyTest {

    @TempDir
    Path temp;

    @Test
    void create_newFile_onlyOwnerCanUseIt() throws IOException {
        Path file = temp.resolve("secret");
        OwnerOnly.create(file, "x".getBytes(UTF_8));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void directory_missing_isCreatedForOwner() throws IOException {
        Path directory = temp.resolve("a/b");
        OwnerOnly.directory(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void read_fileOthersCanRead_isRefused() throws IOException {
        Path file = temp.resolve("secret");
        OwnerOnly.create(file, "x".getBytes(UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> OwnerOnly.read(file, 10))
                .isInstanceOf(ExposedFileException.class)
                .hasMessageContaining("chmod");
    }

    @Test
    void directory_othersCanEnter_isRefused() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("open"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x---"));
        assertThatThrownBy(() -> OwnerOnly.directory(directory)).isInstanceOf(ExposedFileException.class);
    }

    @Test
    void read_symbolicLink_isRefused() throws IOException {
        Path file = temp.resolve("secret");
        OwnerOnly.create(file, "x".getBytes(UTF_8));
        Path link = Files.createSymbolicLink(temp.resolve("link"), file);
        assertThatThrownBy(() -> OwnerOnly.read(link, 10)).isInstanceOf(ExposedFileException.class);
    }

    @Test
    void replace_existing_newContentSamePermissions() throws IOException {
        Path file = temp.resolve("secret");
        OwnerOnly.create(file, "old".getBytes(UTF_8));
        OwnerOnly.replace(file, "new".getBytes(UTF_8));
        assertThat(OwnerOnly.read(file, 10)).asString().isEqualTo("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void read_longerThanAllowed_isRefused() throws IOException {
        Path file = temp.resolve("secret");
        OwnerOnly.create(file, new byte[11]);
        assertThatThrownBy(() -> OwnerOnly.read(file, 10)).hasMessageContaining("longer than 10 bytes");
    }
}
