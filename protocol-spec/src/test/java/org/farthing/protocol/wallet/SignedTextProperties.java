package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.protocol.signature.Rejections.rejected;
import static org.farthing.protocol.wallet.ServicePurchase.CHALLENGE;
import static org.farthing.protocol.wallet.ServicePurchase.NOW;
import static org.farthing.protocol.wallet.ServicePurchase.ORDER;
import static org.farthing.protocol.wallet.ServicePurchase.PAYEE;
import static org.farthing.protocol.wallet.ServicePurchase.SERVICE;
import static org.farthing.protocol.wallet.ServicePurchase.WALLET;
import static org.farthing.protocol.wallet.ServicePurchase.WALLET_KEY;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.RawJws;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that is signed on the way of one payment through a wallet service: no character of any of it can be another,
 * and nothing else than a refusal comes of trying.
 */
@Requirement({"F-SG-4", "T17", "T18", "T27"})
class SignedTextProperties {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    private static final SigningKey ES256 = SigningKey.generate(Algorithm.ES256, null, new SecureRandom());
    private static final byte[] BODY = "{\"items\":[]}".getBytes(UTF_8);
    private static final RequestTarget TARGET = RequestTarget.of("POST", SERVICE, "/v1/captures", "a=1");
    private static final String REQUEST =
            WalletRequest.sign(WALLET_KEY, WALLET, SERVICE, TARGET, BODY, NOW, ServicePurchase.TOKEN_ID);

    private interface Check {
        void run(String text) throws MalformedException, SignatureRejectedException;
    }

    /** A signed text and how it is verified. */
    @SuppressWarnings("ImmutableEnumChecker") // checks without state
    enum Signed {
        TOKEN(
                token(),
                text -> ReceiptToken.parse(text)
                        .verify(
                                ServicePurchase.ISSUER,
                                new ReceiptToken.Expectations(CHALLENGE, Duration.ofHours(1)),
                                NOW)),
        WALLET_REQUEST(
                REQUEST, text -> WalletRequest.parse(text).verify(WALLET_KEY.publicKey(), SERVICE, TARGET, BODY, NOW)),
        CHALLENGE_SIGNATURE(
                String.valueOf(CHALLENGE.jws()),
                text -> SubmittedChallenge.verify(submitted(text), PAYEE, SERVICE, NOW)),
        ORDER_SIGNATURE(
                ORDER.jws(),
                text -> new PaymentOrder(CHALLENGE, Amount.of(2500), WALLET, text)
                        .verify(WALLET_KEY.publicKey(), SERVICE)),
        ES256_ORDER_SIGNATURE(
                PaymentOrder.sign(ES256, CHALLENGE, SERVICE, Amount.of(2500), WALLET)
                        .jws(),
                text -> new PaymentOrder(CHALLENGE, Amount.of(2500), WALLET, text).verify(ES256.publicKey(), SERVICE)),
        RELEASE_SIGNATURE(
                release().jws(),
                text -> new ReleaseStatement(
                                CHALLENGE.id(),
                                ReferenceVector.ORIGIN.text(),
                                release().timestamp(),
                                null,
                                text)
                        .verify(PAYEE, CHALLENGE.id(), NOW));

        private final String text;
        private final Check check;

        Signed(String text, Check check) {
            this.text = text;
            this.check = check;
        }

        /** Null if it was accepted. */
        @Nullable
        String refusal(String other) {
            try {
                check.run(other);
                return null;
            } catch (MalformedException e) {
                return e.fault().name();
            } catch (SignatureRejectedException e) {
                return e.reason().name();
            }
        }
    }

