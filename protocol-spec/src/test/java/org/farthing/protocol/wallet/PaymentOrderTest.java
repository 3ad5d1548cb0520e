package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-WO-1", "F-WO-2", "F-WO-3", "F-WO-4", "F-WO-6"})
class PaymentOrderTest {

    private static final SigningKey KEY = ReferenceVector.KEY;
    private static final Origin LEDGER = ReferenceVector.ORIGIN;
    private static final Amount PRICE = Amount.of(2500);
    private static final String WALLET = "w_7Q2k";
    private static final SigningKey OTHER = SigningKey.generate(Algorithm.ES256, "named", new SecureRandom());

    @Test
    void sign_referenceVector_sameBytes() {
        PaymentOrder order = PaymentOrder.sign(KEY, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);

        assertThat(order.jws())
                .isEqualTo(
                        "eyJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsiLCJ0"
                                + "eXAiOiJwYXltZW50LW9yZGVyK2p3cyJ9..6H0g-WYie0smRpzIi7AwhTZlRRKqlwCdhWxoEXxzFb87u968Gi6JE5U"
                                + "YbZBeaRRC4JXxwZ-s1ZIYqSA9Dk-YDQ");
    }

    @Test
    void signedPayload_anyOrder_canonicalJson() throws Exception {
        String payload = PaymentOrder.signedPayload(ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);
        Map<String, ?> members = StrictJson.parseObject(payload, "payload", StrictJson.Limits.FIELD);

        assertThat(CanonicalJson.write(members)).isEqualTo(payload);
        assertThat(members).containsOnlyKeys("challenge", "ledger", "maxAmount", "wallet");
    }

    @Test
    void parse_credentialRoundTrip_verifies() throws Exception {
        for (SigningKey key : new SigningKey[] {KEY, OTHER}) {
            PaymentOrder order = PaymentOrder.sign(key, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);
            Credential sent = Credential.of(ReferenceVector.CHALLENGE, null, order.toPayload());

            PaymentOrder received = PaymentOrder.parse(Credential.parse(sent.format()));

            assertThat(received.kid()).isEqualTo(key.publicKey().thumbprint());
            assertThat(received.toPayload()).containsOnlyKeys("type", "wallet", "jws");
            received.verify(key.publicKey(), LEDGER);
        }
    }

    @Test
    @Requirement("T71")
    void verify_atAnotherLedger_rejected() {
        PaymentOrder order = PaymentOrder.sign(KEY, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);

        assertThat(rejected(() -> order.verify(KEY.publicKey(), new Origin("https://wallet.example"))))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void verify_anotherWalletAmountOrKey_rejected() {
        PaymentOrder order = PaymentOrder.sign(KEY, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());

        assertThat(rejected(() -> new PaymentOrder(order.challenge(), PRICE, "w_other", order.jws())
                        .verify(KEY.publicKey(), LEDGER)))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(rejected(() -> new PaymentOrder(order.challenge(), Amount.of(2501), WALLET, order.jws())
                        .verify(KEY.publicKey(), LEDGER)))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(rejected(() -> order.verify(stranger.publicKey(), LEDGER))).isEqualTo(Reason.UNKNOWN_KEY);
    }

    /** A payee's signature over the same challenge is no order, though the key be the same. */
    @Test
    @Requirement("T18")
    void verify_challengeSignatureAsOrder_rejected() {
        PaymentOrder order = new PaymentOrder(ReferenceVector.CHALLENGE, PRICE, WALLET, ReferenceVector.JWS);

        assertThat(rejected(() -> order.verify(KEY.publicKey(), LEDGER))).isEqualTo(Reason.WRONG_TYPE);
    }

    @Property(tries = 200)
    @Requirement({"T4", "T5", "T8", "T15"})
    void verify_anyChallengeMemberChanged_rejected(@ForAll @IntRange(max = 6) int member) {
        PaymentOrder order = PaymentOrder.sign(KEY, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);
        ChallengeTerms t = ReferenceVector.CHALLENGE.terms();
        String[] m = {
            ReferenceVector.CHALLENGE.id(), t.realm(), t.method(), t.intent(), t.expires(), t.digest(), t.opaque()
        };
        m[member] = m[member] + (member == 2 ? "x" : "1");
        Challenge changed = new Challenge(
                m[0], new ChallengeTerms(m[1], m[2], m[3], t.request(), m[4], m[5], m[6], null), null, null);

        assertThat(rejected(
                        () -> new PaymentOrder(changed, PRICE, WALLET, order.jws()).verify(KEY.publicKey(), LEDGER)))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Property(tries = 100)
    void parse_maxAmount_byTheCaptureMode(@ForAll @LongRange(max = 5000) long max) throws Exception {
        for (String capture : new String[] {"exact", "upto"}) {
            Map<String, Object> payload = new HashMap<>(Map.of("type", "order", "wallet", WALLET, "jws", "x"));
            payload.put("maxAmount", Long.toString(max));
            Credential credential = Credential.of(challenge(capture), null, payload);

            if (max == 2500 || (max < 2500 && capture.equals("upto"))) {
                PaymentOrder order = PaymentOrder.parse(credential);
                assertThat(order.maxAmount()).isEqualTo(Amount.of(max));
                assertThat(order.toPayload().containsKey("maxAmount")).isEqualTo(max != 2500);
            } else {
                assertThatThrownBy(() -> PaymentOrder.parse(credential)).isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void parse_brokenPayload_malformed() {
        Object[][] broken = {
            {"type", "receipt"},
            {"type", 1L},
            {"type", null},
            {"wallet", "7Q2k"},
            {"wallet", 7L},
            {"jws", null},
            {"maxAmount", 2500L},
            {"maxAmount", "02500"},
            {"maxAmount", "-1"},
            {"maxAmount", ""}
        };
        for (Object[] change : broken) {
            Map<String, Object> payload = new HashMap<>(Map.of("type", "order", "wallet", WALLET, "jws", "x"));
            payload.put((String) change[0], change[1]);

            assertThatThrownBy(() -> PaymentOrder.parse(Credential.of(ReferenceVector.CHALLENGE, null, payload)))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> PaymentOrder.parse(Credential.of(ReferenceVector.CHALLENGE, null, Map.of())))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    @Requirement({"T38", "S40"})
    void toString_order_noSignature() {
        PaymentOrder order = PaymentOrder.sign(KEY, ReferenceVector.CHALLENGE, LEDGER, PRICE, WALLET);

        assertThat(order.toString())
                .doesNotContain(order.jws().substring(order.jws().length() - 20));
    }

    private static Challenge challenge(String capture) {
        String request =
                Base64Url.encodeUtf8("{\"amount\":\"2500\",\"currency\":\"usd.e6\",\"methodDetails\":{\"capture\":\""
                        + capture + "\"},\"recipient\":\"https://api.example.com\"}");
        ChallengeTerms terms = ReferenceVector.CHALLENGE.terms();
        return new Challenge(
                "id",
                new ChallengeTerms("r", "wallet", "charge", request, terms.expires(), null, terms.opaque(), null),
                null,
                null);
    }
}
