package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;
import static org.farthing.protocol.wallet.ServicePurchase.CHALLENGE;
import static org.farthing.protocol.wallet.ServicePurchase.NOW;
import static org.farthing.protocol.wallet.ServicePurchase.ORDER;
import static org.farthing.protocol.wallet.ServicePurchase.PAYEE;
import static org.farthing.protocol.wallet.ServicePurchase.SERVICE;
import static org.farthing.protocol.wallet.ServicePurchase.WALLET;
import static org.farthing.protocol.wallet.ServicePurchase.WALLET_KEY;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Malformed;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-WS-6", "F-WS-10"})
class PaymentSubmissionTest {

    private static final PaymentSubmission SUBMISSION = new PaymentSubmission(CHALLENGE, ORDER);

    private static PaymentSubmission parse(String json) throws Exception {
        return PaymentSubmission.parse(json.getBytes(UTF_8));
    }

    @Test
    void parse_asThePayerWritesIt_bothPartsVerify() throws Exception {
        PaymentSubmission received = parse(SUBMISSION.format());

        assertThat(received.challenge()).isEqualTo(CHALLENGE);
        assertThat(SubmittedChallenge.verify(received.challenge(), PAYEE, SERVICE, NOW)
                        .request()
                        .amount())
                .isEqualTo(received.order().maxAmount());
        received.order().verify(WALLET_KEY.publicKey(), SERVICE);
        assertThat(received.order().wallet()).isEqualTo(WALLET);
    }

    /** A credential leaves the signature out, a submission needs it: what is signed is the same. */
    @Test
    void parse_challengeEchoedByACredential_sameSignedText() throws Exception {
        Credential credential = Credential.of(CHALLENGE, null, Map.of());

        assertThat(parse(SUBMISSION.format()).challenge().signedPayload())
                .isEqualTo(Credential.parse(credential.format()).challenge().signedPayload());
        assertThat(Challenge.ofEcho(CHALLENGE.echo(), "challenge").withJws(String.valueOf(CHALLENGE.jws())))
                .isEqualTo(CHALLENGE);
    }

    /** The place of a fault tells the payer's part from the rest: they are two problems. */
    @ParameterizedTest
    @CsvSource({
        "order, type,      receipt, VALUE,   body.order.type",
        "order, wallet,    alice,   VALUE,   body.order.wallet",
        "order, maxAmount, 2499,    VALUE,   body.order.maxAmount",
        "order, maxAmount, 2501,    VALUE,   body.order.maxAmount",
        "order, maxAmount, 02500,   VALUE,   body.order.maxAmount",
        "challenge, id,    '',      MISSING, body.challenge.id",
        "challenge, method, Wallet, VALUE,   body.challenge.method",
        "challenge, request, e30=,  ENCODING, body.challenge.request",
        "challenge, expires, soon,  SYNTAX,  body.challenge.expires",
    })
    void parse_memberAgainstItsRule_faultAtItsPlace(String object, String name, String value, Fault fault, String where)
            throws Exception {
        Map<String, Object> challenge = new TreeMap<>(CHALLENGE.echo());
        Map<String, Object> order = ORDER.toPayload();
        (object.equals("order") ? order : challenge).put(name, value);
        String json = CanonicalJson.write(
                Map.of("challenge", challenge, "jws", String.valueOf(CHALLENGE.jws()), "order", order));

        Malformed.assertFault(fault, where, () -> parse(json));
    }

    /** A token is for the whole amount, so an order for less buys none, even where the payee charges by use. */
    @Test
    void submission_orderForLessOfUpto_refused() throws Exception {
        Challenge upto = ServicePurchase.signed(ServicePurchase.request("upto", SERVICE.text()), "c-1");
        PaymentOrder less = PaymentOrder.sign(WALLET_KEY, upto, SERVICE, Amount.of(2499), WALLET);

        assertThat(parse(new PaymentSubmission(upto, ServicePurchase.order(upto)).format())
                        .order()
                        .maxAmount())
                .isEqualTo(Amount.of(2500));
        assertThatThrownBy(() -> new PaymentSubmission(upto, less)).isInstanceOf(IllegalArgumentException.class);
        String json = CanonicalJson.write(
                Map.of("challenge", upto.echo(), "jws", String.valueOf(upto.jws()), "order", less.toPayload()));
        Malformed.assertFault(Fault.VALUE, "body.order.maxAmount", () -> parse(json));
    }

