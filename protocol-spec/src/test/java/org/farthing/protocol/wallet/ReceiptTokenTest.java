package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
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

@Requirement({"F-RT-2", "F-RT-3", "F-RT-10", "F-RT-11"})
class ReceiptTokenTest {

    private static final SigningKey KEY =
            SigningKey.generate(Algorithm.ED25519, "w-1", new SecureRandom()).withRoles(Set.of(Role.RECEIPT_TOKEN));
    private static final Origin SERVICE = new Origin("https://wallet.example");
    private static final Instant NOW = ReferenceVector.NOW;
    private static final String TOKEN_ID = "AAECAwQFBgcICQoLDA0ODw";
    private static final Challenge CHALLENGE = challenge("https://wallet.example https://pay.example.org");
    private static final ReceiptToken.Expectations EXPECTED =
            new ReceiptToken.Expectations(CHALLENGE, ReceiptToken.Expectations.DEFAULT_CAPTURE_WINDOW);

    private static Challenge challenge(String providers) {
        String request = Base64Url.encodeUtf8("{\"amount\":\"2500\",\"currency\":\"usd.e6\",\"methodDetails\":"
                + "{\"capture\":\"exact\",\"providers\":\"" + providers
                + "\"},\"recipient\":\"https://api.example.com\"}");
        ChallengeTerms t = ReferenceVector.CHALLENGE.terms();
        return new Challenge(
                "GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg",
                new ChallengeTerms(t.realm(), "wallet", "charge", request, t.expires(), t.digest(), t.opaque(), null),
                null,
                null);
    }

    private static ReceiptClaims claims() throws MalformedException {
        return ReceiptClaims.forChallenge(CHALLENGE, SERVICE, TOKEN_ID, NOW, ReceiptClaims.DEFAULT_HOLD);
    }

    @Test
    void issue_forChallenge_verifies() throws Exception {
        ReceiptToken issued = ReceiptToken.issue(KEY, claims());
        Credential sent = Credential.of(CHALLENGE, null, issued.toPayload());

        ReceiptToken received = ReceiptToken.parse(Credential.parse(sent.format()));

        received.verify(KEY.publicKey(), EXPECTED, NOW);
        assertThat(received.claims()).isEqualTo(claims());
        assertThat(received.kid()).isEqualTo("w-1");
        assertThat(received.format()).isEqualTo(issued.format());
    }

