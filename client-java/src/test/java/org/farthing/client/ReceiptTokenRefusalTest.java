package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A receipt token that the payee would refuse, or that pays somebody else, never leaves for the payee. */
@Timeout(60)
class ReceiptTokenRefusalTest {

    @TempDir
    Path temp;

    private ServiceFixture fixture;
    private final AtomicReference<Challenge> submitted = new AtomicReference<>();

    @BeforeEach
    void start() throws Exception {
        fixture = new ServiceFixture(temp);
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            if (request.target().equals("/v1/payments")) {
                submitted.set(read(request.text()));
            }
            return honest.apply(request);
        });
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private static Challenge read(String body) {
        try {
            return PaymentSubmission.parse(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .challenge();
        } catch (org.farthing.protocol.MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** An honest token's claims, changed. */
    private String token(SigningKey key, UnaryOperator<Map<String, Object>> change) {
        return CompactJws.sign(key, ArtifactType.RECEIPT_TOKEN, change.apply(honest()));
    }

    private Map<String, Object> honest() {
        try {
            ReceiptToken token = ReceiptToken.issue(fixture.service.key(), fixture.service.claims(submitted.get()));
            return new TreeMap<>(CompactJws.parse(token.format()).claims());
        } catch (org.farthing.protocol.MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private String with(String claim, Object value) {
        return token(fixture.service.key(), claims -> {
            claims.put(claim, value);
            return claims;
        });
    }

    private String wrong(String kind) {
        long now = fixture.clock().instant().getEpochSecond();
        return switch (kind) {
            case "challenge id" -> with("cid", "challenge-0");
            case "challenge hash" -> with("ch", "A".repeat(43));
            case "audience" -> with("aud", "http://127.0.0.1:1");
            case "issuer" -> with("iss", "http://127.0.0.1:1");
            case "too little" -> with("amount", "2499");
            case "too much" -> with("amount", "2501");
            case "currency" -> with("currency", "usd.e4");
            case "expired" ->
                token(fixture.service.key(), claims -> {
                    claims.put("iat", now - 100);
                    claims.put("exp", now - 40);
                    return claims;
                });
            case "too long" -> with("exp", now + 301);
            case "hold too short" -> with("hold_exp", now + 310);
            case "from the future" -> with("iat", now + 31);
            case "proof of possession" -> with("cnf", Map.of("jkt", "A".repeat(43)));
            case "another key" ->
                token(
                        SigningKey.generate(Algorithm.ED25519, "w-1", new SecureRandom())
                                .withRoles(Set.of(Role.RECEIPT_TOKEN)),
                        claims -> claims);
            case "key of the payee" ->
                token(fixture.payee().key().withRoles(Set.of(Role.RECEIPT_TOKEN)), claims -> claims);
            case "no signature" -> {
                String good = token(fixture.service.key(), claims -> claims);
                yield good.substring(0, good.lastIndexOf('.') + 1);
            }
            case "another type" ->
                CompactJws.sign(
                        SigningKey.generate(Algorithm.ED25519, "w-1", new SecureRandom()),
                        ArtifactType.WALLET_REQUEST,
                        honest());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "challenge id",
                "challenge hash",
                "audience",
                "issuer",
                "too little",
                "too much",
                "currency",
                "expired",
                "too long",
                "hold too short",
                "from the future",
                "proof of possession",
                "another key",
                "key of the payee",
                "no signature",
                "another type"
            })
    @Requirement({"F-CL-64", "F-RT-4", "T4", "T5", "T16", "T17", "T18", "T75"})
    void send_tokenThatDoesNotHold_neverGoesToThePayee(String kind) throws Exception {
        fixture.service.forge(reply -> new PaymentReply(reply.payment(), wrong(kind)));
        PaidResponse<String> answer = fixture.fixture.get("/page");
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(((Unknown) answer.outcome()).words()).contains("receipt token");
        assertThat(fixture.credentials()).isEmpty();
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        assertThat(fixture.service.orders()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-64", "F-KY-20", "T75"})
    void send_serviceWhoseKeysSignNoReceipts_isNotUsedAtAll() throws Exception {
        SigningKey challengeKey = fixture.service.key().withRoles(Set.of(Role.CHALLENGE));
        fixture.service.publish(KeyDirectory.of(fixture.wallets.origin(), List.of(challengeKey.publicKey())));
        assertThat(fixture.fixture.get("/page").outcome()).isInstanceOf(PaymentOutcome.Declined.class);
        assertThat(fixture.wallets.received()).isEmpty();
        assertThat(fixture.fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-64", "F-KY-52"})
    void send_tokenOfANewerKey_isCheckedWithTheNewerDocument() throws Exception {
        assertThat(fixture.fixture.get("/one").outcome()).isInstanceOf(Served.class);
        fixture.clock().advance(Duration.ofSeconds(61));
        SigningKey newer = SigningKey.generate(Algorithm.ED25519, "w-2", new SecureRandom())
                .withRoles(Set.of(Role.RECEIPT_TOKEN));
        KeyDirectory both = KeyDirectory.of(
                fixture.wallets.origin(), List.of(fixture.service.key().publicKey(), newer.publicKey()));
        fixture.service.publish(both);
        fixture.payee().accept(both);
        fixture.service.forge(reply -> new PaymentReply(
                reply.payment(),
                ReceiptToken.issue(newer, fixture.service.claims(submitted.get()))
                        .format()));
        assertThat(fixture.fixture.get("/two").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.wallets.keyRequests()).hasSize(2);
    }

    @Test
    @Requirement({"F-CL-64", "F-WS-3"})
    void send_answerAboutAnotherPayment_isNone() throws Exception {
        fixture.wallets.script(request -> {
            if (request.target().equals("/v1/payments")) {
                Reply unused = fixture.service.honest().apply(request);
                return Reply.of(201)
                        .body(
                                "{\"payment\":{\"amount\":\"2500\",\"captured\":\"0\",\"challengeId\":\"other\"},\"receipt\":\"\"}");
            }
            return fixture.service.honest().apply(request);
        });
        assertThat(fixture.fixture.get("/page").outcome()).isInstanceOf(Unknown.class);
        assertThat(fixture.credentials()).isEmpty();
    }
}
