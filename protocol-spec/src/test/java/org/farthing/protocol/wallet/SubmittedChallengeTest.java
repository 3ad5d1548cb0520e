package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.protocol.signature.Rejections.rejected;
import static org.farthing.protocol.wallet.ServicePurchase.CHALLENGE;
import static org.farthing.protocol.wallet.ServicePurchase.NOW;
import static org.farthing.protocol.wallet.ServicePurchase.PAYEE;
import static org.farthing.protocol.wallet.ServicePurchase.PAYEE_KEY;
import static org.farthing.protocol.wallet.ServicePurchase.SERVICE;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Requirement("F-WS-7")
class SubmittedChallengeTest {

    private static final String NONCE = "AAECAwQFBgcICQoLDA0ODw";
    private static final ChallengeTerms TERMS = CHALLENGE.terms();

    @Test
    void verify_payeesOwnOffer_readOnce() throws Exception {
        SubmittedChallenge checked = SubmittedChallenge.verify(CHALLENGE, PAYEE, SERVICE, NOW);

        assertThat(checked.request()).isEqualTo(CHALLENGE.paymentRequest());
        assertThat(checked.opaque().rb()).isEqualTo(ReferenceVector.TARGET.rb());
        assertThat(checked.expires()).isEqualTo(NOW.plusSeconds(300));
    }

    @Test
    void verify_uptoAndRouteOfThePayee_accepted() throws Exception {
        String request = ServicePurchase.request("upto", SERVICE.text());
        String opaque =
                Opaque.route(NONCE, "summaries", "https://api.example.com").format();

        assertThat(verify(terms(request, TERMS.expires(), opaque)).opaque().rt())
                .isEqualTo("summaries");
    }

