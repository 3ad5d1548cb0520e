package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Requirement({"F-SG-30", "F-SG-31", "F-SG-32", "F-SG-33", "F-SG-34", "F-SG-35", "C4", "C14"})
class ChallengeVerifierTest {

    private static final SigningKey KEY = ReferenceVector.KEY;
    private static final SigningKey EVIL_KEY = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    private static final Origin EVIL = new Origin("https://evil.example");
    private static final Origin SHOP = new Origin("https://shop.example");
    private static final String NONCE = "AAECAwQFBgcICQoLDA0ODw";
    private static final Instant NOW = ReferenceVector.NOW;

    @Test
    void verify_referenceVector_accepted() throws Exception {
        verify(ReferenceVector.CHALLENGE, ReferenceVector.DIRECTORY);
        verify(ReferenceVector.CHALLENGE.withDescription("anything at all"), ReferenceVector.DIRECTORY);
    }

    @Test
    void sign_referenceVector_sameChallenge() {
        Challenge unsigned =
                new Challenge(ReferenceVector.CHALLENGE.id(), ReferenceVector.CHALLENGE.terms(), null, null);

        assertThat(ChallengeSigner.sign(KEY, unsigned)).isEqualTo(ReferenceVector.CHALLENGE);
    }

    @Test
    void sign_keyWithoutTheRole_refused() {
        assertThatThrownBy(() ->
                        ChallengeSigner.sign(KEY.withRoles(Set.of(Role.RECEIPT_TOKEN)), ReferenceVector.CHALLENGE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("T74")
    void verify_signatureStripped_rejected() {
        Challenge stripped =
                new Challenge(ReferenceVector.CHALLENGE.id(), ReferenceVector.CHALLENGE.terms(), null, null);

        assertThat(rejected(() -> verify(stripped, ReferenceVector.DIRECTORY))).isEqualTo(Reason.UNSIGNED);
        assertThat(rejected(() -> verify(stripped.withJws("x"), ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.MALFORMED);
    }

    @Property(tries = 100)
    void verify_anySignedMemberChanged_rejected(@ForAll @IntRange(max = 7) int member) {
        ChallengeTerms t = ReferenceVector.CHALLENGE.terms();
        @Nullable
        String[] m = {
            ReferenceVector.CHALLENGE.id(), t.realm(), t.method(), t.intent(), t.expires(), t.digest(), t.opaque(), null
        };
        m[member] = m[member] + (member == 2 ? "x" : "1");
        Challenge changed = new Challenge(
                "" + m[0],
                new ChallengeTerms("" + m[1], "" + m[2], "" + m[3], t.request(), m[4], m[5], m[6], m[7]),
                null,
                ReferenceVector.JWS);

        assertThat(rejected(() -> verify(changed, ReferenceVector.DIRECTORY))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    @Requirement({"T8", "T25"})
    void verify_cheaperOrDearerRequest_rejected() {
        String dear = Base64Url.encodeUtf8("{\"amount\":\"9500\",\"currency\":\"usd.e6\","
                + "\"methodDetails\":{\"capture\":\"exact\"},\"recipient\":\"https://api.example.com\"}");
        Challenge changed = new Challenge(
                ReferenceVector.CHALLENGE.id(),
                terms("api.example.com", dear, expires(300), ReferenceVector.CHALLENGE.opaque()),
                null,
                ReferenceVector.JWS);

        assertThat(rejected(() -> verify(changed, ReferenceVector.DIRECTORY))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    /** Somebody shows the payer a good challenge of another payee, under his own origin. */
    @Test
    @Requirement("T15")
    void verify_challengeRelayedUnderAnotherOrigin_rejected() {
        RequestTarget there = RequestTarget.of("POST", EVIL, "/v1/summaries", "lang=en");
        KeyDirectory own = KeyDirectory.of(EVIL, List.of(EVIL_KEY.publicKey()));
        KeyDirectory borrowing = new KeyDirectory(
                List.of(KEY.publicKey()),
                EVIL.text(),
                List.of(EVIL.text()),
                List.of("api.example.com", "evil.example"),
                true,
                List.of());

        assertThat(rejected(() -> ChallengeVerifier.verify(ReferenceVector.CHALLENGE, there, own, null, NOW)))
                .isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(rejected(() -> ChallengeVerifier.verify(ReferenceVector.CHALLENGE, there, borrowing, null, NOW)))
                .isEqualTo(Reason.WRONG_BINDING);
        assertThat(rejected(() -> ChallengeVerifier.verify(
                        ReferenceVector.CHALLENGE, there, ReferenceVector.DIRECTORY, null, NOW)))
                .isEqualTo(Reason.WRONG_ORIGIN);
    }

    @Test
    @Requirement({"T4", "T7"})
    void verify_forAnotherRequestOfTheSameOrigin_rejected() {
        for (RequestTarget target : new RequestTarget[] {
            RequestTarget.of("POST", ReferenceVector.ORIGIN, "/v1/books", "lang=en"),
            RequestTarget.of("POST", ReferenceVector.ORIGIN, "/v1/summaries", null),
            RequestTarget.of("GET", ReferenceVector.ORIGIN, "/v1/summaries", "lang=en")
        }) {
            assertThat(rejected(() -> ChallengeVerifier.verify(
                            ReferenceVector.CHALLENGE, target, ReferenceVector.DIRECTORY, null, NOW)))
                    .isEqualTo(Reason.WRONG_BINDING);
        }
    }

    @Test
    void verify_routeMode_originDecides() throws Exception {
        String request = request("https://api.example.com");
        String here =
                Opaque.route(NONCE, "summaries", ReferenceVector.ORIGIN.text()).format();
        String elsewhere = Opaque.route(NONCE, "summaries", EVIL.text()).format();

        verify(signed(KEY, terms("api.example.com", request, expires(300), here)), ReferenceVector.DIRECTORY);
        assertThat(rejected(() -> verify(
                        signed(KEY, terms("api.example.com", request, expires(300), elsewhere)),
                        ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.WRONG_BINDING);
    }

    @Test
    @Requirement("F-BI-23")
    void verify_realmMode_forSessionsOnly() throws Exception {
        String opaque = Opaque.realm(NONCE, ReferenceVector.ORIGIN.text()).format();
        ChallengeTerms charge = terms("api.example.com", request("https://api.example.com"), expires(300), opaque);
        ChallengeTerms session = new ChallengeTerms(
                charge.realm(), "wallet", "session", charge.request(), charge.expires(), null, opaque, null);

        verify(signed(KEY, session), ReferenceVector.DIRECTORY);
        assertThat(rejected(() -> verify(signed(KEY, charge), ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.WRONG_BINDING);
    }

    @Test
    void verify_opaqueMissingOrForeign_rejected() {
        String request = request("https://api.example.com");

        assertThat(rejected(() -> verify(
                        signed(KEY, terms("api.example.com", request, expires(300), null)), ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.WRONG_BINDING);
        assertThat(rejected(() -> verify(
                        signed(KEY, terms("api.example.com", request, expires(300), "e30")),
                        ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    @Requirement("T5")
    void verify_realmOfSomebodyElse_rejected() {
        Challenge other = signed(KEY, terms("bank.example", request("https://api.example.com"), expires(300), exact()));

        assertThat(rejected(() -> verify(other, ReferenceVector.DIRECTORY))).isEqualTo(Reason.WRONG_REALM);
    }

    @Test
    @Requirement("T16")
    void verify_times_expiredOrTooLongOrMissing() throws Exception {
        String request = request("https://api.example.com");
        verify(signed(KEY, terms("api.example.com", request, expires(1), exact())), ReferenceVector.DIRECTORY);
        verify(signed(KEY, terms("api.example.com", request, expires(630), exact())), ReferenceVector.DIRECTORY);

        assertThat(rejected(() -> verify(
                        signed(KEY, terms("api.example.com", request, expires(0), exact())),
                        ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.EXPIRED);
        assertThat(rejected(() -> verify(
                        signed(KEY, terms("api.example.com", request, expires(631), exact())),
                        ReferenceVector.DIRECTORY)))
                .isEqualTo(Reason.TOO_LONG_LIVED);
        for (@Nullable String expires : new @Nullable String[] {null, "never", ""}) {
            assertThat(rejected(() -> verify(
                            signed(KEY, terms("api.example.com", request, expires, exact())),
                            ReferenceVector.DIRECTORY)))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    @Requirement({"T36", "T37", "T75"})
    void verify_keyNotForThisNow_rejected() {
        VerificationKey key = KEY.withTimes(null, NOW.plusSeconds(1), null).publicKey();
        assertThat(rejected(() -> verify(ReferenceVector.CHALLENGE, directory(key))))
                .isEqualTo(Reason.KEY_NOT_ACTIVE);

        VerificationKey receipts = KEY.withRoles(Set.of(Role.RECEIPT)).publicKey();
        assertThat(rejected(() -> verify(ReferenceVector.CHALLENGE, directory(receipts))))
                .isEqualTo(Reason.WRONG_ROLE);

        VerificationKey sameName = EVIL_KEY.withKid(KEY.publicKey().kid()).publicKey();
        assertThat(rejected(() -> verify(ReferenceVector.CHALLENGE, directory(sameName))))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    @Requirement("F-KY-12")
    void verify_shopThatThePayeeVouchesFor_accepted() throws Exception {
        ChallengeVerifier.verify(shopChallenge(), shopTarget(), shopDirectory(), payeeThatLists(KEY), NOW);
    }

    @Test
    @Requirement({"F-KY-12", "T15"})
    void verify_shopThatThePayeeDoesNotVouchFor_rejected() {
        KeyDirectory anotherKeyOfThatName =
                payeeThatLists(EVIL_KEY.withKid(KEY.publicKey().kid()));
        KeyDirectory anotherPayee = new KeyDirectory(
                List.of(KEY.publicKey()), EVIL.text(), List.of(SHOP.text()), List.of(), true, List.of());

        for (@Nullable
        KeyDirectory ofRecipient :
                new @Nullable KeyDirectory[] {null, ReferenceVector.DIRECTORY, anotherKeyOfThatName, anotherPayee}) {
            assertThat(rejected(() ->
                            ChallengeVerifier.verify(shopChallenge(), shopTarget(), shopDirectory(), ofRecipient, NOW)))
                    .isEqualTo(Reason.WRONG_RECIPIENT);
        }
        assertThat(rejected(() -> ChallengeVerifier.verify(
                        shopChallenge(), shopTarget(), shopDirectory(), payeeThatLists(EVIL_KEY), NOW)))
                .isEqualTo(Reason.UNKNOWN_KEY);
    }

    @Test
    void verify_noRecipientOrNotCanonical_rejected() {
        Challenge none = signed(
                KEY,
                terms(
                        "api.example.com",
                        Base64Url.encodeUtf8("{\"amount\":\"1\",\"currency\":\"usd\"}"),
                        expires(300),
                        exact()));
        Challenge loose = signed(
                KEY,
                terms(
                        "api.example.com",
                        Base64Url.encodeUtf8(
                                "{\"currency\":\"usd\",\"amount\":\"1\",\"recipient\":\"https://api.example.com\"}"),
                        expires(300),
                        exact()));

        assertThat(rejected(() -> verify(none, ReferenceVector.DIRECTORY))).isEqualTo(Reason.WRONG_RECIPIENT);
        assertThat(rejected(() -> verify(loose, ReferenceVector.DIRECTORY))).isEqualTo(Reason.MALFORMED);
    }

    @Test
    @Requirement({"T13", "F-BI-33", "F-BI-34"})
    void verify_plainHttp_onlyOnLoopbackLiterals() throws Exception {
        ChallengeVerifier.verify(
                forOrigin("http://127.0.0.1:8402"),
                target("http://127.0.0.1:8402"),
                own("http://127.0.0.1:8402"),
                null,
                NOW);
        for (String plain : new String[] {"http://api.example.com", "http://localhost:8402", "http://10.0.0.1"}) {
            assertThat(rejected(() -> ChallengeVerifier.verify(forOrigin(plain), target(plain), own(plain), null, NOW)))
                    .isEqualTo(Reason.WRONG_ORIGIN);
        }
    }

    @Test
    @Requirement("F-BI-34")
    void verify_loopbackOriginForAnotherRecipient_rejected() {
        String loopback = "http://127.0.0.1:8402";
        Challenge challenge = signed(
                KEY,
                terms("127.0.0.1:8402", request("https://api.example.com"), expires(300), bound(target(loopback))));
        KeyDirectory payee = new KeyDirectory(
                List.of(KEY.publicKey()), "https://api.example.com", List.of(loopback), List.of(), true, List.of());

        assertThat(rejected(() -> ChallengeVerifier.verify(challenge, target(loopback), own(loopback), payee, NOW)))
                .isEqualTo(Reason.WRONG_RECIPIENT);
    }

    private static void verify(Challenge challenge, KeyDirectory directory) throws SignatureRejectedException {
        ChallengeVerifier.verify(challenge, ReferenceVector.TARGET, directory, null, NOW);
    }

    private static Challenge signed(SigningKey key, ChallengeTerms terms) {
        return ChallengeSigner.sign(key, new Challenge("id", terms, null, null));
    }

    private static ChallengeTerms terms(
            String realm, String request, @Nullable String expires, @Nullable String opaque) {
        return new ChallengeTerms(realm, "wallet", "charge", request, expires, null, opaque, null);
    }

    private static String request(String recipient) {
        return Base64Url.encodeUtf8(
                "{\"amount\":\"2500\",\"currency\":\"usd.e6\",\"recipient\":\"" + recipient + "\"}");
    }

    private static String expires(long seconds) {
        return NOW.plusSeconds(seconds).toString();
    }

    private static String exact() {
        return bound(ReferenceVector.TARGET);
    }

    private static String bound(RequestTarget target) {
        return Opaque.exact(NONCE, target.rb()).format();
    }

    private static RequestTarget target(String origin) {
        return RequestTarget.of("GET", origin, "/", null);
    }

    private static Challenge forOrigin(String origin) {
        return signed(KEY, terms(new Origin(origin).realm(), request(origin), expires(300), bound(target(origin))));
    }

    private static KeyDirectory own(String origin) {
        return KeyDirectory.of(new Origin(origin), List.of(KEY.publicKey()));
    }

    private static KeyDirectory directory(VerificationKey key) {
        return KeyDirectory.of(ReferenceVector.ORIGIN, List.of(key));
    }

    private static RequestTarget shopTarget() {
        return RequestTarget.of("GET", SHOP, "/x", null);
    }

    private static Challenge shopChallenge() {
        return signed(
                KEY, terms("shop.example", request("https://api.example.com"), expires(300), bound(shopTarget())));
    }

    private static KeyDirectory shopDirectory() {
        return new KeyDirectory(
                List.of(KEY.publicKey()),
                "https://api.example.com",
                List.of(SHOP.text()),
                List.of("shop.example"),
                true,
                List.of());
    }

    private static KeyDirectory payeeThatLists(SigningKey key) {
        return new KeyDirectory(
                List.of(key.publicKey()),
                "https://api.example.com",
                List.of("https://api.example.com", SHOP.text()),
                List.of("api.example.com"),
                true,
                List.of());
    }
}
