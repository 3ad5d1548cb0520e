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
import java.util.Optional;
import java.util.Set;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.trust.OriginPins.Sight;
import org.farthing.client.trust.OriginPins.Source;
import org.farthing.client.trust.TrustChange.Kind;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
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

    private static Sight sight(@Nullable KeyDirectory directory) {
        return new Sight(API, API.text(), directory, NOW);
    }

    private void pin(KeyDirectory directory) throws IOException {
        assertThat(pins.admit(sight(directory), TrustMode.FIRST_USE, null)).isEmpty();
    }

    private Optional<Kind> change(Sight sight) throws IOException {
        return pins.change(sight).map(TrustChange::kind);
    }

    @Test
    void change_firstUse_isNoneAndPinsNothing() throws IOException {
        assertThat(pins.change(sight(document(first)))).isEmpty();
        assertThat(pins.of(API)).isEmpty();
    }

    @Test
    void admit_firstPayment_isKeptForTheOwnerOnly() throws IOException {
        pin(document(first));
        OriginPins.Pin pin = reopened().of(API).orElseThrow();
        assertThat(pin.payee()).isEqualTo(API.text());
        assertThat(pin.signs()).isTrue();
        assertThat(pin.thumbprints()).isEqualTo(Set.of(first.publicKey().thumbprint()));
        assertThat(pin.since()).isEqualTo("2026-11-22T09:00:30Z");
        assertThat(pin.source()).isEqualTo(Source.FIRST_PAYMENT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("pins.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void change_newKeyBesideAPinnedOne_isNone() throws IOException {
        pin(document(first));
        assertThat(pins.change(sight(document(first, second)))).isEmpty();
        pin(document(first, second));
        assertThat(pins.change(sight(document(second))))
                .as("the chain of keys goes on")
                .isEmpty();
    }

    @Test
    void change_noPinnedKeyLeft_isOne() throws IOException {
        pin(document(first));
        assertThat(change(sight(document(second)))).contains(Kind.KEYS);
        assertThat(change(sight(document()))).contains(Kind.KEYS);
        assertThat(change(sight(null))).contains(Kind.UNSIGNED);
    }

    @Test
    void change_pinnedKeyOnlyForReceiptsNow_isOne() throws IOException {
        pin(document(first));
        KeyDirectory receipts = document(first.withRoles(Set.of(Role.RECEIPT)), second);
        assertThat(change(sight(receipts))).contains(Kind.KEYS);
    }

    @Test
    @Requirement("T37")
    void change_pinnedKeyRevoked_isOne() throws Exception {
        pin(document(first));
        String listed = document(first).format();
        KeyDirectory revoked = KeyDirectory.parse(listed.replace("\"kty\"", "\"revoked\":1795341960,\"kty\""));
        assertThat(revoked.keys().get(0).revoked()).isNotNull();
        assertThat(change(sight(revoked))).contains(Kind.KEYS);
    }

    @Test
    @Requirement("F-KY-64")
    void change_otherPayee_showsBothAndBothKeys() throws IOException {
        pin(document(first));
        TrustChange change = pins.change(new Sight(API, "https://mallory.example", document(second), NOW))
                .orElseThrow();
        assertThat(change.kind()).isEqualTo(Kind.PAYEE);
        assertThat(change.before().thumbprints())
                .containsExactly(first.publicKey().thumbprint());
        assertThat(change.now().thumbprints())
                .containsExactly(second.publicKey().thumbprint());
        assertThat(change.words())
                .isEqualTo("the payee of https://api.example.com was https://api.example.com and is"
                        + " https://mallory.example now, and it lists none of the keys it had");
    }

    @Test
    @Requirement({"F-KY-62", "T74"})
    void admit_unsignedAfterSigned_isRefusedAndStaysSigning() throws IOException {
        pin(document(first));
        TrustChange change = pins.change(sight(null)).orElseThrow();
        assertThat(pins.admit(sight(null), TrustMode.FIRST_USE, null)).contains(new OriginPins.Refused(change));
        assertThat(reopened().of(API).orElseThrow().signs()).isTrue();
    }

    @Test
    @Requirement({"F-KY-60", "T36"})
    void admit_twoAtOnce_oneWins() throws IOException {
        assertThat(pins.change(sight(document(first)))).isEmpty();
        assertThat(reopened().change(sight(document(second)))).isEmpty();
        pin(document(first));
        assertThat(reopened().admit(sight(document(second)), TrustMode.FIRST_USE, null))
                .hasValueSatisfying(refused -> assertThat(refused.change()).isNotNull());
        assertThat(pins.of(API).orElseThrow().thumbprints())
                .containsExactly(first.publicKey().thumbprint());
    }

    @Test
    @Requirement("F-KY-61")
    void admit_acceptedChange_isPinnedAndNoOtherIs() throws IOException {
        pin(document(first));
        TrustChange accepted = pins.change(sight(document(second))).orElseThrow();
        SigningKey third = key();
        assertThat(pins.admit(sight(document(third)), TrustMode.FIRST_USE, accepted))
                .as("the owner saw another key")
                .isPresent();
        assertThat(pins.admit(sight(document(second)), TrustMode.FIRST_USE, accepted))
                .isEmpty();
        OriginPins.Pin pin = reopened().of(API).orElseThrow();
        assertThat(pin.thumbprints()).containsExactly(second.publicKey().thumbprint());
        assertThat(pin.since()).isEqualTo("2026-11-22T09:00:30Z");
    }

    @Test
    @Requirement("F-KY-63")
    void admit_listedOnly_takesPinnedOriginsAlone() throws IOException {
        for (TrustMode asked : TrustMode.values()) {
            pins.useMode(asked == TrustMode.FIRST_USE ? TrustMode.LISTED_ONLY : TrustMode.FIRST_USE);
            assertThat(pins.admit(sight(document(first)), asked, null))
                    .as("the stricter holds")
                    .contains(new OriginPins.Refused(null));
        }
        pins.add(sight(document(first)));
        assertThat(pins.admit(sight(document(first)), TrustMode.LISTED_ONLY, null))
                .isEmpty();
        assertThat(reopened().of(API).orElseThrow().source()).isEqualTo(Source.OWNER);
    }

    @Test
    @Requirement("F-KY-63")
    void useMode_reopened_isKept() throws IOException {
        assertThat(pins.mode()).isEqualTo(TrustMode.FIRST_USE);
        pin(document(first));
        pins.useMode(TrustMode.LISTED_ONLY);
        assertThat(reopened().mode()).isEqualTo(TrustMode.LISTED_ONLY);
        assertThat(reopened().of(API)).isPresent();
        Path file = temp.resolve("pins.json");
        Files.writeString(file, Files.readString(file).replace("\"listed\"", "\"of-a-later-version\""));
        assertThat(reopened().mode()).as("never looser than written").isEqualTo(TrustMode.LISTED_ONLY);
    }

    @Test
    @Requirement("F-KY-65")
    void add_changedOrigin_replacesWhatWasPinned() throws IOException {
        pin(document(first));
        pins.add(Sight.of(API, document(second), NOW.plusSeconds(9)));
        OriginPins.Pin pin = reopened().of(API).orElseThrow();
        assertThat(pin.thumbprints()).containsExactly(second.publicKey().thumbprint());
        assertThat(pin.source()).isEqualTo(Source.OWNER);
        assertThat(pins.all()).containsOnlyKeys(API);
        assertThat(change(sight(null))).contains(Kind.UNSIGNED);
    }

    @Test
    void all_several_areInTheOrderOfTheirNames() throws IOException {
        for (String host : new String[] {"https://b.example", "https://a.example:444", "https://a.example"}) {
            pins.add(new Sight(new Origin(host), host, document(first), NOW));
        }
        assertThat(pins.all().keySet())
                .extracting(Origin::text)
                .containsExactly("https://a.example", "https://a.example:444", "https://b.example");
    }

    @Test
    void forget_pinnedOrigin_isTrustedAnew() throws IOException {
        pin(document(first));
        assertThat(pins.forget(API)).isTrue();
        assertThat(pins.forget(API)).isFalse();
        assertThat(reopened().change(sight(document(second)))).isEmpty();
    }

    @Test
    void open_fileOfAnEarlierVersion_isRead() throws IOException {
        pin(document(first));
        Path file = temp.resolve("pins.json");
        String now = Files.readString(file);
        String earlier = now.replace("\"mode\":\"first-use\",", "").replace(",\"source\":\"first-payment\"", "");
        assertThat(earlier).isNotEqualTo(now).doesNotContain("\"mode\"", "\"source\"");
        Files.writeString(file, earlier);
        assertThat(reopened().all()).isEqualTo(pins.all());
        assertThat(reopened().mode()).isEqualTo(TrustMode.FIRST_USE);
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
