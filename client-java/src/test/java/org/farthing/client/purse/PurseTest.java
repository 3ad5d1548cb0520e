package org.farthing.client.purse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.client.files.ExposedFileException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Hkdf;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.TokenOpening;
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
        assertThat(Hkdf.derive(
                        material, hex.parseHex("000102030405060708090a0b0c"), hex.parseHex("f0f1f2f3f4f5f6f7f8f9"), 42))
                .isEqualTo(hex.parseHex(
                        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
        assertThat(Hkdf.derive(material, new byte[0], new byte[0], 42))
                .isEqualTo(hex.parseHex(
                        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
        assertThatThrownBy(() -> Hkdf.derive(material, new byte[0], new byte[0], 8161))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-TK-120", "T66"})
    void tokenSecrets_ofAKnownSeed_areAlwaysTheSame() throws IOException {
        byte[] seed = new byte[32];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) i;
        }
        create();
        Files.writeString(
                directory().resolve("purse.json"), "{\"seed\":\"" + Base64Url.encode(seed) + "\",\"version\":\"1\"}\n");
        byte[] key = new byte[32];
        byte[] digest = new byte[32];
        Arrays.fill(key, (byte) 1);
        Arrays.fill(digest, (byte) 2);
        TokenOpening secret = Purse.open(directory()).tokenSecrets().of(key, digest, 258);
        HexFormat hex = HexFormat.of();
        assertThat(hex.formatHex(secret.nonce()))
                .isEqualTo("3b2ce8fbed63e012fa5157d6cca4e11e132f3f2114d1a69a6db303b9f15c6126");
        assertThat(hex.formatHex(secret.salt()))
                .isEqualTo("a47e7088476520c3d83d037916275ea11ce11307d560d1db952a6911c3764269"
                        + "1754aaa94a53c0d4f1da4c21f1305fca");
        assertThat(hex.formatHex(Sha256.of(secret.blind())))
                .isEqualTo("94f6a84427306fa675b63d4ec37d1a864c376ca6b6580f3e7849c88cb1605a96");
        assertThat(secret.blind()).hasSize(272);
        assertThat(Files.readString(Path.of("../protocol-spec/spec/token-client.md")))
                .as("the example by which other implementations find these tokens again")
                .contains(hex.formatHex(seed), hex.formatHex(secret.nonce()), hex.formatHex(secret.salt()))
                .contains(
                        hex.formatHex(Sha256.of(secret.blind())),
                        hex.formatHex(secret.blind()).substring(0, 32));
    }

    @Test
    @Requirement("F-WA-14")
    void services_ofThePurse_areKeptInOrderForTheOwnerAlone() throws Exception {
        Purse purse = Purse.create(directory(), new SecureRandom());
        Origin one = new Origin("https://one.example");
        Origin two = new Origin("https://two.example");
        assertThat(purse.services().list()).isEmpty();
        assertThat(purse.services().add(one, false)).isTrue();
        assertThat(purse.services().add(two, true)).isTrue();
        assertThat(purse.services().add(one, false)).isFalse();
        assertThat(Purse.open(directory()).services().list()).containsExactly(two, one);
        assertThat(purse.services().add(one, true)).isFalse();
        assertThat(purse.services().list()).containsExactly(one, two);
        assertThat(purse.services().remove(one)).isTrue();
        assertThat(purse.services().remove(one)).isFalse();
        assertThat(purse.services().list()).containsExactly(two);
    }

    @Test
    @Requirement({"F-WA-14", "F-WA-11"})
    void services_damagedExposedOrEndless_areRefused() throws Exception {
        Purse purse = Purse.create(directory(), new SecureRandom());
        for (int i = 0; i < 20; i++) {
            purse.services().add(new Origin("https://s" + i + ".example"), false);
        }
        assertThatThrownBy(() -> purse.services().add(new Origin("https://more.example"), false))
                .hasMessageContaining("remove one first");
        Path file = directory().resolve("services.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> purse.services().list()).isInstanceOf(ExposedFileException.class);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, "{\"services\":[{\"origin\":\"https://one.example/\"}],\"version\":\"1\"}");
        assertThatThrownBy(() -> purse.services().list()).isInstanceOf(PurseException.class);
    }

    @Test
    @Requirement("F-WA-17")
    void recover_walletOfAnotherPurse_isThisPursesWalletFromNowOn() throws Exception {
        Origin service = new Origin("https://one.example");
        Purse lost = Purse.create(temp.resolve("lost"), new SecureRandom());
        Purse purse = Purse.create(directory(), new SecureRandom());
        String own = purse.walletId(service);
        purse.recover(service, lost.walletId(service));
        purse.recover(service, lost.walletId(service));
        purse.remember(service);
        for (Purse same : List.of(purse, Purse.open(directory()))) {
            assertThat(same.walletId(service)).isEqualTo(lost.walletId(service)).isNotEqualTo(own);
            assertThat(same.publicKey(service).thumbprint())
                    .isNotEqualTo(lost.publicKey(service).thumbprint());
            assertThat(same.wallets()).containsExactly(new Purse.KnownWallet(service, lost.walletId(service)));
        }
    }

    @Test
    @Requirement("F-WA-17")
    void recover_wherePurseHasAWalletAlready_isRefused() throws Exception {
        Origin service = new Origin("https://one.example");
        Purse lost = Purse.create(temp.resolve("lost"), new SecureRandom());
        Purse purse = Purse.create(directory(), new SecureRandom());
        purse.remember(service);
        String own = purse.walletId(service);
        assertThatThrownBy(() -> purse.recover(service, lost.walletId(service))).hasMessageContaining("another wallet");
        assertThat(purse.walletId(service)).isEqualTo(own);
    }

    @Test
    @Requirement({"F-WA-15", "F-WA-11", "T38"})
    void recoveryKey_lies_outsideThePurseForTheOwnerAlone() throws Exception {
        Origin service = new Origin("https://one.example");
        Purse purse = Purse.create(directory(), new SecureRandom());
        Path file = temp.resolve("recovery.json");
        RecoveryKey made = RecoveryKey.create(file, purse, service, new SecureRandom());
        RecoveryKey read = RecoveryKey.open(file);
        assertThat(read.key().publicKey()).isEqualTo(made.key().publicKey());
        assertThat(read.wallet()).isEqualTo(purse.walletId(service));
        assertThat(read.service()).isEqualTo(service);
        assertThat(read.key().publicKey().thumbprint())
                .isNotEqualTo(purse.publicKey(service).thumbprint());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> RecoveryKey.create(file, purse, service, new SecureRandom()))
                .isInstanceOf(FileAlreadyExistsException.class);
        Path link = temp.resolve("link");
        Files.createSymbolicLink(link, directory());
        for (Path inside : List.of(directory().resolve("r.json"), link.resolve("r.json"))) {
            assertThatThrownBy(() -> RecoveryKey.create(inside, purse, service, new SecureRandom()))
                    .isInstanceOf(PurseException.class);
            assertThat(inside).doesNotExist();
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> RecoveryKey.open(file)).isInstanceOf(ExposedFileException.class);
        assertThatThrownBy(() -> RecoveryKey.open(temp.resolve("none.json"))).isInstanceOf(PurseException.class);
    }
}