    private static String token() {
        try {
            return ReceiptToken.issue(ServicePurchase.SERVICE_KEY, ServicePurchase.claims())
                    .format();
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Through the body in which a payer sends it. */
    private static Challenge submitted(String jws) throws MalformedException {
        String body =
                CanonicalJson.write(Map.of("challenge", CHALLENGE.echo(), "jws", jws, "order", ORDER.toPayload()));
        return PaymentSubmission.parse(body.getBytes(UTF_8)).challenge();
    }

    private static ReleaseStatement release() {
        return ReleaseStatement.sign(
                ServicePurchase.PAYEE_KEY, CHALLENGE.id(), ReferenceVector.ORIGIN, NOW.plusSeconds(60));
    }

    @ParameterizedTest
    @EnumSource
    void verify_asSigned_accepted(Signed signed) {
        assertThat(signed.refusal(signed.text)).isNull();
    }

    /** Every place of the text, with the neighbour in the alphabet: one bit of the bytes behind it. */
    @ParameterizedTest
    @EnumSource
    void verify_anyOneCharacterChangedDroppedOrDoubled_refused(Signed signed) {
        String text = signed.text;
        for (int i = 0; i < text.length(); i++) {
            char other = ALPHABET.charAt((ALPHABET.indexOf(text.charAt(i)) + 1) % ALPHABET.length());
            String head = text.substring(0, i);
            String tail = text.substring(i + 1);

            assertThat(signed.refusal(head + other + tail))
                    .as("changed at %d", i)
                    .isNotNull();
            assertThat(signed.refusal(head + tail)).as("dropped at %d", i).isNotNull();
            assertThat(signed.refusal(head + text.charAt(i) + text.charAt(i) + tail))
                    .as("doubled at %d", i)
                    .isNotNull();
        }
    }

    /** Every bit of the signature itself. */
    @ParameterizedTest
    @EnumSource
    @Requirement({"T19", "T20"})
    void verify_anyBitOfTheSignature_badSignature(Signed signed) throws Exception {
        int start = signed.text.lastIndexOf('.') + 1;
        byte[] signature = Base64Url.decode(signed.text.substring(start), "signature");
        for (int bit = 0; bit < signature.length * 8; bit++) {
            signature[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(signed.refusal(signed.text.substring(0, start) + Base64Url.encode(signature)))
                    .as("bit %d", bit)
                    .isEqualTo("BAD_SIGNATURE");
            signature[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    @Property(tries = 2000)
    void verify_anyTextInItsPlace_refused(@ForAll Signed signed, @ForAll String text) {
        // A lone surrogate cannot be sent: UTF-8 has no bytes for it.
        String plain = text.replaceAll("[\\ud800-\\udfff]", "?");
        assertThat(signed.refusal(plain)).isNotNull();
        if (!plain.isEmpty()) {
            assertThat(signed.refusal(signed.text + plain)).isNotNull();
        }
    }

    @Property(tries = 1000)
    void verify_anyCharacterInserted_refused(
            @ForAll Signed signed,
            @ForAll @CharRange(to = '\u00ff') char c,
            @ForAll @DoubleRange(max = 1) double place) {
        int at = (int) (place * signed.text.length());

        assertThat(signed.refusal(signed.text.substring(0, at) + c + signed.text.substring(at)))
                .isNotNull();
    }

    /** One of them in the place of another, rightly signed as what it is. */
    @ParameterizedTest
    @EnumSource
    void verify_anotherOfThemInItsPlace_refused(Signed signed) {
        for (Signed other : Signed.values()) {
            if (other != signed && !(isOrder(other) && isOrder(signed))) {
                assertThat(signed.refusal(other.text)).as(other.name()).isNotNull();
            }
        }
    }

    private static boolean isOrder(Signed signed) {
        return signed == Signed.ORDER_SIGNATURE || signed == Signed.ES256_ORDER_SIGNATURE;
    }

    // Members beside the signatures
    // ------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WR-1", "T16"})
    void walletRequest_everyClaimRemovedOrOfAnotherType_malformed() throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(REQUEST).claims());
        for (MemberChanges.Change change : MemberChanges.of(CanonicalJson.write(claims))) {
            String token = RawJws.compact(
                    WALLET_KEY,
                    Map.of("alg", "EdDSA", "kid", WALLET_KEY.publicKey().thumbprint(), "typ", "wallet-request+jwt"),
                    change.json());
            String refusal = Signed.WALLET_REQUEST.refusal(token);

            if (change.kind() == MemberChanges.Kind.ADDED) {
                assertThat(refusal).as(change.json()).isNull();
            } else {
                assertThat(refusal).as(change.json()).isIn("MISSING", "TYPE", "VALUE", "ENCODING");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "aud, https://pay.example.org, WRONG_AUDIENCE",
        "htm, GET, WRONG_AUDIENCE",
        "htm, post, WRONG_AUDIENCE",
        "htu, https://wallet.example/v1/captures, WRONG_AUDIENCE",
        "htu, https://wallet.example/v1/refunds?a=1, WRONG_AUDIENCE",
        "htu, https://wallet.example/v1/captures?a=2, WRONG_AUDIENCE",
        "htu, https://wallet.example/v1/%63aptures?a=1, WRONG_AUDIENCE",
        "bh, 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU, WRONG_AUDIENCE",
    })
    @Requirement({"F-WR-4", "T5"})
    void walletRequest_signedForSomethingElse_refused(String claim, String value, Reason reason) throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(REQUEST).claims());
        claims.put(claim, value);

        assertThat(Signed.WALLET_REQUEST.refusal(resigned(claims))).isEqualTo(reason.name());
    }

    @Property(tries = 1000)
    @Requirement({"F-WR-4", "T16"})
    void walletRequest_anyTimes_asTheRulesSay(
            @ForAll @IntRange(min = -150, max = 150) int iat, @ForAll @IntRange(min = -150, max = 150) int exp)
            throws Exception {
        Map<String, @Nullable Object> claims =
                new HashMap<>(CompactJws.parse(REQUEST).claims());
        claims.put("iat", NOW.getEpochSecond() + iat);
        claims.put("exp", NOW.getEpochSecond() + exp);
        boolean good = iat - 30 <= 0 && 0 < exp + 30 && exp - iat <= 60;

        assertThat(Signed.WALLET_REQUEST.refusal(resigned(claims)) == null).isEqualTo(good);
    }

    private static String resigned(Map<String, @Nullable Object> claims) {
        SigningKey named = WALLET_KEY.withKid(WALLET_KEY.publicKey().thumbprint());
        return CompactJws.sign(named, ArtifactType.WALLET_REQUEST, claims);
    }

    @Test
    @Requirement({"F-OU-20", "F-OU-23", "T73"})
    void release_everyMemberChanged_refused() throws Exception {
        for (MemberChanges.Change change : MemberChanges.of(release().format())) {
            assertThat(refusedRelease(change.json())).as(change.json()).isNotNull();
        }
        String good = release().format();
        assertThat(refusedRelease(good)).isNull();
        assertThat(refusedRelease(good.replace("api.example.com", "other.example")))
                .isEqualTo("BAD_SIGNATURE");
        assertThat(refusedRelease(good.replace("10:01:00Z", "10:01:01Z"))).isEqualTo("BAD_SIGNATURE");
        assertThat(refusedRelease(good.replace("10:01:00Z", "10:01:00.0Z"))).isEqualTo("BAD_SIGNATURE");
        assertThat(refusedRelease(good.replace(CHALLENGE.id(), "other"))).isEqualTo("BAD_SIGNATURE");
        assertThat(refusedRelease(good.replace("\"released\"", "\"captured\""))).isEqualTo("VALUE");
    }

    private static @Nullable String refusedRelease(String json) {
        try {
            ReleaseNotice.parse(("{\"release\":" + json + "}").getBytes(UTF_8))
                    .statement()
                    .verify(PAYEE, CHALLENGE.id(), NOW);
            return null;
        } catch (MalformedException e) {
            return e.fault().name();
        } catch (SignatureRejectedException e) {
            return e.reason().name();
        }
    }

    /** An order is for one challenge, ledger, amount and wallet: the payer signed all four. */
    @Test
    @Requirement({"F-WO-2", "T71"})
    void order_signedBySomebodyWithoutTheWallet_refused() {
        VerificationKey other =
                SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()).publicKey();
        PaymentOrder raised = new PaymentOrder(CHALLENGE, Amount.of(2501), WALLET, ORDER.jws());
        PaymentOrder moved = new PaymentOrder(CHALLENGE, Amount.of(2500), "w_other", ORDER.jws());
        PaymentOrder mandate = new PaymentOrder(
                CHALLENGE,
                Amount.of(2500),
                WALLET,
                DetachedJws.sign(
                        WALLET_KEY,
                        ArtifactType.MANDATE,
                        PaymentOrder.signedPayload(CHALLENGE, SERVICE, Amount.of(2500), WALLET)));

        assertThat(rejected(() -> ORDER.verify(other, SERVICE))).isEqualTo(Reason.UNKNOWN_KEY);
        for (PaymentOrder altered : new PaymentOrder[] {raised, moved}) {
            assertThat(rejected(() -> altered.verify(WALLET_KEY.publicKey(), SERVICE)))
                    .isEqualTo(Reason.BAD_SIGNATURE);
        }
        assertThat(rejected(() -> mandate.verify(WALLET_KEY.publicKey(), SERVICE)))
                .isEqualTo(Reason.WRONG_TYPE);
    }
}
