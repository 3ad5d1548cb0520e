package org.farthing.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The keys of a wallet service: of one role, in a folder of their own, never mixed with a payee's. */
@Requirement({"F-KY-20", "F-KY-21", "F-KY-40", "F-WS-47", "T75"})
class TokenKeysTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Origin SERVICE = new Origin("https://wallet.example");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path temp = Path.of("");

    private KeyFiles files = KeyFiles.in(temp);

    @BeforeEach
    void name() {
        files = KeyFiles.in(temp.resolve("keys"));
    }

    private List<Path> inFolder() throws IOException {
        try (Stream<Path> all = Files.list(files.folder())) {
            return all.sorted().toList();
        }
    }

    private void write(String name, SigningKey key) throws IOException {
        OwnerOnly.makeFolder(files.folder());
        OwnerOnly.create(
                files.folder().resolve(name), key.exportPrivateJwk().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private SigningKey key(Role... roles) {
        return SigningKey.generate(Algorithm.ED25519, null, random).withRoles(Set.of(roles));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void init_forAWalletService_makesOneRoleAndNoChallengeSecret(Algorithm algorithm) throws IOException {
        files.initWalletService(algorithm, NOW, random);

        TokenKeys keys = files.loadWalletService(NOW);
        SigningKey signing = keys.signingAt(NOW).orElseThrow();
        assertThat(signing.publicKey().algorithm()).isEqualTo(algorithm);
        assertThat(signing.publicKey().roles()).containsExactly(Role.RECEIPT_TOKEN);
        assertThat(keys.admin()).isPresent();
        assertThat(files.isWalletService()).isTrue();
        assertThat(inFolder())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("admin.bearer", "signing-20261122T100000Z.jwk");
        assertThat(keys.directory(SERVICE).keys())
                .singleElement()
                .satisfies(shown -> assertThat(shown.roles()).containsExactly(Role.RECEIPT_TOKEN));
        assertThat(keys.toString()).isEqualTo("TokenKeys[signing=1 keys, admin=set]");
    }

    @Test
    void rotate_ofAWalletService_keepsTheRole() throws IOException {
        files.initWalletService(Algorithm.ED25519, NOW, random);
        files.rotate(Algorithm.ED25519, Duration.ofHours(2), NOW.plusSeconds(5), random);

        TokenKeys keys = files.loadWalletService(NOW.plusSeconds(10));
        assertThat(keys.signing()).hasSize(2);
        String first =
                keys.signingAt(NOW.plusSeconds(10)).orElseThrow().publicKey().kid();
        String later = keys.signingAt(NOW.plus(Duration.ofHours(3)))
                .orElseThrow()
                .publicKey()
                .kid();
        assertThat(later).isNotEqualTo(first);
        assertThat(keys.signingAt(NOW.plus(Duration.ofDays(500)))).isEmpty();
    }

    @Test
    void load_ofTheOtherSidesFolder_isRefusedBothWays() throws IOException {
        files.init(Algorithm.ED25519, NOW, random);
        assertThatThrownBy(() -> files.loadWalletService(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("is a payee's")
                .hasMessageContaining("keys init --wallet-service");

        KeyFiles service = KeyFiles.in(temp.resolve("service"));
        service.initWalletService(Algorithm.ED25519, NOW, random);
        assertThatThrownBy(() -> service.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("must never be loaded by a server that charges");
    }

    @Test
    void load_keysOfBothSidesInOneFolder_isRefused() throws IOException {
        files.initWalletService(Algorithm.ED25519, NOW, random);
        write("signing-20270101T000000Z.jwk", key(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE));

        assertThatThrownBy(() -> files.loadWalletService(NOW)).isInstanceOf(KeyFileException.class);
        assertThatThrownBy(() -> files.load(NOW)).isInstanceOf(KeyFileException.class);
        assertThatThrownBy(() -> files.signingKeys()).isInstanceOf(KeyFileException.class);
    }

    @Test
    void load_oneKeyWithRolesOfBothSides_isRefused() throws IOException {
        write("signing-20270101T000000Z.jwk", key(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE, Role.RECEIPT_TOKEN));

        assertThatThrownBy(() -> files.loadWalletService(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("beside others");
        assertThatThrownBy(() -> files.load(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("beside others");
    }

    @Test
    void load_nothingThere_saysHowToMakeIt() throws IOException {
        assertThatThrownBy(() -> files.loadWalletService(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("keys init --wallet-service --dir " + files.folder());
        OwnerOnly.makeFolder(files.folder());
        assertThatThrownBy(() -> files.loadWalletService(NOW))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("keys init --wallet-service --dir " + files.folder());
    }

    @Test
    void load_allKeysOver_saysSo() throws IOException {
        files.initWalletService(Algorithm.ED25519, NOW, random);

        assertThatThrownBy(() -> files.loadWalletService(NOW.plus(Duration.ofDays(500))))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("can be used now")
                .hasMessageContaining("init --wallet-service");
    }

    @Test
    void tokenKeys_withAnotherRoleOrNone_areRefused() {
        for (SigningKey wrong : List.of(
                key(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE),
                key(Role.RECEIPT_TOKEN, Role.CHALLENGE),
                key(Role.RECEIPT_TOKEN, Role.RECEIPT),
                key())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TokenKeys(List.of(key(Role.RECEIPT_TOKEN), wrong), Optional.empty()))
                    .withMessageContaining("no other");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenKeys(List.of(), Optional.empty()))
                .withMessageContaining("keys init --wallet-service");
    }

    @Test
    @Requirement({"F-KY-42"})
    void directory_ofAPublishedKey_isForLoopbackAlone() throws MalformedException {
        SigningKey published = SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                        + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")
                .withRoles(Set.of(Role.RECEIPT_TOKEN));
        TokenKeys keys = new TokenKeys(List.of(published), Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.directory(SERVICE))
                .withMessageContaining("published in a specification");
        assertThat(keys.directory(new Origin("http://127.0.0.1:8403")).keys()).hasSize(1);
    }
}
