package org.farthing.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.MemberChanges.Change;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** What an issuer publishes, and what of it nobody can twist. */
@Requirement("F-TK-18")
class IssuerDirectoryTest {

    private static final Instant T0 = Instant.ofEpochSecond(1_795_305_600L);
    private static final Origin ISSUER = new Origin("https://issuer.example");
    private static final List<Bundle> BUNDLES = List.of(Bundle.of(Map.of(1L, 4, 2L, 3)), Bundle.of(Map.of(2L, 50)));
    private static final IssuerDirectory DIRECTORY = IssuerDirectory.of(
            ISSUER,
            IssuerLinks.at(ISSUER),
            List.of(
                    PublishedKeyTest.key(0, 1, T0),
                    PublishedKeyTest.key(1, 2, T0),
                    PublishedKeyTest.key(2, 1, T0.plusSeconds(5))),
            BUNDLES);

    private static IssuerDirectory parse(String json) throws MalformedException {
        return IssuerDirectory.parse(json.getBytes(UTF_8));
    }

    @Test
    @Requirement({"F-TK-22", "T58"})
    void parse_ofItsOwnBytes_readsBackWithTheSameHash() throws Exception {
        IssuerDirectory read = IssuerDirectory.parse(DIRECTORY.bytes());

        assertThat(read).isEqualTo(DIRECTORY);
        assertThat(read.keys()).isEqualTo(DIRECTORY.keys());
        assertThat(read.bundles()).isEqualTo(BUNDLES);
        assertThat(read.links()).isEqualTo(IssuerLinks.at(ISSUER));
        assertThat(read.format()).isEqualTo(DIRECTORY.format());
        assertThat(read.hash()).isEqualTo(Base64Url.encode(Sha256.of(DIRECTORY.bytes())));
    }

    /** The hash is of what arrived, not of what was understood: one space more is another directory. */
    @Test
    @Requirement({"F-TK-22", "T58"})
    void hash_sameMembersOtherBytes_differs() throws Exception {
        IssuerDirectory spaced = parse(" " + DIRECTORY.format());

        assertThat(spaced.keys()).isEqualTo(DIRECTORY.keys());
        assertThat(spaced.hash()).isNotEqualTo(DIRECTORY.hash());
        assertThat(spaced).isNotEqualTo(DIRECTORY);
    }

    @Test
    void lookups_byIdTruncatedIdAndValue_find() {
        PublishedKey first = DIRECTORY.keys().get(0);
        int truncated = first.key().truncatedId();

        assertThat(DIRECTORY.key(first.key().keyId())).contains(first);
        assertThat(DIRECTORY.key(TestTokenKeys.publicKey(5).keyId())).isEmpty();
        assertThat(DIRECTORY.keyByTruncated(truncated, T0)).contains(first);
        assertThat(DIRECTORY.keyByTruncated(truncated, T0.plusSeconds(11))).isEmpty();
        assertThat(DIRECTORY.keyByTruncated(truncated)).contains(first);
        assertThat(DIRECTORY.keyOfValue(1, T0)).contains(first);
        assertThat(DIRECTORY.keyOfValue(1, T0.plusSeconds(6)))
                .contains(DIRECTORY.keys().get(2));
        assertThat(DIRECTORY.keyOfValue(4, T0)).isEmpty();
        assertThat(DIRECTORY.currency().text()).isEqualTo("usd.e4");
    }

    @Test
    @Requirement("F-TK-9")
    void parse_twoKeysWithOneTruncatedId_malformed() {
        String key = TestKeysText.member(DIRECTORY.format());
        String twice = DIRECTORY.format().replace("\"token-keys\":[", "\"token-keys\":[" + key + ",");

        assertFault(Fault.DUPLICATE, "issuerDirectory.token-keys", () -> parse(twice));
    }

    /** Finds the text of the first key. */
    private static final class TestKeysText {
        static String member(String json) {
            int start = json.indexOf("\"token-keys\":[") + "\"token-keys\":[".length();
            return json.substring(start, json.indexOf('}', start) + 1);
        }
    }

    @Test
    void parse_keysOfOthers_areLeftOut() throws Exception {
        String more = DIRECTORY
                .format()
                .replace(
                        "\"token-keys\":[",
                        "\"token-keys\":[{\"token-type\":1,\"token-key\":\"AA\"},{\"token-type\":2,\"token-key\":\"??\"},"
                                + "{\"token-type\":55898},");

        assertThat(parse(more).keys()).isEqualTo(DIRECTORY.keys());
        String none = DIRECTORY.format().replace("\"token-type\":2", "\"token-type\":1");
        assertFault(Fault.VALUE, () -> parse(none));
    }

    @Test
    @Requirement("F-TK-4")
    void parse_tokenKeyPaddedOrNot_isTheSameKey() {
        assertThat(DIRECTORY.format())
                .contains(Base64Url.encode(TestTokenKeys.publicKey(0).spki()));
        String bad = DIRECTORY.format().replace("\"token-key\":\"MII", "\"token-key\":\"==MII");
        assertFault(Fault.ENCODING, () -> parse(bad));
    }

