package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.server.ledger.Wallet;
import org.farthing.testing.Altered;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of bad inputs (spec/problems.md, F-PR-50 and F-PR-51; protocol section 5.2), as raw bytes: each gets its one
 * answer, nothing is charged, no handler runs, and nothing of the inside comes out.
 */
@Requirement({"F-PR-50", "F-PR-51", "F-PR-7", "S28", "S44", "T44"})
class BadInputTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
    }

    @AfterEach
    void nothingHappened() {
        try {
            assertThat(paywall.executions).hasValue(0);
            assertThat(paywall.nothingMoved()).isTrue();
        } finally {
            paywall.close();
        }
    }

    // ---- the field -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer abc",
                "Basic YTpi",
                "Digest username=\"a\", realm=\"Payment x\"",
                "Payments abc",
                "PaymentX y"
            })
    @Requirement({"S7", "F-CR-5"})
    void otherSchemeAlone_paymentRequired(String value) throws Exception {
        refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.PAYMENT_REQUIRED, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment",
                "Payment ",
                "Payment =",
                "Payment ====",
                "Payment a",
                "Payment !!!",
                "Payment e30",
                "Payment bnVsbA",
                "Payment W10",
                "Payment eyJhIjoxfQ",
                "Payment id=\"x\"",
                "Payment e30 e30",
                "Payment\te30",
                "payment eyJjaGFsbGVuZ2UiOnt9LCJwYXlsb2FkIjp7fX0",
                "Payment eyJjaGFsbGVuZ2UiOjEsInBheWxvYWQiOnt9fQ"
            })
    @Requirement({"S2", "T27", "T50", "F-CR-1", "F-CR-6", "F-CR-20", "F-CR-21"})
    void undecodableCredential_malformedCredential(String value) throws Exception {
        refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.MALFORMED_CREDENTIAL, null);
    }

    @Test
    @Requirement({"T24", "F-CR-24", "F-EN-14"})
    void duplicateMember_malformedCredential() throws Exception {
        String json = json(paywall.alice.credential(challenge("/docs/a")));
        String twice = json.replaceFirst("\"payload\":", "\"payload\":{},\"payload\":");
        assertThat(twice).isNotEqualTo(json);
        refuses(paywall.get("/docs/a", payment(twice)), ProblemType.MALFORMED_CREDENTIAL, null);
    }

    @Test
    @Requirement({"T27", "F-CR-6"})
    void paddedOrRespeltBase64_malformedCredential() throws Exception {
        String token = paywall.alice.credential(challenge("/docs/a")).token68();
        refuses(
                paywall.get("/docs/a", "Authorization: Payment " + token + "="),
                ProblemType.MALFORMED_CREDENTIAL,
                null);
        String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String standard = Base64.getEncoder().encodeToString((json + "   ").getBytes(StandardCharsets.UTF_8));
        if (!standard.contains("=")) {
            standard = Base64.getEncoder().encodeToString((json + "    ").getBytes(StandardCharsets.UTF_8));
        }
        refuses(paywall.get("/docs/a", "Authorization: Payment " + standard), ProblemType.MALFORMED_CREDENTIAL, null);
    }

    @Test
    @Requirement({"S52", "T49", "F-CR-3", "F-SV-4", "S56"})
    void twoFieldLines_badRequest() throws Exception {
        String value = paywall.alice.pay(challenge("/docs/a"));
        refuses(
                paywall.get("/docs/a", "Authorization: " + value, "Authorization: " + value),
                ProblemType.BAD_REQUEST,
                null);
        refuses(
                paywall.get("/docs/a", "Authorization: Bearer abc", "Authorization: " + value),
                ProblemType.BAD_REQUEST,
                null);
    }

    @Test
    @Requirement({"S52", "T49", "F-CR-3"})
    void listInOneField_badRequest() throws Exception {
        String value = paywall.alice.pay(challenge("/docs/a"));
        for (String list :
                new String[] {value + ", " + value, "Bearer abc, " + value, value + ", Bearer abc", value + ","}) {
            refuses(paywall.get("/docs/a", "Authorization: " + list), ProblemType.BAD_REQUEST, null);
        }
    }

    @Test
    @Requirement({"S53", "F-CR-4"})
    void bothFields_badRequest() throws Exception {
        String value = paywall.alice.pay(challenge("/docs/a"));
        refuses(
                paywall.get("/docs/a", "Authorization: " + value, "Payment-Authorization: " + value),
                ProblemType.BAD_REQUEST,
                null);
    }

    @Test
    @Requirement({"S53", "F-CR-7"})
    void fieldTheChallengeDidNotSelect_invalidChallenge() throws Exception {
        Challenge challenge = challenge("/docs/a");
        refuses(
                paywall.get("/docs/a", "Payment-Authorization: " + paywall.alice.pay(challenge)),
                ProblemType.INVALID_CHALLENGE,
                challenge.id());
    }

    @Test
    @Requirement({"T50", "F-CR-2"})
    void otherPlaces_areNeverRead() throws Exception {
        String value = paywall.alice.pay(challenge("/docs/a"));
        refuses(paywall.get("/docs/a", "Proxy-Authorization: " + value), ProblemType.PAYMENT_REQUIRED, null);
        refuses(paywall.get("/docs/a", "Cookie: Authorization=" + value), ProblemType.PAYMENT_REQUIRED, null);
        String query = "/docs/a?Authorization=" + value.replace(" ", "%20");
        refuses(paywall.get(query), ProblemType.PAYMENT_REQUIRED, null);
        refuses(paywall.send("POST", "/docs/a", "Authorization=" + value), ProblemType.PAYMENT_REQUIRED, null);
    }

    @Test
    @Requirement({"T23", "F-SV-1"})
    void fieldOverTheConnectorsLimit_431() {
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: Payment " + "A".repeat(20_000));
        assertThat(answer.getStatus()).isEqualTo(431);
    }

    // ---- the challenge -------------------------------------------------------------------------------------------

    @Test
    @Requirement({"S3", "S13", "S16", "S22", "S42", "T8", "T31", "F-BI-1", "F-BI-3", "F-BI-4", "F-SV-6"})
    void anyEchoedParameterChanged_invalidChallenge() throws Exception {
        Challenge challenge = challenge("/docs/a");
        ChallengeTerms terms = challenge.terms();
        Challenge other = challenge("/docs/b");
        tampered(challenge, Altered.first(challenge.id()), terms);
        tampered(challenge, challenge.id() + "A", terms);
        tampered(challenge, other.id(), terms);
        tampered(challenge, challenge.id(), with(terms, "realm", "evil.example"));
        tampered(challenge, challenge.id(), with(terms, "intent", "session"));
        tampered(challenge, challenge.id(), with(terms, "request", cheaper(challenge)));
        tampered(challenge, challenge.id(), with(terms, "expires", "2027-01-01T00:00:00Z"));
        tampered(challenge, challenge.id(), with(terms, "expires", null));
        tampered(
                challenge,
                challenge.id(),
                with(terms, "digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"));
        tampered(challenge, challenge.id(), with(terms, "opaque", other.opaque()));
        tampered(challenge, challenge.id(), with(terms, "opaque", null));
    }

    private void tampered(Challenge original, String id, ChallengeTerms terms) throws Exception {
        Challenge changed = new Challenge(id, terms, null, original.jws());
        String value = Credential.of(changed, null, Map.copyOf(order(original))).format();
        refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.INVALID_CHALLENGE, id);
    }

    @Test
    @Requirement({"T4", "F-SV-7", "F-BI-24"})
    void challengeOfAnotherRoute_invalidChallenge() throws Exception {
        Challenge challenge = challenge("/docs/cheap");
        String value = "Authorization: " + paywall.alice.pay(challenge);
        refuses(paywall.get("/docs/dear", value), ProblemType.INVALID_CHALLENGE, challenge.id());
        refuses(paywall.get("/docs/cheap?x=1", value), ProblemType.INVALID_CHALLENGE, challenge.id());
        refuses(paywall.send("POST", "/docs/cheap", null, value), ProblemType.INVALID_CHALLENGE, challenge.id());
        refuses(paywall.send("HEAD", "/docs/cheap", null, value), null, challenge.id());
    }

    @Test
    @Requirement({"T5", "F-BI-13"})
    void sameSecretAtAnotherPayee_invalidChallenge() throws Exception {
        Challenge challenge = challenge("/docs/a");
        SecretRing ring = SecretRing.builder().current(paywall.secret).build();
        ChallengeTerms realm = with(challenge.terms(), "realm", "other.example");
        foreign(new Challenge(ring.id(realm), realm, null, null));
        PaymentRequest mine = challenge.paymentRequest();
        PaymentRequest theirs = new PaymentRequest(
                mine.amount(), mine.currency(), "https://other.example", null, null, mine.methodDetails(), Map.of());
        ChallengeTerms payee = with(challenge.terms(), "request", theirs.format());
        foreign(new Challenge(ring.id(payee), payee, null, null));
        ChallengeTerms session = with(challenge.terms(), "intent", "session");
        foreign(new Challenge(ring.id(session), session, null, null));
        ChallengeTerms unbound = with(challenge.terms(), "opaque", null);
        foreign(new Challenge(ring.id(unbound), unbound, null, null));
        ChallengeTerms eternal = with(challenge.terms(), "expires", null);
        foreign(new Challenge(ring.id(eternal), eternal, null, null));
    }

    private void foreign(Challenge challenge) throws Exception {
        String value =
                paywall.alice.credential(challenge, Amount.of(Paywall.PRICE)).format();
        refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.INVALID_CHALLENGE, challenge.id());
    }

    @Test
    @Requirement({"S3", "S56", "T16", "F-SV-11", "F-RE-18", "F-ST-14"})
    void expiredChallenge_paymentExpired() throws Exception {
        Challenge challenge = challenge("/docs/a");
        paywall.clock.advance(Duration.ofMinutes(5));
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
        Problem problem = refuses(answer, ProblemType.PAYMENT_EXPIRED, challenge.id());
        assertThat(problem.text("expiredAt")).contains(challenge.expires());
        assertThat(problem.text("serverTime")).contains("2026-11-22T10:05:00Z");
        assertThat(problem.text("charged")).isEmpty();
    }

    @Test
    @Requirement({"F-RE-19", "F-PR-42", "F-OU-4"})
    void challengeOlderThanTheRetentionOfClaims_chargedIsUnknown() throws Exception {
        Challenge challenge = challenge("/docs/a");
        paywall.clock.advance(Duration.ofHours(25));
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge));
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.get("Payment-Outcome")).isEqualTo("pending;id=\"" + challenge.id() + "\"");
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_EXPIRED);
        assertThat(problem.text("charged")).contains("unknown");
        assertThat(problem.resolutions()).anyMatch(way -> way.rel().equals("statement"));
        assertThat(problem.detail()).contains("not known");
    }

    @Test
    @Requirement({"S31", "F-CR-27", "F-SV-5"})
    void methodThisServerDoesNotHave_methodUnsupported() throws Exception {
        Challenge challenge = challenge("/docs/a");
        Challenge other = new Challenge(challenge.id(), with(challenge.terms(), "method", "lightning"), null, null);
        String value = Credential.of(other, null, Map.of("x", "y")).format();
        Problem problem =
                refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.METHOD_UNSUPPORTED, other.id());
        assertThat(problem.extensions().get("supported")).isEqualTo(List.of("wallet"));
    }

    // ---- the proof -----------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-WO-1", "F-WO-3", "F-WO-20", "T25", "T28", "F-CR-26", "F-SV-9", "S56"})
    void payloadAgainstItsSchema_invalidPayload() throws Exception {
        payload(order -> null);
        payload(order -> without(order, "jws"));
        payload(order -> without(order, "wallet"));
        payload(order -> without(order, "type"));
        payload(order -> set(order, "type", "receipt"));
        payload(order -> set(order, "wallet", "alice"));
        payload(order -> set(order, "wallet", 7L));
        for (Object amount :
                new Object[] {"-1", "01", "1.0", "1e3", "+5", "1999", "2001", "99999999999999999999", 2000L, "٢"}) {
            payload(order -> set(order, "maxAmount", amount));
        }
    }

    private void payload(UnaryOperator<@Nullable Map<String, Object>> change) throws Exception {
        Challenge challenge = challenge("/docs/a");
        Map<String, Object> changed = change.apply(order(challenge));
        String value = Credential.of(challenge, null, Map.copyOf(changed == null ? Map.of() : changed))
                .format();
        refuses(paywall.get("/docs/a", "Authorization: " + value), ProblemType.INVALID_PAYLOAD, challenge.id());
    }

    @Test
    @Requirement({"S4", "T17", "T18", "T53", "T71", "F-WO-4", "F-WO-21", "F-PR-9", "F-PR-32"})
    void proofThatDoesNotHold_verificationFailedWithOneText() throws Exception {
        SigningKey mallory = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        Payer unknown = Payer.with(mallory);
        Payer thief = new Payer(mallory, paywall.alice.wallet());
        Payer other = Payer.with(SigningKey.generate(Algorithm.ES256, null, RANDOM));
        Problem first = failed(challenge -> unknown.credential(challenge));
        assertThat(failed(challenge -> thief.credential(challenge)).detail()).isEqualTo(first.detail());
        assertThat(failed(challenge -> other.credential(challenge)).detail()).isEqualTo(first.detail());
        assertThat(failed(challenge -> orderFor(challenge, "https://wallet.example"))
                        .detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "..", "...")).detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "..", "..A")).detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "payment-order+jws", "payment-receipt+jws"))
                        .detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "EdDSA", "none")).detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "EdDSA", "HS256")).detail())
                .isEqualTo(first.detail());
        assertThat(failed(challenge -> respelt(challenge, "EdDSA", "ES256")).detail())
                .isEqualTo(first.detail());
        assertThat(first.extensions()).doesNotContainKeys("available", "required", "currency");
    }

    private Problem failed(Function<Challenge, Credential> proof) throws Exception {
        Challenge challenge = challenge("/docs/a");
        String value = proof.apply(challenge).format();
        return refuses(
                paywall.get("/docs/a", "Authorization: " + value), ProblemType.VERIFICATION_FAILED, challenge.id());
    }

    @Test
    @Requirement({"F-WO-23", "S6"})
    void suspendedWallet_403WithoutChallenge() throws Exception {
        Paywall.await(paywall.ledger().setStatus(paywall.alice.wallet(), Wallet.Status.SUSPENDED));
        Challenge challenge = challenge("/docs/a");
        refuses(
                paywall.get("/docs/a", "Authorization: " + paywall.alice.pay(challenge)),
                ProblemType.WALLET_SUSPENDED,
                challenge.id());
    }

    @Test
    @Requirement({"F-PR-32", "F-ST-13", "F-WO-23", "T28", "T29"})
    void tooLittleMoney_insufficientFunds() throws Exception {
        Payer poor = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
        paywall.open(poor, 1_200);
        Challenge challenge = challenge("/docs/a");
        HttpTester.Response answer = paywall.get("/docs/a", "Authorization: " + poor.pay(challenge));
        Problem problem = refuses(answer, ProblemType.INSUFFICIENT_FUNDS, challenge.id());
        assertThat(problem.text("required")).contains("2000");
        assertThat(problem.text("available")).contains("1200");
        assertThat(problem.text("currency")).contains("usd.e6");
        assertThat(paywall.account(poor).available()).isEqualTo(1_200);
    }

    // ---- everything ----------------------------------------------------------------------------------------------

    /** Checks the whole answer; with a null type only that nothing was served. */
    private static Problem refuses(HttpTester.Response answer, @Nullable ProblemType type, @Nullable String challengeId)
            throws MalformedException {
        boolean pay = answer.getStatus() == 402;
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(pay ? 1 : 0);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Payment-Outcome"))
                .isEqualTo(challengeId == null ? null : "refused;id=\"" + challengeId + "\"");
        if (type == null) {
            assertThat(answer.getStatus()).isEqualTo(402);
            return Problem.of(ProblemType.PAYMENT_REQUIRED, "");
        }
        if (pay) {
            Challenge fresh = Payer.challengeOf(answer);
            assertThat(fresh.id()).isNotEqualTo(challengeId);
            assertThat(fresh.jws()).isNotNull();
        }
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isEqualTo(type);
        assertThat(answer.getStatus()).isEqualTo(type.defaultStatus());
        assertThat(problem.status()).isEqualTo(answer.getStatus());
        assertThat(answer.get("X-Request-Id")).isEqualTo(problem.requestId());
        assertThat(problem.text("challengeId")).isEqualTo(Optional.ofNullable(challengeId));
        assertThat(problem.extensions()).containsKey("retryable");
        // A challenge id is random and may have any letters in it.
        assertThat(answer.getContent().replace(String.valueOf(challengeId), ""))
                .doesNotContain("Exception", "org.farthing", "at java", ".java", "SQL");
        return problem;
    }

    private Challenge challenge(String path) {
        return Payer.challengeOf(paywall.get(path));
    }

    private Map<String, Object> order(Challenge challenge) throws MalformedException {
        return paywall.alice.credential(challenge).payload().entrySet().stream()
                .collect(TreeMap::new, (map, e) -> map.put(e.getKey(), String.valueOf(e.getValue())), TreeMap::putAll);
    }

    private Credential orderFor(Challenge challenge, String ledger) {
        PaymentOrder order = PaymentOrder.sign(
                paywall.alice.key(), challenge, new Origin(ledger), Amount.of(Paywall.PRICE), paywall.alice.wallet());
        try {
            return Credential.of(challenge, null, Map.copyOf(order.toPayload()));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** Replaces within the order's signature: in its decoded header, or else in its text. */
    private Credential respelt(Challenge challenge, String what, String by) {
        try {
            Map<String, Object> order = order(challenge);
            String jws = String.valueOf(order.get("jws"));
            int dot = jws.indexOf('.');
            String header = new String(Base64.getUrlDecoder().decode(jws.substring(0, dot)), StandardCharsets.UTF_8);
            String changed =
                    header.contains(what) ? b64(header.replace(what, by)) + jws.substring(dot) : jws.replace(what, by);
            assertThat(changed).isNotEqualTo(jws);
            return Credential.of(challenge, null, Map.copyOf(set(order, "jws", changed)));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static String cheaper(Challenge challenge) throws MalformedException {
        PaymentRequest request = challenge.paymentRequest();
        return new PaymentRequest(
                        Amount.of(1),
                        request.currency(),
                        request.recipient(),
                        request.description(),
                        null,
                        request.methodDetails(),
                        Map.of())
                .format();
    }

    private static ChallengeTerms with(ChallengeTerms terms, String name, @Nullable String value) {
        String text = value == null ? "" : value;
        return new ChallengeTerms(
                name.equals("realm") ? text : terms.realm(),
                name.equals("method") ? text : terms.method(),
                name.equals("intent") ? text : terms.intent(),
                name.equals("request") ? text : terms.request(),
                name.equals("expires") ? value : terms.expires(),
                name.equals("digest") ? value : terms.digest(),
                name.equals("opaque") ? value : terms.opaque(),
                terms.header());
    }

    private static Map<String, Object> set(@Nullable Map<String, Object> map, String name, Object value) {
        Map<String, Object> changed = new TreeMap<>(map == null ? Map.of() : map);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(@Nullable Map<String, Object> map, String name) {
        Map<String, Object> changed = new TreeMap<>(map == null ? Map.of() : map);
        changed.remove(name);
        return changed;
    }

    private static String json(Credential credential) {
        return new String(Base64.getUrlDecoder().decode(credential.token68()), StandardCharsets.UTF_8);
    }

    private static String payment(String json) {
        return "Authorization: Payment " + b64(json);
    }

    private static String b64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
