package org.farthing.server.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.server.ledger.Backing;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Receipt tokens of wallet services (spec/receipt-token.md, spec/wallet-service.md). */
class WalletReceiptMethodTest extends PaymentMethodContract {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Origin SERVICE = new Origin("https://wallet.example");
    private static final Origin OTHER = new Origin("https://pay.example.org");

    private final TestClock clock = new TestClock();
    private final SigningKey mint = mintKey("mint-1");
    private final SigningKey shop = SigningKey.generate(Algorithm.ED25519, "shop-1", RANDOM);
    private final Map<Origin, KeyDirectory> published = new HashMap<>(Map.of(
            SERVICE, document(SERVICE, mint.publicKey(), shop.publicKey()),
            OTHER, document(OTHER, mintKey("other-1").publicKey())));
    private final AtomicInteger fetches = new AtomicInteger();
    private final ServiceKeys keys =
            new ServiceKeys(List.of(SERVICE, OTHER), this::fetch, ServiceKeys.DEFAULT_MAX_AGE, clock);
    private final WalletReceiptMethod method = new WalletReceiptMethod(
            keys, ExposureLimits.DEFAULT.with("5usd"), WalletReceiptMethod.DEFAULT_CAPTURE_WINDOW, clock);

    private CompletableFuture<KeyDirectory> fetch(Origin origin) {
        fetches.incrementAndGet();
        KeyDirectory document = published.get(origin);
        return document == null
                ? CompletableFuture.failedFuture(new IllegalStateException("no route to host"))
                : CompletableFuture.completedFuture(document);
    }

    @Override
    protected PaymentMethod method() {
        return method;
    }

    @Override
    protected Map<String, Object> pay(Challenge challenge) {
        return ReceiptToken.issue(mint, claims(challenge)).toPayload();
    }

    @Override
    protected Map<String, Object> forge(Challenge challenge) {
        return ReceiptToken.issue(mintKey("mint-1"), claims(challenge)).toPayload();
    }

    // ---- what is offered -----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WS-60", "F-RQ-7"})
    void offer_namesTheServicesAndHowItIsCaptured() throws Exception {
        PaymentRequest request = challenge().paymentRequest();
        assertThat(request.methodDetails())
                .containsEntry("providers", "https://wallet.example https://pay.example.org")
                .containsEntry("capture", "exact");
        assertThat(method.takes(request)).isTrue();
    }

    // ---- what is accepted ----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WS-65", "F-RT-5", "F-RT-18"})
    void verify_saysWhoOwesAndHidesWhoPays() {
        Challenge challenge = challenge();
        ReceiptClaims claims = claims(challenge);
        Payable payable =
                (Payable) verify(challenge, ReceiptToken.issue(mint, claims).toPayload());
        Backing backing = (Backing) Objects.requireNonNull(payable.claim().source());
        assertThat(backing.service()).isEqualTo(SERVICE.text());
        assertThat(backing.tokenId()).isEqualTo(claims.tokenId());
        assertThat(backing.holdExpires()).isEqualTo(claims.holdExpiresAt());
        assertThat(backing.exposureLimit()).isEqualTo(5_000_000);
        assertThat(backing.rb()).hasSize(43);
        assertThat(payable.claim().keyThumbprint()).isEqualTo(mint.publicKey().thumbprint());
        assertThat(payable.claim().payer())
                .matches("r_[A-Za-z0-9_-]{22}")
                .isEqualTo(payable.claim().paymentId())
                .doesNotContain(claims.tokenId());
        Challenge next = challenge();
        Payable second = (Payable) verify(next, pay(next));
        assertThat(second.claim().payer()).isNotEqualTo(payable.claim().payer());
    }

