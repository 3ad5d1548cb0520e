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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-KY-40", "T32"})
class KeyFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path temp;

    private KeyFiles files;

    @BeforeEach
    void name() {
        files = KeyFiles.in(temp.resolve("keys"));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void init_newFolder_makesKeysThatLoadAndOnlyTheOwnerReads(Algorithm algorithm) throws IOException {
        files.init(algorithm, NOW, random);

        ServerKeys keys = files.load(NOW);
        assertThat(keys.signing()).hasSize(1);
        assertThat(keys.signingAt(NOW).orElseThrow().publicKey().algorithm()).isEqualTo(algorithm);
        assertThat(keys.signingAt(NOW).orElseThrow().publicKey().roles())
                .containsExactlyInAnyOrder(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE);
        assertThat(keys.admin()).isPresent();
        assertThat(mode(files.folder())).isEqualTo("rwx------");
        assertThat(names())
                .hasSize(3)
                .allSatisfy(
                        name -> assertThat(mode(files.folder().resolve(name))).isEqualTo("rw-------"));
    }

    @Test
    void init_twice_isRefusedAndChangesNothing() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Map<String, String> before = contents();

        assertThatThrownBy(() -> files.init(Algorithm.ES256, NOW.plusSeconds(5), random))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("keys rotate");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void init_afterAnInterruptedOne_completesAndKeepsWhatIsThere() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Map<String, String> before = contents();
        Files.delete(files.folder().resolve(names().get(2)));
        assertThat(names()).noneMatch(name -> name.endsWith(".jwk"));

        files.init(Algorithm.ED25519, NOW.plusSeconds(60), random);

        assertThat(files.load(NOW.plusSeconds(60)).signing()).hasSize(1);
        before.keySet().removeIf(name -> name.endsWith(".jwk"));
        assertThat(contents()).containsAllEntriesOf(before).hasSize(3);
    }

    @Test
    void load_noFolder_saysHowToMakeOne() {
        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("farthing-server keys init --dir " + files.folder());
    }

    @Test
    void load_emptyFolder_saysHowToMakeAKey() throws IOException {
        OwnerOnly.makeFolder(files.folder());

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("no signing key")
                .hasMessageContaining("keys init");
    }

    @ParameterizedTest
    @ValueSource(strings = {".jwk", ".secret", ".bearer"})
    void load_fileOthersCanRead_isRefusedWithoutQuotingIt(String suffix) throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Path open = file(suffix);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        String secret = Files.readString(open).strip();

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("chmod 600 " + open)
                .hasMessageNotContaining(secret);
    }

    @Test
    void load_folderOthersCanEnter_isRefused() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Files.setPosixFilePermissions(files.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("chmod 700 " + files.folder());
    }

    @Test
    void load_brokenKey_namesTheFileAndQuotesNothing() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Path jwk = file(".jwk");
        String text = Files.readString(jwk);
        String secret = text.replaceAll("(?s).*\"d\":\"([^\"]+)\".*", "$1");
        Files.writeString(jwk, text.replace("\"OKP\"", "\"oct\""));

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(jwk.toString())
                .hasMessageNotContaining(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dG9vIHNob3J0", "not base64!", "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    @Requirement({"F-BI-11", "T32"})
    void load_unsafeSecret_isRefused(String secret) throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Files.writeString(file(".secret"), secret);

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining(file(".secret").toString());
    }

    @Test
    @Requirement({"F-KY-21", "T75"})
    void load_keyOfAWalletService_isRefused() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        SigningKey both = SigningKey.generate(Algorithm.ED25519, null, random)
                .withRoles(Set.of(Role.CHALLENGE, Role.RECEIPT, Role.RECEIPT_TOKEN));
        OwnerOnly.create(
                files.folder().resolve("signing-both.jwk"),
                both.exportPrivateJwk().getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("receipt-token");
    }

    @Test
    @Requirement({"F-KY-31", "T36"})
    void rotate_newKey_isPublishedBeforeItSignsAndTheOldOneStays() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        String old = kidAt(NOW);
        Instant later = NOW.plusSeconds(1);
        files.rotate(Algorithm.ES256, Duration.ofHours(24), later, random);

        assertThat(files.load(later)
                        .directory(new Origin("https://api.example.com"))
                        .keys())
                .hasSize(2);
        Instant takesOver = later.plus(Duration.ofHours(24));
        assertThat(kidAt(takesOver.minusSeconds(1))).isEqualTo(old);
        assertThat(kidAt(takesOver)).isNotEqualTo(old);
    }

    @Test
    void rotate_tooSoonForClients_isRefused() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> files.rotate(Algorithm.ED25519, Duration.ofMinutes(59), NOW.plusSeconds(1), random));
    }

    @Test
    void rotate_noKeysYet_isRefused() {
        assertThatThrownBy(() -> files.rotate(Algorithm.ED25519, Duration.ofHours(24), NOW, random))
                .isInstanceOf(KeyFileException.class);
    }

    @Test
    void load_allKeysExpired_saysSo() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);

        assertThatThrownBy(() -> files.load(NOW.plus(KeyFiles.KEY_LIFE)))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("can be used now");
    }

    @Test
    @Requirement({"F-BI-12", "S43"})
    void addSecret_challengesOfTheOldOne_goOnVerifying() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        ChallengeTerms terms = new ChallengeTerms(
                "api.example.com", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", null, null, null);
        Challenge old = new Challenge(files.load(NOW).secrets().id(terms), terms, null, null);

        Instant later = NOW.plusSeconds(30);
        files.addSecret(Duration.ofMinutes(10), later, random);

        SecretRing rotated = files.load(later).secrets();
        Instant moment = later.plus(Duration.ofMinutes(10));
        Challenge next = new Challenge(rotated.id(terms, moment), terms, null, null);
        assertThat(rotated.id(terms, moment.minusSeconds(1))).isEqualTo(old.id());
        assertThat(next.id()).isNotEqualTo(old.id());
        assertThat(rotated.verify(next, later)).as("at once").isTrue();
        assertThat(rotated.verify(old, moment.plus(Duration.ofHours(25)))).isTrue();
        assertThat(rotated.verify(old, moment.plus(SecretFiles.RETIRED).plusSeconds(1)))
                .isFalse();
    }

    @Test
    @Requirement({"F-BI-12", "S43"})
    void load_longAfterARotation_countsFromTheRotationAndNotFromTheLoad() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        ChallengeTerms terms = new ChallengeTerms(
                "api.example.com", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", null, null, null);
        Challenge old = new Challenge(files.load(NOW).secrets().id(terms), terms, null, null);
        files.addSecret(Duration.ZERO, NOW.plusSeconds(30), random);

        Instant end = NOW.plusSeconds(30).plus(SecretFiles.RETIRED);
        assertThat(files.load(end).secrets().verify(old, end)).isTrue();
        assertThat(files.load(end.plusSeconds(1)).secrets().verify(old, end.plusSeconds(1)))
                .isFalse();
    }

    @Test
    void secrets_nameWithoutATime_isRefusedAndSaysWhatToDo() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Files.move(file(".secret"), files.folder().resolve("challenge-old.secret"));

        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("Rename it");
    }

    @Test
    @Requirement({"F-KY-44", "F-KY-30", "T36"})
    void revoke_keyInUse_isPublishedAsRevokedAndSignsNoMore() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        String stolen = kidAt(NOW);
        files.rotate(Algorithm.ED25519, Duration.ofMinutes(61), NOW.plusSeconds(1), random);
        Instant later = NOW.plus(Duration.ofHours(2));
        files.revoke(stolen, NOW.plus(Duration.ofMinutes(30)));

        assertThat(kidAt(later)).isNotEqualTo(stolen);
        KeyDirectory document = files.load(later).directory(new Origin("https://api.example.com"));
        assertThat(document.keys()).hasSize(2);
        assertThatThrownBy(() -> document.select(stolen, ArtifactType.CHALLENGE, later))
                .isInstanceOf(SignatureRejectedException.class)
                .hasMessageContaining("revoked");
        assertThatThrownBy(() -> files.load(NOW.plus(Duration.ofMinutes(30))))
                .as("no other key may be used at that time yet")
                .isInstanceOf(KeyFileException.class);
        assertThat(mode(file(".jwk"))).isEqualTo("rw-------");
        assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    @Requirement("F-KY-44")
    void revoke_unknownOrLaterThanBefore_isRefusedAndChangesNothing() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        String kid = kidAt(NOW);
        files.revoke(kid, NOW);
        Map<String, String> before = contents();

        assertThatThrownBy(() -> files.revoke(kid, NOW.plusSeconds(1)))
                .as("a revoked key cannot be made to count for longer")
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> files.revoke("nobody", NOW)).isInstanceOf(KeyFileException.class);
        assertThat(contents()).isEqualTo(before);
        files.revoke(kid, NOW.minusSeconds(60));
        assertThat(files.signingKeys().get(0).publicKey().revoked()).isEqualTo(NOW.minusSeconds(60));
    }

    @Test
    @Requirement({"F-KY-31", "F-BI-12"})
    void prune_overTheYears_deletesOnlyWhatNothingNeeds() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        List<String> first = names();
        files.rotate(Algorithm.ED25519, Duration.ofHours(24), NOW.plusSeconds(1), random);
        files.addSecret(Duration.ZERO, NOW.plusSeconds(1), random);

        assertThat(files.prune(NOW.plus(Duration.ofHours(26)))).isEmpty();
        Instant end = NOW.plus(KeyFiles.KEY_LIFE).plus(KeyFiles.RECEIPTS_KEPT);
        assertThat(files.spent(end))
                .extracting(path -> String.valueOf(path.getFileName()))
                .containsExactly(first.get(1));
        assertThat(files.prune(end.plusSeconds(1)))
                .extracting(path -> String.valueOf(path.getFileName()))
                .containsExactlyInAnyOrder(first.get(1), first.get(2));
        assertThat(names()).hasSize(3).contains(first.get(0));
        assertThat(files.prune(end.plusSeconds(1))).isEmpty();
    }

    @Test
    @Requirement({"F-KY-42"})
    void directory_keyFromASpecification_isRefusedOutsideLoopback() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        Files.delete(file(".jwk"));
        OwnerOnly.create(
                files.folder().resolve("signing-rfc.jwk"),
                ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")
                        .getBytes(StandardCharsets.UTF_8));
        ServerKeys keys = files.load(NOW);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.directory(new Origin("https://api.example.com")))
                .withMessageContaining("anybody can sign");
        assertThat(keys.directory(new Origin("http://127.0.0.1:8402")).keys()).hasSize(1);
    }

    @Test
    @Requirement({"T38", "S42"})
    void toString_everything_hidesSecrets() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        String secret = Files.readString(file(".secret")).strip();
        String bearer = Files.readString(file(".bearer")).strip();

        assertThat(files.load(NOW).toString() + files.load(NOW).signing())
                .doesNotContain(secret)
                .doesNotContain(bearer)
                .doesNotContain("\"d\"");
    }

    private String kidAt(Instant time) throws IOException {
        return files.load(time).signingAt(time).orElseThrow().publicKey().kid();
    }

    private Path file(String suffix) throws IOException {
        return files.folder()
                .resolve(names().stream()
                        .filter(name -> name.endsWith(suffix))
                        .findFirst()
                        .orElseThrow());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(files.folder())) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : names()) {
            contents.put(name, Files.readString(files.folder().resolve(name)));
        }
        return contents;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** One thumbprint in sixty-four begins with a hyphen, and could not be typed after {@code keys revoke}. */
    @Test
    void newKey_name_looksLikeNoOption() {
        SecureRandom random = new SecureRandom();
        assertThat(Stream.generate(() -> SigningKeyFiles.typeable(Algorithm.ED25519, random))
                        .limit(500))
                .noneMatch(key -> key.publicKey().kid().startsWith("-"));
    }
}
