package org.farthing.client.purse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PurseTest {

    private static final Origin API = new Origin("https://api.example.com");

    @TempDir
    Path temp;

    private Path directory() {
        return temp.resolve("purse");
    }

    private Purse create() throws IOException {
        return Purse.create(directory(), new SecureRandom());
    }

    private String seed() throws IOException {
        String file = Files.readString(directory().resolve("purse.json"));
        return file.replaceAll(".*\"seed\":\"([^\"]+)\".*\n", "$1");
    }

    @Test
    @Requirement("F-WA-10")
    void signingKey_ofEachOrigin_followsFromTheSeed() throws Exception {
        Purse purse = create();
        byte[] seed = Base64Url.decode(seed(), "seed");
        assertThat(seed).hasSize(32);
        byte[] derived = Hkdf.derive(
                seed,
                new byte[0],
                "farthing-wallet-v1|https://api.example.com".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                32);
        assertThat(purse.publicKey(API))
                .isEqualTo(SigningKey.fromEd25519Seed(derived).publicKey());
        assertThat(purse.walletId(API)).isEqualTo(Purse.open(directory()).walletId(API));
    }

    @Test
    @Requirement({"F-WA-10", "F-WA-13"})
    void signingKey_ofOtherOriginOrProfile_isAnother() throws IOException {
        Purse purse = create();
        assertThat(Stream.of("https://api.example.com", "https://api.example.com:8443", "http://127.0.0.1:8402")
                        .map(origin -> purse.walletId(new Origin(origin))))
                .doesNotHaveDuplicates();
    }

    @Test
    void create_whereAPurseIs_leavesItAlone() throws IOException {
        create();
        String before = seed();
        assertThatThrownBy(this::create).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(seed()).isEqualTo(before);
    }

    @Test
    @Requirement("F-WA-11")
    void create_everyFile_isTheOwnersOnly() throws IOException {
        Purse purse = create();
        purse.useJournal("j");
        purse.remember(API);
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path path : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .endsWith("------");
            }
        }
    }

    @Test
    @Requirement("F-WA-11")
    void open_othersCanRead_isRefused() throws IOException {
        create();
        Files.setPosixFilePermissions(directory().resolve("purse.json"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Purse.open(directory())).hasMessageContaining("chmod");
        Files.setPosixFilePermissions(directory().resolve("purse.json"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> Purse.open(directory())).hasMessageContaining("chmod");
    }

    @Test
    @Requirement({"F-WA-11", "F-CL-55"})
    void open_damaged_saysSoWithoutTheSeed() throws IOException {
        create();
        String seed = seed();
        Path file = directory().resolve("purse.json");
        for (String content : List.of(
                "{\"seed\":\"" + seed + "\"",
                "{\"seed\":\"" + seed + "\"}",
                "{\"seed\":\"" + seed + "\",\"version\":\"2\"}",
                "{\"seed\":\"" + seed.substring(4) + "\",\"version\":\"1\"}",
                "{\"seed\":\"" + seed + "=\",\"version\":\"1\"}")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> Purse.open(directory()))
                    .isInstanceOf(PurseException.class)
                    .satisfies(failure -> assertThat(failure.toString()).doesNotContain(seed.substring(4)));
        }
    }

    @Test
    void open_nothingThere_saysSo() {
        assertThatThrownBy(() -> Purse.open(directory())).hasMessageContaining("no purse");
    }

    @Test
    @Requirement({"F-WA-11", "F-CL-55", "T38"})
    void toString_ofPurseAndKey_showsNoSecret() throws IOException {
        Purse purse = create();
        assertThat(purse + " " + purse.signingKey(API)).doesNotContain(seed());
        assertThat(purse.signingKey(API).toString())
                .doesNotContain(purse.signingKey(API).exportPrivateJwk());
    }

    @Test
    @Requirement("F-CL-42")
    void useJournal_another_isRefusedUntilForgotten() throws IOException {
        create().useJournal("first");
        Purse again = Purse.open(directory());
        again.useJournal("first");
        assertThatThrownBy(() -> again.useJournal("second")).isInstanceOf(PurseException.class);
        again.forgetJournal();
        again.useJournal("second");
    }

    @Test
    void remember_severalWallets_listsThemByOrigin() throws IOException {
        Purse purse = create();
        Origin other = new Origin("https://b.example");
        purse.remember(other);
        purse.remember(API);
        purse.remember(API);
        assertThat(Purse.open(directory()).wallets())
                .containsExactly(
                        new Purse.KnownWallet(API, purse.walletId(API)),
                        new Purse.KnownWallet(other, purse.walletId(other)));
    }

    @Test
    void derive_rfc5869_givesItsVectors() {
        HexFormat hex = HexFormat.of();
        byte[] material = hex.parseHex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
        assertThat(Hkdf.derive(
                        material, hex.parseHex("000102030405060708090a0b0c"), hex.parseHex("f0f1f2f3f4f5f6f7f8f9"), 32))
                .isEqualTo(hex.parseHex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
        assertThat(Hkdf.derive(material, new byte[0], new byte[0], 32))
                .isEqualTo(hex.parseHex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
        assertThatThrownBy(() -> Hkdf.derive(material, new byte[0], new byte[0], 33))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
