package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-WR-1", "F-WR-3", "F-WR-4"})
class WalletRequestTest {

    private static final SigningKey KEY = ReferenceVector.KEY;
    private static final Origin LEDGER = ReferenceVector.ORIGIN;
    private static final String WALLET = "w_kPrK_qmxVWaYVA9wwBF6Ig";
    private static final RequestTarget TARGET = RequestTarget.of("GET", LEDGER, "/v1/wallets/" + WALLET, null);
    private static final String ID = "AAECAwQFBgcICQoLDA0ODw";
    private static final byte[] NONE = new byte[0];

    /** The moment of the example in spec/wallet-request.md. */
    private static final Instant NOW = Instant.ofEpochSecond(1_795_341_900);

    private static String token() {
        return WalletRequest.sign(KEY, WALLET, LEDGER, TARGET, NONE, NOW, ID);
    }

    @Test
    void sign_exampleOfTheSpecification_sameClaims() throws Exception {
        Map<String, Object> expected = Map.of(
                "aud",
                "https://api.example.com",
                "bh",
                "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                "exp",
                1_795_341_960L,
                "htm",
                "GET",
                "htu",
                "https://api.example.com/v1/wallets/w_kPrK_qmxVWaYVA9wwBF6Ig",
                "iat",
                1_795_341_900L,
                "iss",
                WALLET,
                "jti",
                ID);

        assertThat(CompactJws.parse(token()).claims()).isEqualTo(expected);
        WalletRequest request = WalletRequest.parse(token());
        assertThat(request.issuer()).isEqualTo(WALLET);
        assertThat(request.tokenId()).isEqualTo(ID);
        assertThat(request.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW);
    }

    @Test
    void sign_bodyAndQuery_bound() throws Exception {
        RequestTarget target = RequestTarget.of("POST", LEDGER, "/v1/payments", "a=1");
        byte[] body = "{}".getBytes(UTF_8);
        WalletRequest request =
                WalletRequest.parse(WalletRequest.sign(KEY, "https://shop.example", LEDGER, target, body, NOW, ID));

        request.verify(KEY.publicKey(), LEDGER, target, body, NOW);
        for (RequestTarget other : new RequestTarget[] {
            RequestTarget.of("PUT", LEDGER, "/v1/payments", "a=1"),
            RequestTarget.of("POST", LEDGER, "/v1/payments", "a=2"),
            RequestTarget.of("POST", LEDGER, "/v1/payments", null),
            RequestTarget.of("POST", LEDGER, "/v1/refunds", "a=1"),
            RequestTarget.of("POST", new Origin("https://other.example"), "/v1/payments", "a=1")
        }) {
            assertThat(rejected(() -> request.verify(KEY.publicKey(), LEDGER, other, body, NOW)))
                    .isEqualTo(Reason.WRONG_AUDIENCE);
        }
        assertThat(rejected(() -> request.verify(KEY.publicKey(), LEDGER, target, NONE, NOW)))
                .isEqualTo(Reason.WRONG_AUDIENCE);
        assertThat(rejected(
                        () -> request.verify(KEY.publicKey(), new Origin("https://other.example"), target, body, NOW)))
                .isEqualTo(Reason.WRONG_AUDIENCE);
    }

    @Test
    void sign_namedKey_walletByThumbprintPayeeByName() throws Exception {
        SigningKey named = KEY.withKid("2026-11a");

        WalletRequest ofWallet = WalletRequest.parse(WalletRequest.sign(named, WALLET, LEDGER, TARGET, NONE, NOW, ID));
        WalletRequest ofPayee =
                WalletRequest.parse(WalletRequest.sign(named, "https://shop.example", LEDGER, TARGET, NONE, NOW, ID));

        assertThat(ofWallet.kid()).isEqualTo(KEY.publicKey().thumbprint());
        assertThat(ofPayee.kid()).isEqualTo("2026-11a");
        ofWallet.verify(named.publicKey(), LEDGER, TARGET, NONE, NOW);
        ofPayee.verify(named.publicKey(), LEDGER, TARGET, NONE, NOW);
    }

    @Test
    void verify_times_skewOfThirtySeconds() throws Exception {
        WalletRequest request = WalletRequest.parse(token());

        request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW.minusSeconds(30));
        request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW.plusSeconds(89));
        assertThat(rejected(() -> request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW.minusSeconds(31))))
                .isEqualTo(Reason.NOT_YET_VALID);
        assertThat(rejected(() -> request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW.plusSeconds(90))))
                .isEqualTo(Reason.EXPIRED);
    }

    @Test
    void verify_lifetimeOverAMinute_rejected() throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(token()).claims());
        claims.put("exp", NOW.getEpochSecond() + 61);
        WalletRequest request = WalletRequest.parse(CompactJws.sign(KEY, ArtifactType.WALLET_REQUEST, claims));

        assertThat(rejected(() -> request.verify(KEY.publicKey(), LEDGER, TARGET, NONE, NOW)))
                .isEqualTo(Reason.TOO_LONG_LIVED);
    }

    @Test
    @Requirement("T18")
    void verify_otherKeyOrType_rejected() throws Exception {
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        SigningKey service = KEY.withRoles(Set.of(Role.RECEIPT_TOKEN));
        WalletRequest disguised = WalletRequest.parse(CompactJws.sign(
                service, ArtifactType.RECEIPT_TOKEN, CompactJws.parse(token()).claims()));

        assertThat(rejected(() -> WalletRequest.parse(token()).verify(stranger.publicKey(), LEDGER, TARGET, NONE, NOW)))
                .isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(rejected(() -> disguised.verify(service.publicKey(), LEDGER, TARGET, NONE, NOW)))
                .isEqualTo(Reason.WRONG_TYPE);
    }

    @ParameterizedTest
    @CsvSource({"iss", "aud", "htm", "htu", "bh", "iat", "exp", "jti"})
    void parse_claimMissingOrOfWrongType_malformed(String claim) throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(token()).claims());
        for (@Nullable Object wrong : new @Nullable Object[] {null, true, List.of("x"), 1.5}) {
            claims.put(claim, wrong);
            assertThatThrownBy(() -> WalletRequest.parse(CompactJws.sign(KEY, ArtifactType.WALLET_REQUEST, claims)))
                    .isInstanceOf(MalformedException.class);
        }
        claims.remove(claim);
        assertThatThrownBy(() -> WalletRequest.parse(CompactJws.sign(KEY, ArtifactType.WALLET_REQUEST, claims)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("walletRequest." + claim);
    }

    @ParameterizedTest
    @CsvSource({"iss, w_", "iss, https://x.example/", "iss, alice", "bh, AAEC", "jti, AAEC", "jti, x"})
    void parse_claimAgainstItsRule_malformed(String claim, String value) throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(token()).claims());
        claims.put(claim, value);

        assertThatThrownBy(() -> WalletRequest.parse(CompactJws.sign(KEY, ArtifactType.WALLET_REQUEST, claims)))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    @Requirement({"T38", "F-WR-8"})
    void toString_request_noSignature() throws Exception {
        assertThat(WalletRequest.parse(token()).toString())
                .isEqualTo("WalletRequest[issuer=" + WALLET + ", kid="
                        + KEY.publicKey().thumbprint() + "]");
    }

    @Property
    void parse_anyText_malformedOnly(@ForAll String text) {
        assertThatThrownBy(() -> WalletRequest.parse(text)).isInstanceOf(MalformedException.class);
    }
}