    @Test
    void forChallenge_claims_fromTheChallenge() throws Exception {
        ReceiptClaims claims = claims();

        assertThat(claims.audience()).isEqualTo("https://api.example.com");
        assertThat(claims.expiresAt()).isEqualTo(NOW.plusSeconds(300));
        assertThat(claims.holdExpiresAt()).isEqualTo(NOW.plusSeconds(3900));
        assertThat(claims.challengeHash()).isEqualTo(ReceiptClaims.hash(CHALLENGE));
        assertThat(ReceiptClaims.hash(ReferenceVector.CHALLENGE))
                .isEqualTo("XZOdu7Aeo6Xs5itDw6rFQTmA4wtrgnsbBQh9wMyRj-U");
        ReceiptClaims late = ReceiptClaims.forChallenge(
                CHALLENGE, SERVICE, TOKEN_ID, NOW.plusSeconds(200), ReceiptClaims.DEFAULT_HOLD);
        assertThat(late.expiresAt()).isEqualTo(NOW.plusSeconds(300));
        assertThatThrownBy(() -> ReceiptClaims.forChallenge(
                        CHALLENGE, SERVICE, TOKEN_ID, NOW.plusSeconds(301), ReceiptClaims.DEFAULT_HOLD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** One claim at a time is not what the payee expects. */
    @ParameterizedTest
    @CsvSource({
        "iss, https://evil.example, WRONG_ISSUER",
        "iss, https://wallet.example:8443, WRONG_ISSUER",
        "aud, https://other.example, WRONG_AUDIENCE",
        "cid, other, WRONG_CHALLENGE",
        "ch, XZOdu7Aeo6Xs5itDw6rFQTmA4wtrgnsbBQh9wMyRj-U, WRONG_CHALLENGE",
        "amount, 2499, TOO_LITTLE",
        "amount, 2501, WRONG_AMOUNT",
        "currency, usd.e5, WRONG_AMOUNT",
    })
    @Requirement({"F-RT-12", "F-RT-13", "F-RT-15", "F-RT-16", "T5", "T30"})
    void verify_signedButForSomethingElse_rejected(String claim, String value, Reason reason) throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put(claim, value);

        assertThat(rejected(() -> signed(claims).verify(KEY.publicKey(), EXPECTED, NOW)))
                .isEqualTo(reason);
    }

    @Test
    @Requirement({"F-RT-14", "T16"})
    void verify_times_skewOfThirtySeconds() throws Exception {
        ReceiptToken token = ReceiptToken.issue(KEY, claims());

        token.verify(KEY.publicKey(), EXPECTED, NOW.minusSeconds(30));
        token.verify(KEY.publicKey(), shortWindow(), NOW.plusSeconds(329));
        assertThat(rejected(() -> token.verify(KEY.publicKey(), EXPECTED, NOW.minusSeconds(31))))
                .isEqualTo(Reason.NOT_YET_VALID);
        assertThat(rejected(() -> token.verify(KEY.publicKey(), shortWindow(), NOW.plusSeconds(330))))
                .isEqualTo(Reason.EXPIRED);
    }

    @Test
    @Requirement({"F-RT-14", "T16"})
    void verify_lifetimeOver300SecondsOrBeyondChallenge_rejected() throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put("iat", NOW.getEpochSecond() - 1);
        assertThat(rejected(() -> signed(claims).verify(KEY.publicKey(), EXPECTED, NOW)))
                .isEqualTo(Reason.TOO_LONG_LIVED);

        claims.put("iat", NOW.getEpochSecond() + 10);
        claims.put("exp", NOW.getEpochSecond() + 301);
        assertThat(rejected(() -> signed(claims).verify(KEY.publicKey(), EXPECTED, NOW)))
                .isEqualTo(Reason.TOO_LONG_LIVED);
    }

    @Test
    @Requirement("F-RT-17")
    void verify_holdShorterThanCaptureWindow_rejected() throws Exception {
        ReceiptToken token = ReceiptToken.issue(KEY, claims());

        token.verify(KEY.publicKey(), EXPECTED, NOW.plusSeconds(300));
        assertThat(rejected(() -> token.verify(KEY.publicKey(), EXPECTED, NOW.plusSeconds(301))))
                .isEqualTo(Reason.HOLD_TOO_SHORT);
    }

    @Test
    void verify_challengeWithoutProviders_rejected() throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put("ch", ReceiptClaims.hash(ReferenceVector.CHALLENGE));
        ReceiptToken.Expectations embedded =
                new ReceiptToken.Expectations(ReferenceVector.CHALLENGE, Duration.ofHours(1));

        assertThat(rejected(() -> signed(claims).verify(KEY.publicKey(), embedded, NOW)))
                .isEqualTo(Reason.WRONG_ISSUER);
    }

    @Test
    @Requirement("F-RT-4")
    void verify_proofOfPossessionAsked_rejected() throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put("cnf", Map.of("jkt", KEY.publicKey().thumbprint()));

