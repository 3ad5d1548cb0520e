package org.farthing.protocol.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-BI-3", "F-BI-10", "F-BI-11", "F-BI-12", "S13", "S42", "S43"})
class SecretRingTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final byte[] SECRET = random();
    private static final byte[] OLD = random();

    private final SecretRing ring = SecretRing.builder().current(SECRET).build();

    @Test
    void id_current_samePrimitive() {
        assertThat(ring.id(terms("realm"))).isEqualTo(ChallengeId.compute(SECRET, terms("realm")));
    }

    @Test
    void verify_ownId_true() {
        assertThat(ring.verify(challenge(ring.id(terms("realm")), terms("realm")), NOW))
                .isTrue();
    }

    @Test
    void verify_otherRealm_false() {
        assertThat(ring.verify(challenge(ring.id(terms("realm")), terms("other")), NOW))
                .isFalse();
    }

    @Test
    @Requirement({"T31", "F-BI-4"})
    void verify_unknownOrWrongOrOddIds_false() {
        String id = ring.id(terms("realm"));
        String wrongAtTheEnd = id.substring(0, 42) + (id.charAt(42) == 'A' ? 'B' : 'A');
        String foreign = ChallengeId.compute(OLD, terms("realm"));
        for (String shown : List.of(wrongAtTheEnd, foreign, "x", id + "A", id.substring(1), id + "=", "\u20ac")) {
            assertThat(ring.verify(challenge(shown, terms("realm")), NOW)).isFalse();
        }
    }

    @Test
    void verify_retiredSecret_untilItsTime() {
        SecretRing rotated = SecretRing.builder()
                .current(SECRET)
                .retired(OLD, NOW.plusSeconds(60))
                .build();
        Challenge old = challenge(ChallengeId.compute(OLD, terms("realm")), terms("realm"));

        assertThat(rotated.verify(old, NOW)).isTrue();
        assertThat(rotated.verify(old, NOW.plusSeconds(60))).isTrue();
        assertThat(rotated.verify(old, NOW.plusSeconds(61))).isFalse();
        assertThat(rotated.id(terms("realm"))).isNotEqualTo(old.id());
    }

    @Test
    @Requirement("F-BI-14")
    void id_upcomingSecret_takesOverAtItsMomentAndVerifiesBefore() {
        Instant moment = NOW.plusSeconds(600);
        SecretRing rotating = SecretRing.builder()
                .from(SECRET, moment, Instant.MAX)
                .from(OLD, NOW.minusSeconds(5), moment.plusSeconds(60))
                .build();
        String byOld = ChallengeId.compute(OLD, terms("realm"));
        String byNew = ChallengeId.compute(SECRET, terms("realm"));

        assertThat(rotating.id(terms("realm"), NOW)).isEqualTo(byOld);
        assertThat(rotating.id(terms("realm"), moment.minusNanos(1))).isEqualTo(byOld);
        assertThat(rotating.id(terms("realm"), moment)).isEqualTo(byNew);
        assertThat(rotating.verify(challenge(byNew, terms("realm")), NOW)).isTrue();
        assertThat(rotating.verify(challenge(byOld, terms("realm")), moment.plusSeconds(60)))
                .isTrue();
        assertThat(rotating.verify(challenge(byOld, terms("realm")), moment.plusSeconds(61)))
                .isFalse();
    }

    @Test
    @Requirement("F-BI-14")
    void id_noMomentHasCome_firstSecretMakesIds() {
        SecretRing early = SecretRing.builder()
                .from(SECRET, NOW.plusSeconds(20), Instant.MAX)
                .from(OLD, NOW.plusSeconds(10), Instant.MAX)
                .build();

        assertThat(early.id(terms("realm"), NOW)).isEqualTo(ChallengeId.compute(OLD, terms("realm")));
    }

    @Test
    void id_severalSecretsInTurn_needsTheTime() {
        SecretRing rotating =
                SecretRing.builder().current(OLD).from(SECRET, NOW, Instant.MAX).build();

        assertThatThrownBy(() -> rotating.id(terms("realm"))).isInstanceOf(IllegalStateException.class);
        assertThat(rotating.toString()).isEqualTo("SecretRing[2 in turn, 0 retired]");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 31})
    @Requirement("T32")
    void build_shortSecret_refused(int length) {
        byte[] secret = Arrays.copyOf(SECRET, length);

        assertThatThrownBy(() -> SecretRing.builder().current(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32");
        assertThatThrownBy(() -> SecretRing.builder().retired(secret, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "tmp", "secret", "changeme", "password", "0123456789", "\u0000"})
    @Requirement("T32")
    void build_defaultRepeatedToLength_refused(String unit) {
        for (int length : new int[] {32, 33, 48, 64}) {
            byte[] secret = Arrays.copyOf(unit.repeat(64).getBytes(UTF_8), length);

            assertThatThrownBy(() -> SecretRing.builder().current(secret))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("repeated");
        }
    }

    @Test
    @Requirement("T32")
    void build_publishedSecret_refused() {
        byte[] published = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

        assertThatThrownBy(() -> SecretRing.builder().current(published))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("published");
    }

    @Test
    void build_noCurrent_refused() {
        assertThatThrownBy(() -> SecretRing.builder().retired(OLD, NOW).build())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void build_callersArrayErasedAfterwards_ringUnchanged() {
        byte[] secret = SECRET.clone();
        SecretRing built = SecretRing.builder().current(secret).build();
        Arrays.fill(secret, (byte) 0);

        assertThat(built.id(terms("realm"))).isEqualTo(ring.id(terms("realm")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|b", "a\"b", "a\\b", "caf\u00e9"})
    @Requirement({"T33", "T34"})
    void id_ambiguousRealm_refused(String realm) {
        assertThatThrownBy(() -> ring.id(terms(realm))).isInstanceOf(IllegalArgumentException.class);
        assertThat(ring.verify(challenge(ChallengeId.compute(SECRET, terms(realm)), terms(realm)), NOW))
                .isFalse();
    }

    /** With a header, the eight slots could be read as seven whose first two are one: the separator may stand nowhere. */
    @Test
    @Requirement({"T33", "T8"})
    void verify_slotsShiftedAcrossSeparator_false() {
        ChallengeTerms honest = new ChallengeTerms(
                "realm", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", "d", "o", "Payment-Authorization");
        String id = ring.id(honest);
        ChallengeTerms shifted = new ChallengeTerms(
                "realm", "wallet", "charge", "e30", "2026-11-22T10:05:00Z|d", "o", "Payment-Authorization", null);

        assertThat(ChallengeId.slots(shifted)).isEqualTo(ChallengeId.slots(honest));
        assertThat(ring.verify(challenge(id, shifted), NOW)).isFalse();
        assertThatThrownBy(() -> ring.id(shifted)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("T38")
    void toString_ring_noSecret() {
        String text =
                SecretRing.builder().current(SECRET).retired(OLD, NOW).build().toString();

        assertThat(text).isEqualTo("SecretRing[current, 1 retired]");
    }

    @Test
    void verify_manyThreads_allTrue() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                String realm = "realm-" + t;
                results.add(threads.submit(() -> {
                    int good = 0;
                    for (int i = 0; i < 500; i++) {
                        ChallengeTerms terms = terms(realm + "-" + i);
                        good += ring.id(terms).equals(ChallengeId.compute(SECRET, terms)) ? 1 : 0;
                    }
                    return good;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(500);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Property
    @Requirement({"T4", "T5", "T8"})
    void verify_anySlotChanged_false(
            @ForAll @AlphaChars @StringLength(min = 1, max = 12) String text, @ForAll @IntRange(max = 7) int slot) {
        String[] slots = {"realm", "wallet", "charge", "e30", "2026-11-22T10:05:00Z", "d", "o", "h"};
        String id = ring.id(terms(slots));
        String[] changed = slots.clone();
        changed[slot] = slot == 1 ? changed[slot] + "x" : slot == 3 ? "e30g" : changed[slot] + text;

        assertThat(ring.verify(challenge(id, terms(slots)), NOW)).isTrue();
        assertThat(ring.verify(challenge(id, terms(changed)), NOW)).isFalse();
    }

    private static ChallengeTerms terms(@Nullable String[] slots) {
        return new ChallengeTerms(slots[0], slots[1], slots[2], slots[3], slots[4], slots[5], slots[6], slots[7]);
    }

    private static ChallengeTerms terms(String realm) {
        return new ChallengeTerms(realm, "wallet", "charge", "e30", "2026-11-22T10:05:00Z", null, "o", null);
    }

    private static Challenge challenge(String id, ChallengeTerms terms) {
        return new Challenge(id, terms, null, null);
    }

    private static byte[] random() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return secret;
    }
}