    @Test
    @Requirement({"F-RT-2", "F-RT-5"})
    void verify_tokenThatNamesThePayerUnasked_isTakenAndTheNameIgnored() {
        Challenge challenge = challenge();
        ReceiptClaims claims = claims(challenge);
        Map<String, Object> more = members(claims);
        more.put("sub", Base64Url.encode(RANDOM.generateSeed(32)));
        Payable payable = (Payable) verify(challenge, token(mint, ArtifactType.RECEIPT_TOKEN, more));
        Payable plain =
                (Payable) verify(challenge, ReceiptToken.issue(mint, claims).toPayload());
        assertThat(payable.claim()).isEqualTo(plain.claim());
    }

    // ---- what is refused -----------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-RT-4", "T70"})
    void verify_tokenThatAsksForAProofOfPossession_isRefused() {
        Challenge challenge = challenge();
        Map<String, Object> claims = members(claims(challenge));
        claims.put("cnf", Map.of("jkt", Base64Url.encode(RANDOM.generateSeed(32))));
        refused(verify(challenge, token(mint, ArtifactType.RECEIPT_TOKEN, claims)), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T18", "F-RT-10", "F-WS-64"})
    void verify_anotherTyp_isRefused() {
        Challenge challenge = challenge();
        Map<String, Object> claims = members(claims(challenge));
        refused(verify(challenge, token(mint, ArtifactType.WALLET_REQUEST, claims)), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T17", "F-RT-10", "F-WS-64"})
    void verify_algNoneAndSymmetricAlgorithms_areRefused() throws Exception {
        Challenge challenge = challenge();
        String claims = Base64Url.encodeUtf8(CanonicalJson.write(members(claims(challenge))));
        for (String alg : new String[] {"none", "None", "HS256", "HS512", "RS256", "ES256"}) {
            String header =
                    Base64Url.encodeUtf8("{\"alg\":\"" + alg + "\",\"kid\":\"mint-1\",\"typ\":\"receipt-token+jwt\"}");
            for (String signature :
                    new String[] {"", mac("HmacSHA256", header, claims), mac("HmacSHA512", header, claims)}) {
                refused(
                        verify(challenge, payload(header + "." + claims + "." + signature)),
                        ProblemType.VERIFICATION_FAILED);
            }
        }
    }

    @Test
    @Requirement({"T75", "F-KY-20", "F-RT-11", "F-WS-64"})
    void verify_keyOfTheServiceWithAnotherRole_isRefused() {
        Challenge challenge = challenge();
        SigningKey asMint = shop.withRoles(Set.of(Role.RECEIPT_TOKEN));
        refused(
                verify(challenge, ReceiptToken.issue(asMint, claims(challenge)).toPayload()),
                ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-RT-11", "F-KY-11"})
    void verify_keyOfAnotherConfiguredService_isRefused() {
        SigningKey other = mintKey("mint-1");
        published.put(OTHER, document(OTHER, other.publicKey()));
        Challenge challenge = challenge();
        refused(
                verify(challenge, ReceiptToken.issue(other, claims(challenge)).toPayload()),
                ProblemType.VERIFICATION_FAILED);
        Payable own = (Payable) verify(
                challenge, ReceiptToken.issue(other, claims(challenge, OTHER)).toPayload());
        assertThat(((Backing) Objects.requireNonNull(own.claim().source())).service())
                .isEqualTo(OTHER.text());
    }

    @Test
    @Requirement({"T5", "T8", "F-RT-12", "F-RT-13", "F-RT-14", "F-RT-15", "F-RT-16", "F-RT-17"})
    void verify_anyClaimThatDoesNotFit_isRefused() {
        Challenge challenge = challenge();
        long now = clock.instant().getEpochSecond();
        List<Change> changes = List.of(
                new Change("iss", "https://elsewhere.example"),
                new Change("aud", "https://other.example"),
                new Change("cid", "another"),
                new Change("ch", Base64Url.encode(RANDOM.generateSeed(32))),
                new Change("amount", "2001"),
                new Change("currency", "usd"),
                new Change("currency", "eur.e6"),
                new Change("iat", now + 31),
                new Change("exp", now + 301),
                new Change("exp", now - 30),
                new Change("hold_exp", now + 3599),
                new Change("jti", "short"));
        for (Change change : changes) {
            Map<String, Object> claims = members(claims(challenge));
            claims.put(change.claim(), change.value());
            if (change.claim().equals("exp") && (long) change.value() < now) {
                claims.put("iat", now - 100);
            }
            Authorization found = verify(challenge, token(mint, ArtifactType.RECEIPT_TOKEN, claims));
            assertThat(found).as(change.toString()).isInstanceOf(Refused.class);
            refused(found, ProblemType.VERIFICATION_FAILED);
        }
        for (String name : members(claims(challenge)).keySet()) {
            Map<String, Object> claims = members(claims(challenge));
            claims.remove(name);
            refused(
                    verify(challenge, token(mint, ArtifactType.RECEIPT_TOKEN, claims)),
                    ProblemType.VERIFICATION_FAILED);
        }
    }

    @Test
    @Requirement("F-RT-16")
    void verify_lowerAmount_isPaymentInsufficient() {
        Challenge challenge = challenge();
        Map<String, Object> claims = members(claims(challenge));
        claims.put("amount", "1999");
        refused(verify(challenge, token(mint, ArtifactType.RECEIPT_TOKEN, claims)), ProblemType.PAYMENT_INSUFFICIENT);
    }

    @Test
    @Requirement({"F-RT-1", "F-SV-9"})
    void verify_payloadOutsideItsForm_isInvalidPayload() {
        Challenge challenge = challenge();
        refused(verify(challenge, Map.of("type", "receipt")), ProblemType.INVALID_PAYLOAD);
        refused(verify(challenge, Map.of("type", "receipt", "receipt", 5L)), ProblemType.INVALID_PAYLOAD);
        Map<String, Object> order = new HashMap<>(pay(challenge));
        order.put("type", "order");
        refused(verify(challenge, order), ProblemType.INVALID_PAYLOAD);
    }

    // ---- keys ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T21", "F-KY-15", "F-WS-61"})
    void verify_issuerThatIsNotConfigured_causesNoFetch() {
        refresh();
        int before = fetches.get();
        Challenge challenge = challenge();
        Map<String, Object> claims = members(claims(challenge));
        claims.put("iss", "https://169.254.169.254");
        refused(
                verify(challenge, token(mintKey("new"), ArtifactType.RECEIPT_TOKEN, claims)),
                ProblemType.VERIFICATION_FAILED);
        assertThat(fetches).hasValue(before);
    }

    @Test
    @Requirement({"T36", "F-KY-52", "F-WS-62"})
    void verify_unknownKid_isFetchedOnceAMinute() {
        refresh();
        int before = fetches.get();
        SigningKey next = mintKey("mint-2");
        published.put(SERVICE, document(SERVICE, mint.publicKey(), next.publicKey()));
        Challenge challenge = challenge();
        accepted(verify(challenge, ReceiptToken.issue(next, claims(challenge)).toPayload()));
        assertThat(fetches).hasValue(before + 1);
        accepted(verify(challenge, pay(challenge)));
        SigningKey stranger = mintKey("mint-3");
        for (int i = 0; i < 20; i++) {
            refused(
                    verify(
                            challenge,
                            ReceiptToken.issue(stranger, claims(challenge)).toPayload()),
                    ProblemType.VERIFICATION_FAILED);
        }
        assertThat(fetches).hasValue(before + 1);
        clock.advance(Duration.ofSeconds(60));
        verify(challenge, ReceiptToken.issue(stranger, claims(challenge)).toPayload());
        assertThat(fetches).hasValue(before + 2);
    }

    @Test
    @Requirement({"T37", "T75", "F-KY-30", "F-WS-62"})
    void verify_keyRevokedSinceTheToken_isRefusedAfterTheNextRefresh() throws Exception {
        refresh();
        Challenge challenge = challenge();
        Map<String, Object> paid = pay(challenge);
        accepted(verify(challenge, paid));
        Map<String, Object> jwk = new HashMap<>(mint.publicKey().toJwk());
        jwk.put("revoked", clock.instant().getEpochSecond());
        jwk.put("roles", List.of("receipt-token"));
        published.put(SERVICE, document(SERVICE, VerificationKey.parse(jwk)));
        refresh();
        refused(verify(challenge, paid), ProblemType.VERIFICATION_FAILED);
        published.put(SERVICE, document(SERVICE));
        refresh();
        refused(verify(challenge, paid), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T36", "F-KY-30"})
    void verify_keyBeforeItsTime_isRefusedAndTakenFromThen() throws Exception {
        Map<String, Object> jwk = new HashMap<>(mint.publicKey().toJwk());
        jwk.put("nbf", clock.instant().getEpochSecond() + 60);
        jwk.put("exp", clock.instant().getEpochSecond() + 120);
        jwk.put("roles", List.of("receipt-token"));
        published.put(SERVICE, document(SERVICE, VerificationKey.parse(jwk)));
        refresh();
        Challenge challenge = challenge();
        Map<String, Object> paid = pay(challenge);
        refused(verify(challenge, paid), ProblemType.VERIFICATION_FAILED);
        clock.advance(Duration.ofSeconds(60));
        accepted(verify(challenge, paid));
        clock.advance(Duration.ofSeconds(60));
        refused(verify(challenge, paid), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T37", "F-WS-63"})
    void verify_documentTooOld_isNeitherAcceptedNorRefused() {
        refresh();
        published.remove(SERVICE);
        Challenge challenge = challenge();
        Map<String, Object> paid = pay(challenge);
        clock.advance(ServiceKeys.DEFAULT_MAX_AGE.minusSeconds(1));
        assertThat(keys.isReady()).isTrue();
        // The token of this test has expired meanwhile, which can be told with these keys still.
        refused(verify(challenge, paid), ProblemType.VERIFICATION_FAILED);
        clock.advance(Duration.ofSeconds(1));
        assertThat(keys.isReady()).isFalse();
        refused(verify(challenge, paid), ProblemType.LEDGER_UNAVAILABLE);
    }

    @Test
    @Requirement({"F-WS-62", "F-WS-63"})
    void verify_beforeAnyDocument_fetchesOnceAndTellsNobodyNo() {
        published.remove(SERVICE);
        Challenge challenge = challenge();
        refused(verify(challenge, pay(challenge)), ProblemType.LEDGER_UNAVAILABLE);
        refused(verify(challenge, pay(challenge)), ProblemType.LEDGER_UNAVAILABLE);
        assertThat(fetches).hasValue(1);
        published.put(SERVICE, document(SERVICE, mint.publicKey()));
        clock.advance(Duration.ofSeconds(60));
        accepted(verify(challenge, pay(challenge)));
    }

    @Test
    @Requirement("F-KY-10")
    void document_thatNamesAnotherPayee_isNotUsed() {
        published.put(SERVICE, document(OTHER, mint.publicKey()));
        Challenge challenge = challenge();
        refused(verify(challenge, pay(challenge)), ProblemType.LEDGER_UNAVAILABLE);
    }

    @Test
    @Requirement("F-KY-52")
    void refresh_whileOneIsUnderWay_joinsIt() {
        List<CompletableFuture<KeyDirectory>> asked = new ArrayList<>();
        ServiceKeys slow = new ServiceKeys(
                List.of(SERVICE),
                origin -> {
                    CompletableFuture<KeyDirectory> answer = new CompletableFuture<>();
                    asked.add(answer);
                    return answer;
                },
                ServiceKeys.DEFAULT_MAX_AGE,
                clock);
        CompletableFuture<Boolean> first = slow.refresh().toCompletableFuture();
        CompletableFuture<Boolean> second = slow.refresh().toCompletableFuture();
        CompletableFuture<@Nullable KeyDirectory> third =
                slow.documentFor(SERVICE.text(), "mint-1").toCompletableFuture();
        assertThat(asked).hasSize(1);
        asked.get(0).complete(document(SERVICE, mint.publicKey()));
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
        assertThat(third.join()).isNotNull();
    }

    @Test
    void services_noneOrTwice_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServiceKeys(List.of(), this::fetch, ServiceKeys.DEFAULT_MAX_AGE, clock));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new ServiceKeys(List.of(OTHER, OTHER), this::fetch, ServiceKeys.DEFAULT_MAX_AGE, clock))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServiceKeys(List.of(OTHER), this::fetch, ServiceKeys.REFRESH_EVERY, clock));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WalletReceiptMethod(keys, ExposureLimits.DEFAULT, Duration.ofSeconds(119), clock))
                .withMessageContaining("capture window");
    }

    // ---- exposure ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"T61", "F-WS-66", "F-MO-23"})
    void exposureLimit_isCountedInBaseUnitsOfEachScale() {
        ExposureLimits limits = ExposureLimits.DEFAULT.with("0.0000019usd");
        Amount one = Amount.of(1);
        assertThat(limits.baseUnits(new CurrencyId("usd.e6"), one)).isEqualTo(1);
        assertThat(limits.baseUnits(new CurrencyId("usd.e12"), one)).isEqualTo(1_900_000);
        assertThat(limits.baseUnits(new CurrencyId("usd"), one)).isZero();
        assertThat(limits.allows(one, new CurrencyId("usd"))).isFalse();
        assertThat(ExposureLimits.DEFAULT.baseUnits(new CurrencyId("usd.e6"), one))
                .isEqualTo(10_000_000);
        assertThat(ExposureLimits.DEFAULT.baseUnits(new CurrencyId("jpy"), one)).isEqualTo(1_000);
        assertThat(ExposureLimits.DEFAULT.baseUnits(new CurrencyId("unit:page"), one))
                .isEqualTo(1_000);
        assertThat(ExposureLimits.DEFAULT.baseUnits(new CurrencyId("usd"), Amount.of(5_000)))
                .isEqualTo(5_000);
        assertThatIllegalArgumentException().isThrownBy(() -> ExposureLimits.DEFAULT.with("0usd"));
        assertThatIllegalArgumentException().isThrownBy(() -> ExposureLimits.DEFAULT.with("five dollars"));
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private record Change(String claim, Object value) {}

    private void refresh() {
        keys.refresh().toCompletableFuture().join();
    }

    private ReceiptClaims claims(Challenge challenge) {
        return claims(challenge, SERVICE);
    }

    private ReceiptClaims claims(Challenge challenge, Origin service) {
        try {
            String id = Base64Url.encode(RANDOM.generateSeed(16));
            return ReceiptClaims.forChallenge(challenge, service, id, clock.instant(), ReceiptClaims.DEFAULT_HOLD);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a service would sign, as it stands on the wire. */
    private Map<String, Object> members(ReceiptClaims claims) {
        Map<String, Object> members = new HashMap<>();
        try {
            CompactJws.parse(ReceiptToken.issue(mint, claims).format())
                    .claims()
                    .forEach((name, value) -> members.put(name, Objects.requireNonNull(value)));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
        return members;
    }

    private static SigningKey mintKey(String kid) {
        return SigningKey.generate(Algorithm.ED25519, kid, RANDOM).withRoles(Set.of(Role.RECEIPT_TOKEN));
    }

    private static KeyDirectory document(Origin origin, VerificationKey... listed) {
        return KeyDirectory.of(origin, List.of(listed));
    }

    private static Map<String, Object> token(SigningKey key, ArtifactType type, Map<String, Object> claims) {
        return payload(CompactJws.sign(key, type, claims));
    }

    private static Map<String, Object> payload(String token) {
        return Map.of("type", "receipt", "receipt", token);
    }

    private String mac(String algorithm, String header, String claims) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(mint.publicKey().toString().getBytes(StandardCharsets.UTF_8), algorithm));
        byte[] made = mac.doFinal((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(made);
    }

    private static void accepted(Authorization authorization) {
        assertThat(authorization).isInstanceOf(Payable.class);
    }

    private static void refused(Authorization authorization, ProblemType type) {
        assertThat(authorization).isInstanceOf(Refused.class);
        assertThat(((Refused) authorization).why()).isEqualTo(type);
    }
}
