package org.farthing.server.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-KY-34", "T36"})
class KeyWatchTest {

    private final TestClock clock = new TestClock();
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path temp;

    private KeyFiles files;

    @BeforeEach
    void make() throws IOException {
        files = KeyFiles.in(temp.resolve("keys"));
        files.init(Algorithm.ED25519, clock.instant(), random);
        clock.advance(Duration.ofSeconds(5));
    }

    @Test
    void reload_nothingChanged_keepsTheVeryObject() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            ServerKeys before = watch.get();

            assertThat(watch.reload()).isFalse();
            assertThat(watch.get()).isSameAs(before);
        }
    }

    @Test
    @Requirement({"F-KY-31", "F-KY-33"})
    void reload_rotatedKey_isThereBeforeItsTime() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            String first = kid(watch.get());
            String next = files.rotate(Algorithm.ES256, KeyFiles.SHORTEST_LEAD, clock.instant(), random)
                    .publicKey()
                    .kid();

            assertThat(watch.reload()).isTrue();
            assertThat(watch.get().signing()).hasSize(2);
            assertThat(kid(watch.get())).isEqualTo(first);
            clock.advance(KeyFiles.SHORTEST_LEAD);
            assertThat(kid(watch.get())).isEqualTo(next);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "halfWritten", "weakSecret", "noSecret", "openFolder", "othersKey"})
    @Requirement({"F-KY-40", "F-BI-11", "F-KY-21"})
    void reload_folderThatCannotBeUsed_keepsEverythingOfBefore(String fault) throws Exception {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            ServerKeys before = watch.get();
            // One good change beside the bad one: all or nothing.
            files.rotate(Algorithm.ED25519, KeyFiles.SHORTEST_LEAD, clock.instant(), random);
            Runnable mended = spoil(fault);

            assertThatThrownBy(watch::reload).isInstanceOf(KeyFileException.class);
            assertThat(watch.get()).isSameAs(before);
            mended.run();
            assertThat(watch.reload()).isTrue();
            assertThat(watch.get().signing()).hasSize(2);
        }
    }

    @Test
    @Requirement("F-KY-42")
    void reload_refusedByACheck_isNotUsedAndNobodyHears() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            List<ServerKeys> heard = new ArrayList<>();
            watch.onChange(heard::add);
            watch.require(keys -> {
                var unused = keys.directory(new Origin("https://api.example.com"));
            });
            ServerKeys before = watch.get();
            Path published = files.folder().resolve("signing-rfc.jwk");
            OwnerOnly.create(
                    published,
                    ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                                    + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")
                            .getBytes(UTF_8));

            assertThatIllegalArgumentException().isThrownBy(watch::reload).withMessageContaining("anybody can sign");
            assertThat(watch.get()).isSameAs(before);
            assertThat(heard).containsExactly(before);
        }
    }

    @Test
    void reload_newKeys_listenersHearBeforeTheyAreUsed() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            List<ServerKeys> usedWhenHeard = new ArrayList<>();
            ServerKeys before = watch.get();
            watch.onChange(keys -> usedWhenHeard.add(watch.get()));
            files.addSecret(Duration.ZERO, clock.instant(), random);

            assertThat(watch.reload()).isTrue();
            assertThat(usedWhenHeard).containsExactly(before, before);
            assertThat(watch.get()).isNotSameAs(before);
        }
    }

    @Test
    @Requirement("F-KY-35")
    void reload_lastKeyRevoked_leavesNoneThatSigns() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            files.revoke(kid(watch.get()), clock.instant());

            assertThat(watch.reload()).isTrue();
            assertThat(watch.get().signingAt(clock.instant())).isEmpty();
        }
    }

    @Test
    @Requirement("F-KY-16")
    void reload_walletServicesKey_isTakenUpToo() throws IOException {
        KeyFiles service = KeyFiles.in(temp.resolve("service"));
        service.initWalletService(Algorithm.ED25519, clock.instant(), random);
        clock.advance(Duration.ofSeconds(5));
        try (KeyWatch<TokenKeys> watch = KeyWatch.walletService(service, clock)) {
            service.rotate(Algorithm.ED25519, KeyFiles.SHORTEST_LEAD, clock.instant(), random);

            assertThat(watch.reload()).isTrue();
            assertThat(watch.get().signing()).hasSize(2);
        }
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // another object is what changed keys are
    void start_watching_takesUpWhatChangesByItself() throws Exception {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            CompletableFuture<ServerKeys> changed = new CompletableFuture<>();
            ServerKeys before = watch.get();
            watch.onChange(keys -> {
                if (keys != before) {
                    changed.complete(keys);
                }
            });
            watch.start();
            files.addSecret(Duration.ZERO, clock.instant(), random);

            assertThat(changed.get(60, TimeUnit.SECONDS)).isNotSameAs(before);
        }
    }

    @Test
    @Requirement({"S42", "T38"})
    void toString_watch_saysTheFolderAlone() throws IOException {
        try (KeyWatch<ServerKeys> watch = KeyWatch.payee(files, clock)) {
            assertThat(watch.toString()).isEqualTo("KeyWatch[" + files.folder() + "]");
        }
    }

    /** Spoils something and says how to mend it. */
    @SuppressWarnings("StatementSwitchToExpressionSwitch") // several statements a case, and each returns
    private Runnable spoil(String fault) throws Exception {
        Path secret = file(".secret");
        switch (fault) {
            case "open":
                return mode(secret, "rw-r--r--", "rw-------");
            case "openFolder":
                return mode(files.folder(), "rwxr-xr-x", "rwx------");
            case "halfWritten":
                Path half = files.folder().resolve("challenge-20261122T110000Z.secret");
                OwnerOnly.create(half, new byte[] {'A', 'b', 'c'});
                return () -> delete(half);
            case "weakSecret":
                Path weak = files.folder().resolve("challenge-20261122T110000Z.secret");
                OwnerOnly.create(weak, "A".repeat(43).getBytes(UTF_8));
                return () -> delete(weak);
            case "othersKey":
                KeyFiles service = KeyFiles.in(temp.resolve("service"));
                service.initWalletService(Algorithm.ED25519, clock.instant(), random);
                Path foreign = files.folder().resolve("signing-zz.jwk");
                OwnerOnly.create(
                        foreign, service.signingKeys().get(0).exportPrivateJwk().getBytes(UTF_8));
                return () -> delete(foreign);
            default:
                byte[] kept = Files.readAllBytes(secret);
                Files.delete(secret);
                return () -> {
                    try {
                        OwnerOnly.create(secret, kept);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        }
    }

    private static Runnable mode(Path path, String wrong, String right) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(wrong));
        return () -> {
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(right));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(files.folder())) {
            return all.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String kid(ServerKeys keys) {
        return keys.signingAt(clock.instant()).orElseThrow().publicKey().kid();
    }
}