    @Test
    void submission_unsignedOrForAnotherChallenge_refused() {
        Challenge unsigned = new Challenge(CHALLENGE.id(), CHALLENGE.terms(), null, null);
        Challenge other = ServicePurchase.signed("other", CHALLENGE.terms());

        assertThatThrownBy(() -> new PaymentSubmission(unsigned, ORDER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PaymentSubmission(other, ORDER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PaymentSubmission(ReferenceVector.CHALLENGE, ORDER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** An order for the payee's own ledger is none for the service, and the other way round: one signature, one debit. */
    @Test
    @Requirement({"T71", "F-WO-4"})
    void verify_orderForAnotherLedger_rejected() throws Exception {
        PaymentOrder forThePayee =
                PaymentOrder.sign(WALLET_KEY, CHALLENGE, ReferenceVector.ORIGIN, Amount.of(2500), WALLET);
        PaymentSubmission received = parse(new PaymentSubmission(CHALLENGE, forThePayee).format());

        assertThat(rejected(() -> received.order().verify(WALLET_KEY.publicKey(), SERVICE)))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(rejected(() -> ORDER.verify(WALLET_KEY.publicKey(), ReferenceVector.ORIGIN)))
                .isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(rejected(() -> ORDER.verify(WALLET_KEY.publicKey(), new Origin("https://pay.example.org"))))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    /** Anybody can turn an ES256 signature (r, s) into (r, n - s): it is another text for the same order. */
    @Test
    @Requirement({"T19", "F-WS-10"})
    void hash_otherSignatureOverTheSameOrder_same() throws Exception {
        SigningKey key = SigningKey.generate(Algorithm.ES256, null, new SecureRandom());
        String wallet = WalletId.of(key.publicKey());
        PaymentOrder order = PaymentOrder.sign(key, CHALLENGE, SERVICE, Amount.of(2500), wallet);
        PaymentOrder twin = new PaymentOrder(CHALLENGE, Amount.of(2500), wallet, mirrored(order.jws()));
        PaymentOrder elsewhere = PaymentOrder.sign(key, CHALLENGE, SERVICE, Amount.of(2500), WALLET);

        order.verify(key.publicKey(), SERVICE);
        twin.verify(key.publicKey(), SERVICE);
        assertThat(twin.jws()).isNotEqualTo(order.jws());
        assertThat(twin.hash(SERVICE)).isEqualTo(order.hash(SERVICE));
        assertThat(elsewhere.hash(SERVICE)).isNotEqualTo(order.hash(SERVICE));
        assertThat(order.hash(ReferenceVector.ORIGIN)).isNotEqualTo(order.hash(SERVICE));
    }

    private static String mirrored(String jws) throws Exception {
        BigInteger n = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        int dots = jws.indexOf("..") + 2;
        byte[] signature = Base64Url.decode(jws.substring(dots), "signature");
        byte[] s = n.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        Arrays.fill(signature, 32, 64, (byte) 0);
        int length = Math.min(s.length, 32);
        System.arraycopy(s, s.length - length, signature, 64 - length, length);
        return jws.substring(0, dots) + Base64Url.encode(signature);
    }

    /** The payee cannot put its own signature where the payer's belongs, nor the payer its own for the payee's. */
    @Test
    @Requirement("T18")
    void verify_signaturesExchanged_rejected() throws Exception {
        PaymentOrder stolen = new PaymentOrder(CHALLENGE, Amount.of(2500), WALLET, String.valueOf(CHALLENGE.jws()));
        PaymentOrder asChallenge = new PaymentOrder(
                CHALLENGE,
                Amount.of(2500),
                WALLET,
                DetachedJws.sign(WALLET_KEY, ArtifactType.CHALLENGE, CHALLENGE.signedPayload()));

        assertThat(rejected(() -> stolen.verify(ServicePurchase.PAYEE_KEY.publicKey(), SERVICE)))
                .isEqualTo(Reason.WRONG_TYPE);
        assertThat(rejected(() -> asChallenge.verify(WALLET_KEY.publicKey(), SERVICE)))
                .isEqualTo(Reason.WRONG_TYPE);
    }
}
