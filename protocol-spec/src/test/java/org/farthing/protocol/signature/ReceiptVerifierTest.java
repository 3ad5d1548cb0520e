package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.protocol.signature.Rejections.rejected;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-RC-5", "F-RC-20", "F-RC-21", "T35", "C20"})
class ReceiptVerifierTest {

    private static final SigningKey KEY = ReferenceVector.KEY;
    private static final Instant NOW = ReferenceVector.NOW;

    private static Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("status", "success");
        members.put("method", "wallet");
        members.put("timestamp", "2026-11-22T10:01:07Z");
        members.put("reference", "ch_01J9ZK4T7Q");
        members.put("intent", "charge");
        members.put("challengeId", ReferenceVector.CHALLENGE.id());
        members.put("amount", "2500");
        members.put("currency", "usd.e6");
        members.put("recipient", "https://api.example.com");
        members.put("rb", ReferenceVector.TARGET.rb());
        return members;
    }

    @Test
    void verifyFor_ownReceipt_accepted() throws Exception {
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members()));

        PaymentReceipt received = PaymentReceipt.parse(receipt.format());

        ReceiptVerifier.verify(received, ReferenceVector.DIRECTORY, NOW);
        ReceiptVerifier.verifyFor(received, ReferenceVector.CHALLENGE, ReferenceVector.DIRECTORY, NOW);
    }

    @Test
    void verify_unknownMembers_signedToo() throws Exception {
        Map<String, @Nullable Object> members = members();
        members.put("x-extra", List.of("a", Map.of("b", true)));
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members));
        ReceiptVerifier.verify(receipt, ReferenceVector.DIRECTORY, NOW);

        Map<String, @Nullable Object> dropped = new HashMap<>(receipt.members());
        dropped.remove("x-extra");
        assertThat(rejected(() -> ReceiptVerifier.verify(new PaymentReceipt(dropped), ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource({
        "method, token", "timestamp, 2026-11-22T10:01:08Z", "reference, ch_2", "intent, session", "challengeId, other",
        "amount, 2499", "currency, usd.e5", "recipient, https://evil.example", "rb, x", "added, y"
    })
    void verify_anyMemberChanged_rejected(String member, String value) {
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members()));
        Map<String, @Nullable Object> changed = new HashMap<>(receipt.members());
        changed.put(member, value);

        assertThat(rejected(() -> ReceiptVerifier.verify(new PaymentReceipt(changed), ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @CsvSource({
        "challengeId, other, WRONG_CHALLENGE",
        "method, token, WRONG_CHALLENGE",
        "intent, session, WRONG_CHALLENGE",
        "rb, AAAA, WRONG_BINDING",
        "recipient, https://evil.example, WRONG_RECIPIENT",
        "currency, usd.e5, WRONG_AMOUNT",
        "amount, 2499, WRONG_AMOUNT",
        "amount, 2501, WRONG_AMOUNT",
        "amount, 2500.0, MALFORMED",
    })
    void verifyFor_signedButForAnotherPayment_rejected(String member, String value, Reason reason) {
        Map<String, @Nullable Object> members = members();
        members.put(member, value);
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members));

        assertThat(rejected(() ->
                        ReceiptVerifier.verifyFor(receipt, ReferenceVector.CHALLENGE, ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"challengeId", "intent", "rb", "recipient", "currency", "amount"})
    void verifyFor_memberMissing_rejected(String member) {
        Map<String, @Nullable Object> members = members();
        members.remove(member);
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members));

        assertThat(rejected(() ->
                        ReceiptVerifier.verifyFor(receipt, ReferenceVector.CHALLENGE, ReferenceVector.DIRECTORY, NOW)))
                .isNotNull();
    }

    @Test
    void verifyFor_upto_anyAmountUpToTheMaximum() throws Exception {
        ChallengeTerms t = ReferenceVector.CHALLENGE.terms();
        String upto = Base64Url.encodeUtf8("{\"amount\":\"2500\",\"currency\":\"usd.e6\","
                + "\"methodDetails\":{\"capture\":\"upto\"},\"recipient\":\"https://api.example.com\"}");
        Challenge paid = new Challenge(
                ReferenceVector.CHALLENGE.id(),
                new ChallengeTerms(t.realm(), "wallet", "charge", upto, t.expires(), t.digest(), t.opaque(), null),
                null,
                null);
        for (String amount : new String[] {"0", "1", "2500"}) {
            Map<String, @Nullable Object> members = members();
            members.put("amount", amount);
            ReceiptVerifier.verifyFor(
                    ReceiptSigner.sign(KEY, new PaymentReceipt(members)), paid, ReferenceVector.DIRECTORY, NOW);
        }
        Map<String, @Nullable Object> members = members();
        members.put("amount", "2501");
        PaymentReceipt tooMuch = ReceiptSigner.sign(KEY, new PaymentReceipt(members));
        assertThat(rejected(() -> ReceiptVerifier.verifyFor(tooMuch, paid, ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(Reason.WRONG_AMOUNT);
    }

    @Test
    void verify_unsignedOrOtherKeyOrRole_rejected() {
        PaymentReceipt unsigned = new PaymentReceipt(members());
        assertThat(rejected(() -> ReceiptVerifier.verify(unsigned, ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(Reason.UNSIGNED);
        assertThat(rejected(() -> ReceiptVerifier.verify(unsigned.withJws("x..y"), ReferenceVector.DIRECTORY, NOW)))
                .isEqualTo(Reason.MALFORMED);

        SigningKey challengesOnly = KEY.withRoles(Set.of(Role.CHALLENGE));
        assertThatThrownBy(() -> ReceiptSigner.sign(challengesOnly, unsigned))
                .isInstanceOf(IllegalArgumentException.class);
        KeyDirectory directory = KeyDirectory.of(ReferenceVector.ORIGIN, List.of(challengesOnly.publicKey()));
        assertThat(rejected(() -> ReceiptVerifier.verify(ReceiptSigner.sign(KEY, unsigned), directory, NOW)))
                .isEqualTo(Reason.WRONG_ROLE);
    }

    /** A receipt is kept for years: it counts by when its keeper recorded it, if the key was not revoked by then. */
    @Test
    @Requirement({"F-KY-32", "T37"})
    void verify_archived_atTheRecordedTime() throws Exception {
        PaymentReceipt receipt = ReceiptSigner.sign(KEY, new PaymentReceipt(members()));
        KeyDirectory retired = KeyDirectory.of(
                ReferenceVector.ORIGIN,
                List.of(KEY.withTimes(null, null, NOW.plusSeconds(60)).publicKey()));

        ReceiptVerifier.verify(receipt, retired, NOW);
        assertThat(rejected(() -> ReceiptVerifier.verify(receipt, retired, NOW.plusSeconds(3600))))
                .isEqualTo(Reason.KEY_NOT_ACTIVE);
    }
}
