package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Requirement({"F-SG-20", "T73"})
class ReleaseStatementTest {

    private static final SigningKey KEY = ReferenceVector.KEY;
    private static final String ID = ReferenceVector.CHALLENGE.id();
    private static final Instant NOW = ReferenceVector.NOW;
    private static final String SERIAL = "A1b2-_".repeat(3) + "A1bQ";
    private static final ReleaseStatement STATEMENT =
            ReleaseStatement.sign(KEY, ID, ReferenceVector.ORIGIN, NOW.plusMillis(700));

    @Test
    void sign_statement_readsBackAndVerifies() throws Exception {
        assertThat(STATEMENT.timestamp()).isEqualTo("2026-11-22T10:00:00Z");
        for (ReleaseStatement read : new ReleaseStatement[] {
            ReleaseStatement.parse(STATEMENT.toMembers()),
            ReleaseStatement.parse(STATEMENT.format()),
            ReleaseStatement.parseField(STATEMENT.formatField())
        }) {
            assertThat(read).isEqualTo(STATEMENT);
            read.verify(ReferenceVector.DIRECTORY, ID, NOW);
        }
        assertThat(STATEMENT.toMembers())
                .containsOnlyKeys("challengeId", "outcome", "recipient", "timestamp", "jws")
                .containsEntry("outcome", "released");
    }

    @Test
    @Requirement({"F-OU-25", "T70"})
    void sign_withSerials_listedSignedAndReadBack() throws Exception {
        String other = "B".repeat(21) + "A";
        ReleaseStatement statement =
                ReleaseStatement.sign(KEY, ID, ReferenceVector.ORIGIN, NOW, List.of(SERIAL, other));

        ReleaseStatement read = ReleaseStatement.parseField(statement.formatField());
        read.verify(ReferenceVector.DIRECTORY, ID, NOW);
        assertThat(read.serialList()).containsExactly(SERIAL, other);
        assertThat(statement.toMembers()).hasSize(6).containsEntry("serials", SERIAL + " " + other);
        for (String changed : new String[] {SERIAL, other + " " + SERIAL}) {
            Map<String, @Nullable Object> members = new HashMap<>(statement.toMembers());
            members.put("serials", changed);
            ReleaseStatement forged = ReleaseStatement.parse(members);
            assertThat(rejected(() -> forged.verify(ReferenceVector.DIRECTORY, ID, NOW)))
                    .isEqualTo(Reason.BAD_SIGNATURE);
        }
        Map<String, @Nullable Object> without = new HashMap<>(statement.toMembers());
        without.remove("serials");
        ReleaseStatement shorter = ReleaseStatement.parse(without);
        assertThat(rejected(() -> shorter.verify(ReferenceVector.DIRECTORY, ID, NOW)))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    @Requirement("F-OU-25")
    void sign_noSerial_refused() {
        assertThatThrownBy(() -> ReleaseStatement.sign(KEY, ID, ReferenceVector.ORIGIN, NOW, List.of("short")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("22 characters");
    }

    @Test
    void verify_anyMemberChanged_rejected() throws Exception {
        String[][] changes = {
            {"challengeId", "other"}, {"recipient", "https://evil.example"}, {"timestamp", "2026-11-22T10:00:01Z"}
        };
        for (String[] change : changes) {
            Map<String, @Nullable Object> members = new HashMap<>(STATEMENT.toMembers());
            members.put(change[0], change[1]);
            ReleaseStatement changed = ReleaseStatement.parse(members);

            assertThat(rejected(() -> changed.verify(ReferenceVector.DIRECTORY, changed.challengeId(), NOW)))
                    .isEqualTo(Reason.BAD_SIGNATURE);
        }
    }

    @Test
    void verify_aboutAnotherChallengeOrByAnother_rejected() {
        KeyDirectory shop = new KeyDirectory(
                List.of(KEY.publicKey()), "https://shop.example", List.of(), List.of(), true, List.of());
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        KeyDirectory strangers = KeyDirectory.of(ReferenceVector.ORIGIN, List.of(stranger.publicKey()));
        KeyDirectory noRelease = KeyDirectory.of(
                ReferenceVector.ORIGIN,
                List.of(KEY.withRoles(Set.of(Role.RECEIPT)).publicKey()));

        assertThat(rejected(() -> STATEMENT.verify(ReferenceVector.DIRECTORY, "other", NOW)))
                .isEqualTo(Reason.WRONG_CHALLENGE);
        assertThat(rejected(() -> STATEMENT.verify(shop, ID, NOW))).isEqualTo(Reason.WRONG_RECIPIENT);
        assertThat(rejected(() -> STATEMENT.verify(strangers, ID, NOW))).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(rejected(() -> STATEMENT.verify(noRelease, ID, NOW))).isEqualTo(Reason.WRONG_ROLE);
    }

    @Test
    @Requirement("T18")
    void verify_challengeSignatureAsRelease_rejected() {
        ReleaseStatement forged =
                new ReleaseStatement(ID, STATEMENT.recipient(), STATEMENT.timestamp(), null, ReferenceVector.JWS);

        assertThat(rejected(() -> forged.verify(ReferenceVector.DIRECTORY, ID, NOW)))
                .isEqualTo(Reason.WRONG_TYPE);
    }

    @Test
    void parse_broken_malformed() {
        @Nullable
        Object[][] changes = {
            {"outcome", "captured"},
            {"outcome", null},
            {"challengeId", 1L},
            {"recipient", "https://api.example.com/"},
            {"recipient", "x"},
            {"timestamp", "yesterday"},
            {"timestamp", 1L},
            {"jws", null},
            {"serials", null},
            {"serials", ""},
            {"serials", 1L},
            {"serials", SERIAL + " "},
            {"serials", SERIAL + "," + SERIAL},
            {"serials", String.join(" ", Collections.nCopies(33, SERIAL))}
        };
        for (@Nullable Object[] change : changes) {
            Map<String, @Nullable Object> members = new HashMap<>(STATEMENT.toMembers());
            members.put(String.valueOf(change[0]), change[1]);

            assertThatThrownBy(() -> ReleaseStatement.parse(members)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    @Requirement("F-OU-24")
    void parseField_longerThanAnyStatement_malformed() {
        assertThatThrownBy(() -> ReleaseStatement.parseField("A".repeat(4100)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("4096");
    }

    @Property
    @Requirement("F-OU-24")
    void parseField_anyText_malformedOnly(@ForAll String text) {
        assertThatThrownBy(() -> ReleaseStatement.parseField(text)).isInstanceOf(MalformedException.class);
    }

    @Property
    void parse_anyText_malformedOnly(@ForAll String text) {
        assertThatThrownBy(() -> ReleaseStatement.parse(text)).isInstanceOf(MalformedException.class);
    }
}