    /** What the payee did not sign is not vouched for, whichever slot it is. */
    @ParameterizedTest
    @CsvSource({"id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "header"})
    @Requirement({"T4", "T5", "T8"})
    void verify_anySlotChangedAfterSigning_signature(String slot) throws Exception {
        Map<String, String> echo = CHALLENGE.echo();
        String changed = switch (slot) {
            case "request" -> ServicePurchase.request("upto", SERVICE.text());
            case "expires" -> "2026-11-22T10:05:01Z";
            case "header" -> "Payment-Authorization";
            default -> echo.get(slot) + "x";
        };
        echo.put(slot, changed);
        Challenge altered = Challenge.ofEcho(echo, "challenge").withJws(String.valueOf(CHALLENGE.jws()));

        Reason reason = rejected(() -> SubmittedChallenge.verify(altered, PAYEE, SERVICE, NOW));
        assertThat(reason).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(SubmittedChallenge.word(reason)).isEqualTo("signature");
    }

    @Test
    @Requirement({"T74", "T18"})
    void verify_notSignedOrSignedAsSomethingElse_signature() {
        Challenge unsigned = new Challenge(CHALLENGE.id(), TERMS, null, null);
        Challenge asReceipt =
                unsigned.withJws(DetachedJws.sign(PAYEE_KEY, ArtifactType.RECEIPT, CHALLENGE.signedPayload()));
        Challenge asOrder = unsigned.withJws(ServicePurchase.ORDER.jws());

        assertThat(refused(unsigned)).isEqualTo(Reason.UNSIGNED);
        assertThat(refused(unsigned.withJws("x"))).isEqualTo(Reason.MALFORMED);
        assertThat(refused(asReceipt)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(refused(asOrder)).isEqualTo(Reason.UNKNOWN_KEY);
    }

    @ParameterizedTest
    @CsvSource({"none", "HS256", "ES256", "RS256", "''"})
    @Requirement("T17")
    void verify_anotherAlgorithm_signature(String alg) {
        String header = Base64Url.encodeUtf8(CanonicalJson.write(
                Map.of("alg", alg, "kid", PAYEE_KEY.publicKey().kid(), "typ", "payment-challenge+jws")));
        String jws = String.valueOf(CHALLENGE.jws());

        assertThat(refused(CHALLENGE.withJws(header + jws.substring(jws.indexOf("..")))))
                .isEqualTo(Reason.WRONG_ALGORITHM);
    }

    @Test
    @Requirement({"T22", "T21"})
    void verify_keyOrAddressBroughtInTheHeader_signature() {
        for (String name : List.of("jwk", "jku", "x5u", "x5c", "crit")) {
            String header = Base64Url.encodeUtf8(CanonicalJson.write(Map.of(
                    "alg", "EdDSA", "kid", PAYEE_KEY.publicKey().kid(), "typ", "payment-challenge+jws", name, "x")));
            String jws = String.valueOf(CHALLENGE.jws());

            assertThat(refused(CHALLENGE.withJws(header + jws.substring(jws.indexOf("..")))))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    @Requirement({"T37", "T75", "F-KY-20", "F-KY-30"})
    void verify_keyThatDoesNotCountNow_signature() throws Exception {
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        Map<String, Object> jwk = PAYEE_KEY.publicKey().toJwk();
        jwk.put("revoked", NOW.getEpochSecond());
        VerificationKey revoked = VerificationKey.parse(jwk);
        VerificationKey receipts = PAYEE_KEY.withRoles(Set.of(Role.RECEIPT)).publicKey();

        assertThat(refusedBy(stranger.publicKey())).isEqualTo(Reason.UNKNOWN_KEY);
        assertThat(refusedBy(revoked)).isEqualTo(Reason.KEY_REVOKED);
        assertThat(refusedBy(receipts)).isEqualTo(Reason.WRONG_ROLE);
    }

    private static Reason refusedBy(VerificationKey key) {
        KeyDirectory directory = KeyDirectory.of(ReferenceVector.ORIGIN, List.of(key));
        return rejected(() -> SubmittedChallenge.verify(CHALLENGE, directory, SERVICE, NOW));
    }

    /** The payee itself signed it, and it is nothing that a wallet service pays. */
    @ParameterizedTest
    @CsvSource({
        "evil.example, wallet,  charge,  WRONG_REALM,  realm",
        "api.example.com, token, charge,  WRONG_METHOD, method",
        "api.example.com, wallet, session, WRONG_METHOD, method",
    })
    void verify_otherRealmMethodOrIntent_refused(
            String realm, String method, String intent, Reason reason, String word) {
        ChallengeTerms terms = new ChallengeTerms(
                realm, method, intent, TERMS.request(), TERMS.expires(), TERMS.digest(), TERMS.opaque(), null);

        assertThat(rejected(() -> verify(terms))).isEqualTo(reason);
        assertThat(SubmittedChallenge.word(reason)).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({
        "exact, https://pay.example.org, WRONG_PROVIDER",
        "exact, https://wallet.example.org, WRONG_PROVIDER",
        "exact, https://wallet.example:8443, WRONG_PROVIDER",
        "exact, xhttps://wallet.example, WRONG_PROVIDER",
        "exact, '', WRONG_PROVIDER",
        "later, https://wallet.example, UNSUPPORTED",
        "'', https://wallet.example, UNSUPPORTED"
    })
    @Requirement("F-RQ-6")
    void verify_otherProvidersOrCapture_refused(String capture, String providers, Reason reason) {
        String request = ServicePurchase.request(capture, providers);

        assertThat(rejected(() -> verify(terms(request, TERMS.expires(), TERMS.opaque()))))
                .isEqualTo(reason);
    }

    @Test
    void verify_noProvidersOrAnotherVersion_refused() {
        Map<String, Object> embedded = ServicePurchase.requestMembers("exact", "");
        embedded.put("methodDetails", Map.of("capture", "exact"));
        Map<String, Object> later = ServicePurchase.requestMembers("exact", "");
        later.put("methodDetails", Map.of("capture", "exact", "providers", SERVICE.text(), "version", "2"));

        assertThat(refusedRequest(CanonicalJson.write(embedded))).isEqualTo(Reason.WRONG_PROVIDER);
        assertThat(refusedRequest(CanonicalJson.write(later))).isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    @Requirement({"T15", "T25"})
    void verify_requestForAnotherPayeeOrNotCanonical_refused() {
        Map<String, Object> other = ServicePurchase.requestMembers("exact", SERVICE.text());
        other.put("recipient", "https://other.example");
        Map<String, Object> nobody = ServicePurchase.requestMembers("exact", SERVICE.text());
        nobody.remove("recipient");
        String canonical = CanonicalJson.write(ServicePurchase.requestMembers("exact", SERVICE.text()));

        assertThat(refusedRequest(CanonicalJson.write(other))).isEqualTo(Reason.WRONG_RECIPIENT);
        assertThat(refusedRequest(CanonicalJson.write(nobody))).isEqualTo(Reason.WRONG_RECIPIENT);
        assertThat(refusedRequest(" " + canonical)).isEqualTo(Reason.MALFORMED);
        assertThat(refusedRequest(canonical.replace("\"2500\"", "2500"))).isEqualTo(Reason.MALFORMED);
    }

    private static Reason refusedRequest(String json) {
        return rejected(() -> verify(terms(Base64Url.encodeUtf8(json), TERMS.expires(), TERMS.opaque())));
    }

    @Test
    @Requirement({"T16", "F-EN-44"})
    void verify_time_fromNowToTenMinutes() throws Exception {
        Instant ends = CHALLENGE.expiresAt();

        SubmittedChallenge.verify(CHALLENGE, PAYEE, SERVICE, ends.minusSeconds(600));
        SubmittedChallenge.verify(CHALLENGE, PAYEE, SERVICE, ends.minusMillis(1));
        assertThat(rejected(() -> SubmittedChallenge.verify(CHALLENGE, PAYEE, SERVICE, ends)))
                .isEqualTo(Reason.EXPIRED);
        assertThat(rejected(() -> SubmittedChallenge.verify(CHALLENGE, PAYEE, SERVICE, ends.minusMillis(600_001))))
                .isEqualTo(Reason.TOO_LONG_LIVED);
        assertThat(rejected(() -> verify(terms(TERMS.request(), null, TERMS.opaque()))))
                .isEqualTo(Reason.MALFORMED);
        assertThat(rejected(() -> verify(terms(TERMS.request(), "tomorrow", TERMS.opaque()))))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    @Requirement({"T4", "F-BI-23"})
    void verify_bindingToNothingOrToAWholeRealm_refused() {
        String realm = Opaque.realm(NONCE, "https://api.example.com").format();
        String elsewhere = Opaque.route(NONCE, "r", "https://evil.example").format();
        String noNonce = Base64Url.encodeUtf8("{\"o\":\"https://api.example.com\",\"rt\":\"r\"}");
        String foreign = Base64Url.encodeUtf8("{\"session\":\"1\"}");

        assertThat(refusedOpaque(null)).isEqualTo(Reason.WRONG_BINDING);
        assertThat(refusedOpaque(realm)).isEqualTo(Reason.WRONG_BINDING);
        assertThat(refusedOpaque(elsewhere)).isEqualTo(Reason.WRONG_BINDING);
        assertThat(refusedOpaque(noNonce)).isEqualTo(Reason.MALFORMED);
        assertThat(refusedOpaque(foreign)).isEqualTo(Reason.MALFORMED);
    }

    private static Reason refusedOpaque(@Nullable String opaque) {
        return rejected(() -> verify(terms(TERMS.request(), TERMS.expires(), opaque)));
    }

    @Test
    @Requirement("F-WS-3")
    void verify_idThatCannotBeWritten_form() {
        for (String id : List.of("a/b", "a b", "x".repeat(65), "../..", "a\"")) {
            Challenge odd = ServicePurchase.signed(id, TERMS);

            assertThat(rejected(() -> SubmittedChallenge.verify(odd, PAYEE, SERVICE, NOW)))
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    /** A document of another payee that lists the same key and realm is not the recipient's. */
    @Test
    @Requirement("T15")
    void verify_documentOfAnotherPayee_recipient() {
        KeyDirectory shop = new KeyDirectory(
                PAYEE.keys(), "https://shop.example", PAYEE.origins(), PAYEE.realms(), true, List.of());

        assertThat(rejected(() -> SubmittedChallenge.verify(CHALLENGE, shop, SERVICE, NOW)))
                .isEqualTo(Reason.WRONG_RECIPIENT);
        assertThat(rejected(
                        () -> SubmittedChallenge.verify(CHALLENGE, PAYEE, new Origin("https://other.example"), NOW)))
                .isEqualTo(Reason.WRONG_PROVIDER);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    @Requirement("F-PR-40")
    void word_everyReason_oneOfTheCoarseWords(Reason reason) {
        assertThat(SubmittedChallenge.word(reason))
                .isIn("form", "signature", "realm", "recipient", "method", "provider", "expires", "binding");
    }

    private static Reason refused(Challenge challenge) {
        return rejected(() -> SubmittedChallenge.verify(challenge, PAYEE, SERVICE, NOW));
    }

    private static SubmittedChallenge verify(ChallengeTerms terms) throws SignatureRejectedException {
        return SubmittedChallenge.verify(ServicePurchase.signed(CHALLENGE.id(), terms), PAYEE, SERVICE, NOW);
    }

    private static ChallengeTerms terms(String request, @Nullable String expires, @Nullable String opaque) {
        return new ChallengeTerms(TERMS.realm(), "wallet", "charge", request, expires, TERMS.digest(), opaque, null);
    }
}
