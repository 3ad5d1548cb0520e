package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;
import static org.farthing.protocol.wallet.ServicePurchase.CHALLENGE;
import static org.farthing.protocol.wallet.ServicePurchase.ISSUER;
import static org.farthing.protocol.wallet.ServicePurchase.NOW;
import static org.farthing.protocol.wallet.ServicePurchase.SERVICE;
import static org.farthing.protocol.wallet.ServicePurchase.SERVICE_KEY;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.protocol.signature.Role;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One good token, and every single change of it: each claim, each member of the header, each slot of the challenge it is
 * shown with, each rule about keys. Where the service itself signs the change, the reason is the one of that rule.
 */
@Requirement({"F-RT-10", "F-RT-11", "F-RT-12", "F-RT-13", "F-RT-14", "F-RT-15", "F-RT-16", "F-RT-17"})
class ReceiptTokenProperties {

    private static final ReceiptToken.Expectations EXPECTED =
            new ReceiptToken.Expectations(CHALLENGE, Duration.ofHours(1));
    private static final Map<String, Object> HEADER =
            Map.of("alg", "EdDSA", "kid", "svc-1", "typ", "receipt-token+jwt");

    private static Map<String, @Nullable Object> claims() {
        try {
            return new HashMap<>(ServicePurchase.claims().toMap());
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signed by the service itself, whatever it says. */
    private static ReceiptToken signed(Map<String, @Nullable Object> claims) throws MalformedException {
        return ReceiptToken.parse(CompactJws.sign(SERVICE_KEY, ArtifactType.RECEIPT_TOKEN, claims));
    }

    private static Reason refused(Map<String, @Nullable Object> claims) {
        return rejected(() -> signed(claims).verify(ISSUER, EXPECTED, NOW));
    }

    @Test
    void verify_goodTokenHoweverSigned_accepted() throws Exception {
        signed(claims()).verify(ISSUER, EXPECTED, NOW);
        ReceiptToken.parse(RawJws.compact(SERVICE_KEY, HEADER, CanonicalJson.write(claims())))
                .verify(ISSUER, EXPECTED, NOW);
    }

    // Claims ---------------------------------------------------------------------------------------------------------

    @Test
    void parse_everyClaimRemovedOrOfAnotherType_malformed() {
        String json = CanonicalJson.write(claims());
        Set<String> accepted = new TreeSet<>();
        for (MemberChanges.Change change : MemberChanges.of(json)) {
            try {
                ReceiptToken.parse(RawJws.compact(SERVICE_KEY, HEADER, change.json()));
                accepted.add(change.kind() + " " + change.path());
            } catch (MalformedException e) {
                assertThat(e.where()).startsWith("receipt");
            }
        }
        assertThat(accepted).containsExactly("ADDED nobody defined this");
    }

    @Property(tries = 200)
    @Requirement({"T5", "T61"})
    void verify_anyOtherIssuerOrAudience_refused(@ForAll("origins") Origin other) {
        Map<String, @Nullable Object> claims = claims();
        claims.put("iss", other.text());
        assertThat(refused(claims)).isEqualTo(Reason.WRONG_ISSUER);

        claims = claims();
        claims.put("aud", other.text());
        assertThat(refused(claims)).isEqualTo(Reason.WRONG_AUDIENCE);
    }

    @Provide
    Arbitrary<Origin> origins() {
        return Arbitraries.oneOf(
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(20)
                                .map(host -> "https://" + host + ".example"),
                        Arbitraries.of(
                                "https://pay.example.org",
                                "https://wallet.example:8443",
                                "http://wallet.example",
                                "https://api.example.com:8443",
                                "http://127.0.0.1:8402",
                                "https://xwallet.example"))
                .filter(text -> !text.equals(SERVICE.text()))
                .map(Origin::new);
    }

    @Property(tries = 200)
    @Requirement({"T4", "T8", "T70"})
    void verify_anyOtherChallengeIdOrHash_refused(@ForAll @Size(32) byte[] bytes) {
        Map<String, @Nullable Object> claims = claims();
        claims.put("cid", Base64Url.encode(bytes));
        assertThat(refused(claims)).isEqualTo(Reason.WRONG_CHALLENGE);

        claims = claims();
        claims.put("ch", Base64Url.encode(bytes));
        assertThat(refused(claims)).isEqualTo(Reason.WRONG_CHALLENGE);
    }

    @Property(tries = 300)
    @Requirement({"T28", "T29"})
    void verify_anyOtherAmount_refused(@ForAll @LongRange(max = 999_999_999_999_999_999L) long amount) {
        Map<String, @Nullable Object> claims = claims();
        claims.put("amount", Long.toString(amount));

        if (amount != 2500) {
            assertThat(refused(claims)).isEqualTo(amount < 2500 ? Reason.TOO_LITTLE : Reason.WRONG_AMOUNT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"usd", "usd.e2", "usd.e5", "usd.e7", "eur.e6", "unit:usd"})
    @Requirement("T30")
    void verify_anotherCurrency_refused(String currency) {
        Map<String, @Nullable Object> claims = claims();
        claims.put("currency", currency);

        assertThat(refused(claims)).isEqualTo(Reason.WRONG_AMOUNT);
    }

    /** Three times and a clock: which combination counts follows from the text of F-RT-14 and F-RT-17 alone. */
    @Property(tries = 2000)
    @Requirement("T16")
    void verify_anyTimes_asTheRulesSay(
            @ForAll @IntRange(min = -700, max = 700) int iat,
            @ForAll @IntRange(max = 700) int life,
            @ForAll @IntRange(max = 8000) int hold,
            @ForAll @IntRange(min = -400, max = 400) int clock) {
        long base = NOW.getEpochSecond();
        Map<String, @Nullable Object> claims = claims();
        claims.put("iat", base + iat);
        claims.put("exp", base + iat + life);
        claims.put("hold_exp", base + iat + life + hold);

        assertThat(outcome(claims, NOW.plusSeconds(clock))).isEqualTo(model(iat, iat + life, iat + life + hold, clock));
    }

    /** The challenge ends 300 seconds after zero; the capture window is an hour. */
    private static Optional<Reason> model(int iat, int exp, int holdExp, int now) {
        if (now >= exp + 30) {
            return Optional.of(Reason.EXPIRED);
        }
        if (iat - 30 > now) {
            return Optional.of(Reason.NOT_YET_VALID);
        }
        if (exp > iat + 300 || exp > 300) {
            return Optional.of(Reason.TOO_LONG_LIVED);
        }
        return holdExp < now + 3600 ? Optional.of(Reason.HOLD_TOO_SHORT) : Optional.empty();
    }

    private static Optional<Reason> outcome(Map<String, @Nullable Object> claims, Instant now) {
        try {
            signed(claims).verify(ISSUER, EXPECTED, now);
            return Optional.empty();
        } catch (SignatureRejectedException e) {
            return Optional.of(e.reason());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement("F-RT-4")
    void verify_proofOfPossessionAsked_refused() {
        Map<String, @Nullable Object> claims = claims();
        claims.put("cnf", Map.of("jkt", SERVICE_KEY.publicKey().thumbprint()));

        assertThat(refused(claims)).isEqualTo(Reason.UNSUPPORTED);
    }

    // The header -----------------------------------------------------------------------------------------------------

    private static Reason refusedHeader(String name, Object value) {
        Map<String, Object> header = new HashMap<>(HEADER);
        header.put(name, value);
        String token = RawJws.compact(SERVICE_KEY, header, CanonicalJson.write(claims()));

        return rejected(() -> ReceiptToken.parse(token).verify(ISSUER, EXPECTED, NOW));
    }

    @ParameterizedTest
    @EnumSource(value = ArtifactType.class, names = "RECEIPT_TOKEN", mode = EnumSource.Mode.EXCLUDE)
    @Requirement({"T18", "T35"})
    void verify_signedAsSomethingElse_refused(ArtifactType type) {
        assertThat(refusedHeader("typ", type.typ())).isEqualTo(Reason.WRONG_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "receipt-token", "RECEIPT-TOKEN+JWT", "application/receipt-token+jwt", ""})
    @Requirement("T18")
    void verify_anotherTyp_refused(String typ) {
        assertThat(refusedHeader("typ", typ)).isEqualTo(Reason.WRONG_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "HS512", "ES256", "RS256", "Ed448", "eddsa", ""})
    @Requirement("T17")
    void verify_anotherAlgorithm_refused(String alg) {
        assertThat(refusedHeader("alg", alg)).isEqualTo(Reason.WRONG_ALGORITHM);
    }

    /** The public key as the secret of a MAC; HS512 even has as many bytes as a signature. */
    @Test
    @Requirement("T17")
    void verify_macWithThePublicKey_refused() {
        Map<String, Object> header = new HashMap<>(HEADER);
        header.put("alg", "HS512");
        String long64 = RawJws.mac(SERVICE_KEY, "HmacSHA512", header, CanonicalJson.write(claims()));
        header.put("alg", "HS256");
        String short32 = RawJws.mac(SERVICE_KEY, "HmacSHA256", header, CanonicalJson.write(claims()));

        assertThat(rejected(() -> ReceiptToken.parse(long64).verify(ISSUER, EXPECTED, NOW)))
                .isEqualTo(Reason.WRONG_ALGORITHM);
        assertThatThrownBy(() -> ReceiptToken.parse(short32)).isInstanceOf(MalformedException.class);
    }

    @Test
    @Requirement("T17")
    void parse_noSignatureAtAll_malformed() {
        String token =
                RawJws.compact(SERVICE_KEY, Map.of("alg", "none", "kid", "svc-1", "typ", "receipt-token+jwt"), "{}");

        assertThatThrownBy(() -> ReceiptToken.parse(token.substring(0, token.lastIndexOf('.') + 1)))
                .isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip"})
    @Requirement({"T21", "T22"})
    void parse_headerThatBringsItsKeyOrChangesTheRules_malformed(String name) {
        Map<String, Object> header = new HashMap<>(HEADER);
        header.put(name, name.equals("jwk") ? SERVICE_KEY.publicKey().toJwk() : "https://evil.example/keys");
        String token = RawJws.compact(SERVICE_KEY, header, CanonicalJson.write(claims()));

        assertThatThrownBy(() -> ReceiptToken.parse(token)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../keys", "https://evil.example", "a'b", "a b", ""})
    @Requirement("T21")
    void parse_kidThatIsNoName_malformed(String kid) {
        Map<String, Object> header = new HashMap<>(HEADER);
        header.put("kid", kid);
        String token = RawJws.compact(SERVICE_KEY, header, CanonicalJson.write(claims()));

        assertThatThrownBy(() -> ReceiptToken.parse(token)).isInstanceOf(MalformedException.class);
    }

    @Test
    void parse_headerMemberRemovedOrOfAnotherType_malformed() {
        for (MemberChanges.Change change : MemberChanges.of(CanonicalJson.write(HEADER))) {
            if (change.kind() == MemberChanges.Kind.ADDED) {
                continue;
            }
            String encoded = Base64Url.encodeUtf8(change.json());
            String token = RawJws.compact(SERVICE_KEY, HEADER, CanonicalJson.write(claims()));

            assertThatThrownBy(() -> ReceiptToken.parse(encoded + token.substring(token.indexOf('.'))))
                    .as(change.json())
                    .isInstanceOf(MalformedException.class);
        }
    }

    /** A payee's acknowledgement of an earlier purchase buys nothing, however it is shown. */
    @Test
    @Requirement("T35")
    void parse_paymentReceiptAsToken_malformed() {
        PaymentReceipt receipt = ReceiptSigner.sign(
                ReferenceVector.KEY,
                PaymentReceipt.builder("wallet", "ch_1", NOW)
                        .with("challengeId", CHALLENGE.id())
                        .build());

        for (String shown : List.of(receipt.format(), receipt.jws().orElseThrow(), receipt.signedPayload())) {
            assertThatThrownBy(() -> ReceiptToken.parse(
                            Credential.of(CHALLENGE, null, Map.of("type", "receipt", "receipt", shown))))
                    .isInstanceOf(MalformedException.class);
        }
    }

    /** The same point with another number for it: S and S + L are one signature to a careless verifier. */
    @Test
    @Requirement("T20")
    void verify_ed25519ScalarAboveItsOrder_refused() throws Exception {
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        String token = signed(claims()).format();
        int start = token.lastIndexOf('.') + 1;
        byte[] signature = Base64Url.decode(token.substring(start), "signature");
        byte[] littleEndian = Arrays.copyOfRange(signature, 32, 64);
        byte[] raised = new BigInteger(1, reversed(littleEndian)).add(order).toByteArray();
        byte[] scalar = new byte[32];
        System.arraycopy(
                raised,
                Math.max(0, raised.length - 32),
                scalar,
                Math.max(0, 32 - raised.length),
                Math.min(32, raised.length));
        System.arraycopy(reversed(scalar), 0, signature, 32, 32);
        ReceiptToken twin = ReceiptToken.parse(token.substring(0, start) + Base64Url.encode(signature));

        assertThat(rejected(() -> twin.verify(ISSUER, EXPECTED, NOW))).isEqualTo(Reason.BAD_SIGNATURE);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** The signature that once verified everything, and the same in the other encoding. */
    @Test
    @Requirement("T19")
    void verify_es256ZeroesOrDer_refused() throws Exception {
        SigningKey key =
                SigningKey.generate(Algorithm.ES256, "es", new SecureRandom()).withRoles(Set.of(Role.RECEIPT_TOKEN));
        KeyDirectory issuer = KeyDirectory.of(SERVICE, List.of(key.publicKey()));
        String good = CompactJws.sign(key, ArtifactType.RECEIPT_TOKEN, claims());
        String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
        ReceiptToken zeroes = ReceiptToken.parse(unsigned + Base64Url.encode(new byte[64]));

        ReceiptToken.parse(good).verify(issuer, EXPECTED, NOW);
        assertThat(rejected(() -> zeroes.verify(issuer, EXPECTED, NOW))).isEqualTo(Reason.BAD_SIGNATURE);
        for (int length : new int[] {0, 63, 65, 70, 71, 72}) {
            assertThatThrownBy(() -> ReceiptToken.parse(unsigned + Base64Url.encode(new byte[length])))
                    .isInstanceOf(MalformedException.class);
        }
    }

    // Keys -----------------------------------------------------------------------------------------------------------

    private static Reason refusedBy(KeyDirectory directory) {
        return rejected(() -> signed(claims()).verify(directory, EXPECTED, NOW));
    }

    /** Whoever steals what signs challenges cannot mint money, also not at a service that listed that key by mistake. */
    @Test
    @Requirement({"T75", "F-KY-20"})
    void verify_challengeKeyInPlaceOfATokenKey_refused() throws Exception {
        SigningKey payee = ReferenceVector.KEY;
        String token = RawJws.compact(
                payee,
                Map.of("alg", "EdDSA", "kid", payee.publicKey().kid(), "typ", "receipt-token+jwt"),
                CanonicalJson.write(claims()));
        KeyDirectory careless = KeyDirectory.of(SERVICE, List.of(payee.publicKey(), SERVICE_KEY.publicKey()));

        assertThat(rejected(() -> ReceiptToken.parse(token).verify(careless, EXPECTED, NOW)))
                .isEqualTo(Reason.WRONG_ROLE);
        assertThat(rejected(() -> ReceiptToken.parse(token).verify(ISSUER, EXPECTED, NOW)))
                .isEqualTo(Reason.UNKNOWN_KEY);
    }

    /** Times inside the token do not help a thief who backdates: the key must count now. */
    @ParameterizedTest
    @CsvSource({
        "revoked, 0, KEY_REVOKED",
        "exp, 0, KEY_NOT_ACTIVE",
        "nbf, 1, KEY_NOT_ACTIVE",
        "revoked, -600, KEY_REVOKED"
    })
    @Requirement({"T37", "T75", "T36", "F-KY-30"})
    void verify_keyOutOfItsTime_refused(String member, long seconds, Reason reason) throws Exception {
        Map<String, Object> jwk = SERVICE_KEY.publicKey().toJwk();
        jwk.put(member, NOW.getEpochSecond() + seconds);

        assertThat(refusedBy(KeyDirectory.of(SERVICE, List.of(VerificationKey.parse(jwk)))))
                .isEqualTo(reason);
    }

    /** Two services, one name for two keys: a document speaks for its own service alone. */
    @Test
    @Requirement({"T61", "F-KY-11"})
    void verify_documentOfAnotherService_refused() {
        SigningKey other = SigningKey.generate(Algorithm.ED25519, "svc-1", new SecureRandom())
                .withRoles(Set.of(Role.RECEIPT_TOKEN));
        Origin pay = new Origin("https://pay.example.org");

        assertThat(refusedBy(KeyDirectory.of(pay, List.of(other.publicKey())))).isEqualTo(Reason.WRONG_ISSUER);
        assertThat(refusedBy(KeyDirectory.of(pay, List.of(SERVICE_KEY.publicKey()))))
                .isEqualTo(Reason.WRONG_ISSUER);
        assertThat(refusedBy(KeyDirectory.of(SERVICE, List.of(other.publicKey()))))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusedBy(KeyDirectory.of(SERVICE, List.of()))).isEqualTo(Reason.UNKNOWN_KEY);
    }

    // The challenge it is shown with
    // -----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"id", "realm", "method", "intent", "expires", "digest", "opaque", "header"})
    @Requirement({"T4", "T5", "T6", "T70"})
    void verify_anySlotOfTheChallengeChanged_refused(String slot) throws Exception {
        Map<String, String> echo = CHALLENGE.echo();
        echo.put(
                slot,
                switch (slot) {
                    case "expires" -> "2026-11-22T10:05:01Z";
                    case "header" -> "Payment-Authorization";
                    case "digest" -> "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
                    case "opaque" ->
                        Opaque.exact(ServicePurchase.TOKEN_ID, Base64Url.encode(new byte[32]))
                                .format();
                    default -> echo.get(slot) + "x";
                });

        assertThat(refusedFor(echo)).isEqualTo(Reason.WRONG_CHALLENGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expires", "digest", "opaque"})
    void verify_slotOfTheChallengeDropped_refused(String slot) throws Exception {
        Map<String, String> echo = CHALLENGE.echo();
        echo.remove(slot);

        assertThat(refusedFor(echo)).isIn(Reason.WRONG_CHALLENGE, Reason.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "amount, 2501, WRONG_CHALLENGE",
        "amount, 0, WRONG_CHALLENGE",
        "currency, usd.e5, WRONG_CHALLENGE",
        "recipient, https://other.example, WRONG_AUDIENCE",
        "description, Something else, WRONG_CHALLENGE",
        "externalId, 78, WRONG_CHALLENGE",
    })
    @Requirement({"T4", "T8", "T5"})
    void verify_anyMemberOfTheRequestChanged_refused(String name, String value, Reason reason) throws Exception {
        Map<String, Object> request = ServicePurchase.requestMembers("exact", SERVICE.text());
        request.put(name, value);
        Map<String, String> echo = CHALLENGE.echo();
        echo.put("request", Base64Url.encodeUtf8(CanonicalJson.write(request)));

        assertThat(refusedFor(echo)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "upto, https://pay.example.org https://wallet.example, WRONG_CHALLENGE",
        "exact, https://wallet.example, WRONG_CHALLENGE",
        "exact, https://pay.example.org, WRONG_ISSUER",
        "exact, xhttps://wallet.example, WRONG_ISSUER",
        "exact, '', WRONG_ISSUER",
    })
    @Requirement("F-RT-12")
    void verify_otherProvidersOrCapture_refused(String capture, String providers, Reason reason) throws Exception {
        Map<String, String> echo = CHALLENGE.echo();
        echo.put("request", ServicePurchase.request(capture, providers));

        assertThat(refusedFor(echo)).isEqualTo(reason);
    }

    private static Reason refusedFor(Map<String, String> echo) throws MalformedException {
        ReceiptToken.Expectations other =
                new ReceiptToken.Expectations(Challenge.ofEcho(echo, "challenge"), Duration.ofHours(1));
        return rejected(() -> signed(claims()).verify(ISSUER, other, NOW));
    }
}
