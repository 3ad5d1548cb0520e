package org.farthing.server.mint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MintRotationTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Denominations TWO = new Denominations(List.of(1L, 2L));

    @TempDir
    Path temp;

    private final List<TokenSecretKey> made = new ArrayList<>(TestTokenKeys.all());
    private MintKeyFiles files;

    @BeforeEach
    void make() throws IOException {
        files = MintKeyFiles.in(temp.resolve("mint"));
        files.makeFolder();
    }

    private int rotate(Denominations denominations, Set<Integer> taken, Instant now) throws IOException {
        Rotation rotation =
                new Rotation(files, KeyLife.DEFAULT, denominations, TestMint.CURRENCY, () -> made.remove(0));
        return rotation.complete(files.read(), taken, now);
    }

    private int rotate(Instant now) throws IOException {
        return rotate(TWO, Set.of(), now);
    }

    private List<PublishedKey> keys() throws IOException {
        return files.read().stream().map(MintKey::published).toList();
    }

    @Test
    @Requirement({"F-TK-93", "F-TK-94"})
    void complete_emptyFolder_makesOneKeyForEachValueWithTheSameDeadlines() throws IOException {
        assertThat(rotate(NOW.plusMillis(300))).isEqualTo(2);
        assertThat(keys()).extracting(key -> key.value().baseUnits()).containsExactly(1L, 2L);
        for (PublishedKey key : keys()) {
            assertThat(key.notBefore()).isEqualTo(NOW);
            assertThat(key.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(30)));
            assertThat(key.swapUntil()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        }
        assertThat(rotate(NOW.plusSeconds(1))).isZero();
    }

    @Test
    @Requirement("F-TK-95")
    void complete_weekBeforeTheEndOfTheSale_makesTheNextEpochOnce() throws IOException {
        rotate(NOW);
        assertThat(rotate(NOW.plus(Duration.ofDays(23)).minusSeconds(1))).isZero();
        assertThat(rotate(NOW.plus(Duration.ofDays(23)))).isEqualTo(2);
        assertThat(keys()).extracting(PublishedKey::notBefore).containsOnly(NOW, NOW.plus(Duration.ofDays(30)));
        assertThat(rotate(NOW.plus(Duration.ofDays(29)))).isZero();
    }

    @Test
    @Requirement("F-TK-95")
    void complete_afterAGap_beginsNow() throws IOException {
        rotate(NOW);
        Instant late = NOW.plus(Duration.ofDays(40));
        assertThat(rotate(late)).isEqualTo(2);
        assertThat(keys().stream().filter(key -> key.sellableAt(late))).hasSize(2);
    }

    @Test
    @Requirement("F-TK-95")
    void complete_interruptedRotation_isFinishedWithItsDeadlines() throws IOException {
        rotate(new Denominations(List.of(1L)), Set.of(), NOW);
        assertThat(rotate(NOW.plus(Duration.ofDays(3)))).isEqualTo(1);
        assertThat(keys()).extracting(PublishedKey::notAfter).containsOnly(NOW.plus(Duration.ofDays(30)));
    }

    @Test
    @Requirement("F-TK-93")
    void complete_lastByteThatIsTaken_makesAnotherKey() throws IOException {
        int first = TestTokenKeys.publicKey(0).truncatedId();
        rotate(TWO, Set.of(first), NOW);
        assertThat(keys())
                .extracting(key -> key.key().truncatedId())
                .doesNotContain(first)
                .doesNotHaveDuplicates();
        assertThat(made).hasSize(3);
    }

    @Test
    @Requirement("F-TK-93")
    void complete_tooManyLiveKeys_saysWhatToDo() {
        Set<Integer> taken = IntStream.range(0, 128).boxed().collect(Collectors.toSet());
        assertThatThrownBy(() -> rotate(TWO, taken, NOW)).hasMessageContaining("fewer denominations");
    }

    @Test
    @Requirement({"F-TK-94", "T69"})
    void keyLife_outOfOrder_isRefused() {
        Duration day = Duration.ofDays(1);
        for (List<Integer> days : List.of(
                List.of(0, 2, 4, 6, 0),
                List.of(2, 2, 4, 6, 1),
                List.of(1, 3, 3, 6, 0),
                List.of(1, 2, 4, 4, 0),
                List.of(1, 2, 4, 6, 1))) {
            assertThatThrownBy(() -> new KeyLife(
                            day.multipliedBy(days.get(0)),
                            day.multipliedBy(days.get(1)),
                            day.multipliedBy(days.get(2)),
                            day.multipliedBy(days.get(3)),
                            day.multipliedBy(days.get(4))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
