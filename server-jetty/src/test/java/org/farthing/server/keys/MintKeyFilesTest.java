package org.farthing.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.mint.TestMint;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement({"F-TK-93", "T60"})
class MintKeyFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path temp;

    private final List<MintKey> keys = TestMint.epoch(NOW);
    private MintKeyFiles files;

    @BeforeEach
    void make() throws IOException {
        files = MintKeyFiles.in(temp.resolve("mint"));
        files.makeFolder();
    }

    @Test
    void add_key_isReadAgainAndOnlyTheOwnersToRead() throws IOException {
        assertThat(files.add(keys.get(2))).isTrue();

        MintKey read = files.read().get(0);
        assertThat(read.published()).isEqualTo(keys.get(2).published());
        assertThat(read.secret().pkcs8()).isEqualTo(TestTokenKeys.get(2).pkcs8());
        assertThat(names()).containsExactly("token-20261122T100000Z-4.key");
        assertThat(mode(files.folder())).isEqualTo("rwx------");
        assertThat(mode(file(0))).isEqualTo("rw-------");
    }

    @Test
    @Requirement("F-TK-95")
    void add_anotherOfTheSameValueAndBegin_leavesTheFirst() throws IOException {
        files.add(keys.get(0));
        assertThat(files.add(new MintKey(TestTokenKeys.get(5), like(0, 5)))).isFalse();
        assertThat(files.read())
                .extracting(MintKey::keyId)
                .containsExactly(keys.get(0).keyId());
    }

    private PublishedKey like(int value, int key) {
        PublishedKey first = keys.get(value).published();
        return new PublishedKey(
                TestTokenKeys.publicKey(key),
                first.value(),
                first.currency(),
                first.notBefore(),
                first.notAfter(),
                first.spendUntil(),
                first.redeemUntil(),
                first.swapUntil());
    }

    @Test
    void read_whatOthersCanOpen_isRefusedWithTheWayToMendIt() throws IOException {
        files.add(keys.get(0));
        Files.setPosixFilePermissions(file(0), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> files.read()).hasMessageContaining("chmod 600 " + file(0));
        Files.setPosixFilePermissions(file(0), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(files.folder(), PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(() -> files.read()).hasMessageContaining("chmod 700 " + files.folder());
    }

    @Test
    void read_damagedKey_isRefusedBeforeItSignsAndNotQuoted() throws IOException {
        files.add(keys.get(0));
        String text = Files.readString(file(0));
        String key = Base64Url.encode(keys.get(0).secret().pkcs8());
        byte[] damaged = keys.get(0).secret().pkcs8();
        // In the last number, the CRT coefficient: results would be wrong and betray a prime.
        damaged[damaged.length - 7] ^= 1;
        Files.writeString(file(0), text.replace(key, Base64Url.encode(damaged)));

        assertThatThrownBy(() -> files.read())
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(file(0).toString())
                .hasMessageNotContaining(key.substring(0, 20));
    }

    @Test
    @Requirement({"F-TK-94", "T69"})
    void read_deadlinesOutOfOrder_isRefused() throws IOException {
        files.add(keys.get(0));
        String text = Files.readString(file(0));
        String swap = Rfc3339.format(keys.get(0).published().swapUntil());
        String redeem = Rfc3339.format(keys.get(0).published().redeemUntil());
        Files.writeString(file(0), text.replace(redeem, swap));
        assertThatThrownBy(() -> files.read()).isInstanceOf(KeyFileException.class);
    }

    @Test
    void read_fileOfAnotherName_isRefused() throws IOException {
        files.add(keys.get(0));
        Files.move(file(0), files.folder().resolve("token-20261122T100000Z-8.key"));
        assertThatThrownBy(() -> files.read()).hasMessageContaining("token-20261122T100000Z-1.key");
    }

    @Test
    @Requirement("F-TK-96")
    void prune_afterSwapUntil_deletesAndNotBefore() throws IOException {
        files.add(keys.get(0));
        Instant last = keys.get(0).published().swapUntil();
        assertThat(files.prune(last)).isEmpty();
        assertThat(files.prune(last.plus(Duration.ofSeconds(1)))).hasSize(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void putAway_closedKey_makesRoomForAnother() throws IOException {
        files.add(keys.get(0));
        String before = files.state();
        files.putAway(keys.get(0));
        files.putAway(keys.get(0));
        assertThat(files.read()).isEmpty();
        assertThat(files.state()).isNotEqualTo(before);
        assertThat(names()).containsExactly("closed-" + keys.get(0).keyId() + ".key");
    }

    @Test
    @Requirement({"F-TK-93", "F-TK-96"})
    void putAway_closedKey_keepsItsLastByteTakenAndIsDeletedWithItsEpoch() throws IOException {
        files.add(keys.get(0));
        files.add(keys.get(1));
        files.putAway(keys.get(0));
        Files.createFile(
                files.folder().resolve("closed-old.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(files.lastBytes())
                .containsExactlyInAnyOrder(
                        keys.get(0).published().key().truncatedId(),
                        keys.get(1).published().key().truncatedId());
        Instant last = keys.get(0).published().swapUntil();
        assertThat(files.prune(last)).isEmpty();
        assertThat(files.prune(last.plus(Duration.ofSeconds(1)))).hasSize(2);
        assertThat(names()).containsExactly("closed-old.key");
    }

    private Path file(int index) throws IOException {
        return files.folder().resolve(names().get(index));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(files.folder())) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