        assertThat(rejected(() -> signed(claims).verify(KEY.publicKey(), EXPECTED, NOW)))
                .isEqualTo(Reason.UNSUPPORTED);
    }

    /** Whoever steals a payee's challenge key cannot mint money with it. */
    @Test
    @Requirement("T75")
    void verify_keyWithoutTheRole_rejected() throws Exception {
        SigningKey payee = KEY.withRoles(Set.of(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE));
        ReceiptToken token = ReceiptToken.issue(KEY, claims());

        assertThatThrownBy(() -> ReceiptToken.issue(payee, claims())).isInstanceOf(IllegalArgumentException.class);
        assertThat(rejected(() -> token.verify(payee.publicKey(), EXPECTED, NOW)))
                .isEqualTo(Reason.WRONG_ROLE);
    }

    @Test
    @Requirement("T18")
    void verify_walletRequestAsToken_rejected() throws Exception {
        ReceiptToken disguised =
                ReceiptToken.parse(CompactJws.sign(KEY, ArtifactType.WALLET_REQUEST, claims().toMap()));

        assertThat(rejected(() -> disguised.verify(KEY.publicKey(), EXPECTED, NOW)))
                .isEqualTo(Reason.WRONG_TYPE);
    }

    @ParameterizedTest
    @CsvSource({"iss", "aud", "jti", "iat", "exp", "hold_exp", "cid", "ch", "amount", "currency"})
    void parse_claimMissingOrOfWrongType_malformed(String claim) throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        for (@Nullable Object wrong : new @Nullable Object[] {null, true, List.of("x"), 1.5, -1L, ""}) {
            claims.put(claim, wrong);
            assertThatThrownBy(() -> signed(claims)).as(claim + " " + wrong).isInstanceOf(MalformedException.class);
        }
        claims.remove(claim);
        assertThatThrownBy(() -> signed(claims))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("receipt." + claim);
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://wallet.example/",
        "iss, wallet.example",
        "aud, https://API.example.com",
        "jti, AAEC",
        "jti, AAECAwQFBgcICQoLDA0ODx",
        "ch, AAEC",
        "sub, x",
        "amount, 02500",
        "amount, 2500.0",
        "currency, USD",
        "iat, 1795341900",
        "exp, 1795341900"
    })
    void parse_claimAgainstItsRule_malformed(String claim, String value) throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put(claim, value);

        assertThatThrownBy(() -> signed(claims)).isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_timesOutOfOrder_malformed() throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put("hold_exp", NOW.getEpochSecond() + 299);
        assertThatThrownBy(() -> signed(claims)).isInstanceOf(MalformedException.class);
        claims.put("exp", NOW.getEpochSecond() - 1);
        assertThatThrownBy(() -> signed(claims)).isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_unknownClaimsAndOptionalOnes_kept() throws Exception {
        Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
        claims.put("sub", KEY.publicKey().thumbprint());
        claims.put("future", List.of(1L));
        ReceiptToken token = signed(claims);

        assertThat(token.claims().subject()).isEqualTo(KEY.publicKey().thumbprint());
        token.verify(KEY.publicKey(), EXPECTED, NOW);
    }

    @Test
    @Requirement("F-RT-1")
    void parse_otherPayload_malformed() {
        for (Map<String, Object> payload : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("type", "order", "receipt", "x"),
                Map.of("type", "receipt"),
                Map.of("type", "receipt", "receipt", 1L),
                Map.of("type", "receipt", "receipt", "x"))) {
            assertThatThrownBy(() -> ReceiptToken.parse(Credential.of(CHALLENGE, null, payload)))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void claims_brokenByProgram_refused() throws Exception {
        ReceiptClaims good = claims();

        assertThatThrownBy(() -> new ReceiptClaims(
                        good.issuer(),
                        good.audience(),
                        "short",
                        good.issuedAt(),
                        good.expiresAt(),
                        good.holdExpiresAt(),
                        good.challengeId(),
                        good.challengeHash(),
                        Amount.ZERO,
                        new CurrencyId("usd"),
                        null,
                        null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"T38", "S40"})
    void toString_token_noSignatureAndNoClaimsOfThePayer() throws Exception {
        ReceiptToken token = ReceiptToken.issue(KEY, claims());

        assertThat(token.toString())
                .isEqualTo("ReceiptToken[challenge=" + CHALLENGE.id() + ", issuer=https://wallet.example]");
    }

    @Property
    void parse_anyText_malformedOnly(@ForAll String text) {
        assertThatThrownBy(() -> ReceiptToken.parse(text)).isInstanceOf(MalformedException.class);
    }

    @Property(tries = 300)
    void parse_anyClaimText_malformedOrKept(@ForAll String text) throws Exception {
        String value = text.replaceAll("[\\ud800-\\udfff]", "?");
        for (String claim : new String[] {"iss", "aud", "jti", "cid", "ch", "amount", "currency", "sub"}) {
            Map<String, @Nullable Object> claims = new HashMap<>(claims().toMap());
            claims.put(claim, value);
            try {
                assertThat(signed(claims).claims().toMap()).containsEntry(claim, value);
            } catch (MalformedException e) {
                assertThat(e.where()).startsWith("receipt");
            }
        }
    }

    private static ReceiptToken.Expectations shortWindow() {
        return new ReceiptToken.Expectations(CHALLENGE, Duration.ofMinutes(1));
    }

    private static ReceiptToken signed(Map<String, @Nullable Object> claims) throws MalformedException {
        return ReceiptToken.parse(CompactJws.sign(KEY, ArtifactType.RECEIPT_TOKEN, claims));
    }
}
