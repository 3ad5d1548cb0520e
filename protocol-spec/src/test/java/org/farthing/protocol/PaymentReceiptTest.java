package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.JsonArbitraries;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-RC-1", "F-RC-2", "S26", "C20"})
class PaymentReceiptTest {

    private static final String MINIMAL =
            "{\"method\":\"wallet\",\"reference\":\"ch_1\",\"status\":\"success\",\"timestamp\":\"2026-11-22T10:01:07Z\"}";

    private static PaymentReceipt parse(String json) throws MalformedException {
        return PaymentReceipt.parse(Base64Url.encodeUtf8(json));
    }

    @Test
    void parse_minimal_requiredMembersOnly() throws MalformedException {
        PaymentReceipt receipt = parse(MINIMAL);

        assertThat(receipt.method()).isEqualTo("wallet");
        assertThat(receipt.reference()).isEqualTo("ch_1");
        assertThat(receipt.timestamp()).isEqualTo("2026-11-22T10:01:07Z");
        assertThat(List.of(
                        receipt.challengeId(),
                        receipt.intent(),
                        receipt.amount(),
                        receipt.authorized(),
                        receipt.currency(),
                        receipt.recipient(),
                        receipt.rb(),
                        receipt.externalId(),
                        receipt.jws()))
                .allSatisfy(member -> assertThat(member).isEmpty());
        assertThat(receipt.format()).isEqualTo(Base64Url.encodeUtf8(MINIMAL));
    }

    @Test
    void build_everyMember_canonicalText() throws MalformedException {
        Challenge challenge = ChallengeTest.reference();
        PaymentReceipt receipt = PaymentReceipt.builder("wallet", "ch_1", Instant.parse("2026-11-22T10:01:07.9Z"))
                .forChallenge(challenge, challenge.paymentRequest(), Amount.of(2000))
                .with("authorized", "2500")
                .with("rb", "sWZE")
                .with("externalId", null)
                .build()
                .withJws("h..s");

        assertThat(receipt.challengeId()).contains(challenge.id());
        assertThat(receipt.intent()).contains("charge");
        assertThat(receipt.amount()).contains("2000");
        assertThat(receipt.authorized()).contains("2500");
        assertThat(receipt.currency()).contains("usd.e6");
        assertThat(receipt.recipient()).contains("https://api.example.com");
        assertThat(receipt.rb()).contains("sWZE");
        assertThat(receipt.externalId()).isEmpty();
        assertThat(receipt.jws()).contains("h..s");
        assertThat(receipt.timestamp()).isEqualTo("2026-11-22T10:01:07Z");
        assertThat(PaymentReceipt.parse(receipt.format())).isEqualTo(receipt);
    }

    @Test
    @Requirement("F-RC-5")
    void signedPayload_unknownMembersToo_withoutTheSignature() throws MalformedException {
        PaymentReceipt receipt = parse(MINIMAL.replace("{", "{\"z\":[1,{\"b\":true,\"a\":null}],\"jws\":\"h..s\","));

        assertThat(receipt.signedPayload()).isEqualTo(MINIMAL.replace("}", ",\"z\":[1,{\"a\":null,\"b\":true}]}"));
        assertThat(receipt.withJws("other").signedPayload()).isEqualTo(receipt.signedPayload());
    }