    @Test
    @Requirement("F-TK-22")
    void links_toAnotherOrigin_areRefused() {
        for (String link : new String[] {
            "https://evil.example/token-swap",
            "https://issuer.example.evil/token-swap",
            "https://issuer.example:444/token-swap",
            "http://issuer.example/token-swap",
            "/token-swap",
            "https://issuer.example",
            "https://issuer.example/a b",
            "https://issuer.example/#x"
        }) {
            String json = DIRECTORY.format().replace("https://issuer.example/token-swap", link);
            assertFault(Fault.VALUE, "issuerDirectory.swap-uri", () -> parse(json));
        }
    }

    @Test
    void of_keysThatDoNotGoTogether_areRefused() {
        PublishedKey one = PublishedKeyTest.key(0, 1, T0);
        PublishedKey euro = new PublishedKey(
                TestTokenKeys.publicKey(1),
                Amount.of(1),
                new CurrencyId("eur"),
                one.notBefore(),
                one.notAfter(),
                one.spendUntil(),
                one.redeemUntil(),
                one.swapUntil());
        for (List<PublishedKey> keys : List.of(List.<PublishedKey>of(), List.of(one, one), List.of(one, euro))) {
            assertThatThrownBy(() -> IssuerDirectory.of(ISSUER, IssuerLinks.at(ISSUER), keys, BUNDLES))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Whoever runs a mint reads in the fault which of 256 keys is wrong, and what about it. */
    @Test
    @Requirement({"F-TK-19", "T69"})
    void parse_deadlinesOutOfOrderOrSumsWrong_faultSaysWhichAndWhat() {
        String late = DIRECTORY.format().replaceFirst("\"spend-until\":[0-9]+", "\"spend-until\":1");
        assertThatThrownBy(() -> parse(late))
                .isInstanceOf(MalformedException.class)
                .hasMessage("VALUE at issuerDirectory.token-keys.0: not-after is before spend-until");
        String sum = DIRECTORY.format().replace("{\"amount\":\"10\"", "{\"amount\":\"9\"");
        assertThatThrownBy(() -> parse(sum))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("VALUE at issuerDirectory.bundles.0: ")
                .hasMessageContaining("add up to 10, not to its 9");
    }

    /** What is published can be read: a mint whose directory is too long must hear of it before its buyers do. */
    @Test
    @Requirement("F-TK-21")
    void of_moreBundlesOrBytesThanReadersTake_isRefused() throws Exception {
        List<Bundle> most = Collections.nCopies(256, BUNDLES.get(0));
        List<Bundle> more = Collections.nCopies(257, BUNDLES.get(0));

        assertThat(parse(IssuerDirectory.of(ISSUER, IssuerLinks.at(ISSUER), DIRECTORY.keys(), most)
                                .format())
                        .bundles())
                .hasSize(256);
        assertThatThrownBy(() -> IssuerDirectory.of(ISSUER, IssuerLinks.at(ISSUER), DIRECTORY.keys(), more))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 bundles");
        Map<Long, Integer> wide = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            wide.put(1_000_000_000_000_000L + i, 1);
        }
        List<Bundle> long64 = Collections.nCopies(256, Bundle.of(wide));
        assertThatThrownBy(() -> IssuerDirectory.of(ISSUER, IssuerLinks.at(ISSUER), DIRECTORY.keys(), long64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("262144 bytes");
    }

    @Test
    @Requirement({"F-TK-21", "T29"})
    void bundles_thatDoNotAddUp_areRefused() {
        for (String amount : List.of("9", "11", "0")) {
            String json = DIRECTORY.format().replace("{\"amount\":\"10\"", "{\"amount\":\"" + amount + "\"");
            assertFault(Fault.VALUE, () -> parse(json));
        }
        assertThatThrownBy(() -> Bundle.of(Map.of(1L, 257))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bundle.of(Map.of(1L, 0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bundle.of(Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bundle.of(Map.of(Long.MAX_VALUE, 2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bundle.of(Map.of(Amount.MAX.baseUnits(), 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Bundle.of(Map.of(1L, 4, 2L, 3)).count()).isEqualTo(7);
    }

    /** Every single change: refused, or of no meaning; a member can be missing only if its key is none of ours then. */
    @Test
    void parse_anyMemberChanged_refusedOrIgnored() {
        for (Change change : MemberChanges.of(DIRECTORY.format())) {
            boolean foreign =
                    change.path().endsWith(".token-type") || change.path().endsWith(".value");
            try {
                IssuerDirectory read = parse(change.json());
                assertThat(change.kind() == MemberChanges.Kind.ADDED
                                || (foreign && read.keys().size() == 2))
                        .as(change.kind() + " " + change.path())
                        .isTrue();
            } catch (MalformedException e) {
                assertThat(Set.of(Fault.MISSING, Fault.TYPE, Fault.VALUE, Fault.ENCODING, Fault.NOT_CANONICAL))
                        .as(change.path())
                        .contains(e.fault());
            }
        }
    }
}
