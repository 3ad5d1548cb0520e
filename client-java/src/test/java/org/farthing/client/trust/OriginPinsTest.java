package org.farthing.client.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement({"F-KY-60", "F-KY-61", "F-KY-62"})
class OriginPinsTest {

    private static final Origin API = new Origin("https://api.example.com");
    private static final Instant NOW = SettableClock.START;

    @TempDir
    Path temp;

    private final SigningKey first = key();
    private final SigningKey second = key();
    private OriginPins pins;

    private static SigningKey key() {
        return SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    }

    private static KeyDirectory document(SigningKey... keys) {
        List<VerificationKey> listed =
                Arrays.stream(keys).map(SigningKey::publicKey).toList();
        return KeyDirectory.of(API, listed);
    }

    @BeforeEach
    void open() throws IOException {
        pins = OriginPins.open(temp.resolve("pins.json"));
    }

    private OriginPins reopened() throws IOException {
        return OriginPins.open(temp.resolve("pins.json"));
    }

    private void pin(KeyDirectory directory) throws IOException {
        pins.pin(API, API.text(), directory, true, NOW);
    }

    @Test
    void change_firstUse_isNone() throws IOException {
        assertThat(pins.change(API, API.text(), document(first))).isEmpty();
        assertThat(pins.of(API)).isEmpty();
    }

    @Test
    void pin_firstPayment_isKeptForTheOwnerOnly() throws IOException {
        pin(document(first));
        OriginPins.Pin pin = reopened().of(API).orElseThrow();
        assertThat(pin.payee()).isEqualTo(API.text());
        assertThat(pin.signs()).isTrue();
        assertThat(pin.thumbprints()).isEqualTo(Set.of(first.publicKey().thumbprint()));
        assertThat(pin.since()).isEqualTo("2026-11-22T09:00:30Z");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("pins.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void change_newKeyBesideAPinnedOne_isNone() throws IOException {
        pin(document(first));
        assertThat(pins.change(API, API.text(), document(first, second))).isEmpty();
        pin(document(first, second));
        assertThat(pins.change(API, API.text(), document(second)))
                .as("the chain of keys goes on")
                .isEmpty();
    }

    @Test
    void change_noPinnedKeyLeft_isOne() throws IOException {
        pin(document(first));
        assertThat(pins.change(API, API.text(), document(second))).isPresent();
        assertThat(pins.change(API, API.text(), document())).isPresent();
        assertThat(pins.change(API, API.text(), null)).isPresent();
    }

    @Test
    void change_pinnedKeyOnlyForReceiptsNow_isOne() throws IOException {
        pin(document(first));
        KeyDirectory receipts = document(first.withRoles(Set.of(Role.RECEIPT)), second);
        assertThat(pins.change(API, API.text(), receipts)).isPresent();
    }

    @Test
    @Requirement("T37")
    void change_pinnedKeyRevoked_isOne() throws Exception {
        pin(document(first));
        String listed = document(first).format();
        KeyDirectory revoked = KeyDirectory.parse(listed.replace("\"kty\"", "\"revoked\":1795341960,\"kty\""));
        assertThat(revoked.keys().get(0).revoked()).isNotNull();
        assertThat(pins.change(API, API.text(), revoked)).isPresent();
    }

    @Test
    void change_otherPayee_isOne() throws IOException {
        pin(document(first));
        assertThat(pins.change(API, "https://mallory.example", document(first))).isPresent();
    }

    @Test
    void pin_unsignedAfterSigned_staysSigning() throws IOException {
        pin(document(first));
        pins.pin(API, API.text(), null, false, NOW.plusSeconds(5));
        OriginPins.Pin pin = reopened().of(API).orElseThrow();
        assertThat(pin.signs()).isTrue();
        assertThat(pin.since()).isEqualTo("2026-11-22T09:00:30Z");
    }

    @Test
    void forget_pinnedOrigin_isTrustedAnew() throws IOException {
        pin(document(first));
        pins.forget(API);
        assertThat(reopened().change(API, API.text(), document(second))).isEmpty();
    }

    @Test
    void open_damagedOrExposed_isRefused() throws IOException {
        pin(document(first));
        Path file = temp.resolve("pins.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThatThrownBy(this::reopened).hasMessageContaining("chmod");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, Files.readString(file).substring(5));
        assertThatThrownBy(this::reopened).hasMessageContaining("damaged");
    }
}