    @ParameterizedTest
    @CsvSource({"status, MISSING", "method, MISSING", "reference, MISSING", "timestamp, MISSING"})
    void parse_requiredMemberAbsentOrNoText_refused(String name, Fault fault) {
        assertFault(fault, "Payment-Receipt." + name, () -> parse(MINIMAL.replace("\"" + name, "\"x" + name)));
        for (String value : List.of("1", "null", "{}", "[\"success\"]")) {
            String json = MINIMAL.replaceAll("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":" + value);
            assertFault(Fault.TYPE, "Payment-Receipt." + name, () -> parse(json));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "Success", "SUCCESS", "", "success "})
    @Requirement("S26")
    void parse_anotherStatus_valueFault(String status) {
        assertFault(Fault.VALUE, "Payment-Receipt.status", () -> parse(MINIMAL.replace("success", status)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22t10:01:07z", "2026-11-22", "1763805667", ""})
    void parse_timestampThatIsNone_syntaxFault(String timestamp) {
        assertFault(
                Fault.SYNTAX,
                "Payment-Receipt.timestamp",
                () -> parse(MINIMAL.replace("2026-11-22T10:01:07Z", timestamp)));
    }

    @Test
    void parse_timestampInAnotherSpelling_keptAsItCame() throws MalformedException {
        assertThat(parse(MINIMAL.replace("07Z", "07.000+00:00")).timestamp())
                .isEqualTo("2026-11-22T10:01:07.000+00:00");
    }

    @Test
    void parse_emptyMethodOrReference_missing() {
        assertFault(Fault.MISSING, () -> parse(MINIMAL.replace("wallet", "")));
        assertFault(Fault.MISSING, () -> parse(MINIMAL.replace("ch_1", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "e30=, ENCODING",
        "e3+A, ENCODING",
        "'', SYNTAX",
        "W10, TYPE",
        "'e30,e30', ENCODING",
        "'Payment e30', ENCODING"
    })
    @Requirement({"F-RC-2", "T27"})
    void parse_noReceipt_refused(String field, Fault fault) {
        assertFault(fault, () -> PaymentReceipt.parse(field));
    }

    @Test
    @Requirement("T23")
    void parse_oversized_tooLarge() {
        assertFault(Fault.TOO_LARGE, () -> PaymentReceipt.parse("A".repeat(16_388)));
    }

    @Test
    @Requirement({"F-EN-12", "T24"})
    void parse_duplicateMember_duplicateFault() {
        assertFault(Fault.DUPLICATE, () -> parse(MINIMAL.replace("{", "{\"method\":\"x\",")));
    }

    /** Foreign receipts may use our names for other things; those are no texts of ours. */
    @Test
    void accessors_memberOfAnotherType_empty() throws MalformedException {
        PaymentReceipt receipt = parse(MINIMAL.replace("{", "{\"amount\":7,\"externalId\":{},"));

        assertThat(receipt.amount()).isEmpty();
        assertThat(receipt.externalId()).isEmpty();
        assertThat(receipt.members()).containsEntry("amount", 7L);
    }

    @Test
    void constructor_noReceipt_refused() {
        assertThatThrownBy(() -> new PaymentReceipt(Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PaymentReceipt.builder("", "r", Instant.EPOCH).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PaymentReceipt.builder("m", "r", Instant.EPOCH)
                        .with("status", "failed")
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"S41", "T38"})
    void toString_signatureAndDetails_notShown() throws MalformedException {
        assertThat(parse(MINIMAL.replace("{", "{\"jws\":\"secret\",\"externalId\":\"private\",")))
                .asString()
                .doesNotContain("secret", "private");
    }

    @Property
    void parse_formatted_sameReceipt(@ForAll("receipts") PaymentReceipt receipt) throws MalformedException {
        assertThat(PaymentReceipt.parse(receipt.format())).isEqualTo(receipt);
    }

    @Property(tries = 2000)
    void parse_spoilt_receiptOrMalformed(@ForAll("spoilt") String json) {
        Mutations.assertOnlyMalformed(j -> parse(j).signedPayload(), json);
        Mutations.assertOnlyMalformed(PaymentReceipt::parse, json);
    }

    @Provide
    Arbitrary<PaymentReceipt> receipts() {
        return JsonArbitraries.objects().map(extra -> {
            Map<String, Object> members = new HashMap<>(extra);
            members.put("status", "success");
            members.put("method", "wallet");
            members.put("reference", "r");
            members.put("timestamp", "2026-11-22T10:01:07Z");
            return new PaymentReceipt(members);
        });
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(MINIMAL);
    }
}
