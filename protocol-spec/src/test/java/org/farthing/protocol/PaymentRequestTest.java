package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

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

@Requirement({"F-RQ-1", "F-RQ-2", "S17"})
class PaymentRequestTest {

    private static final String REFERENCE = "{\"amount\":\"2500\",\"currency\":\"usd.e6\","
            + "\"methodDetails\":{\"capture\":\"exact\"},\"recipient\":\"https://api.example.com\"}";

    private static PaymentRequest parse(String json) throws MalformedException {
        return PaymentRequest.parse(Base64Url.encodeUtf8(json));
    }

    @Test
    void parse_everyMember_read() throws MalformedException {
        PaymentRequest request =
                parse("{\"amount\":\"2500\",\"currency\":\"usd.e6\",\"recipient\":\"https://a.example\","
                        + "\"description\":\"Summary\",\"externalId\":\"o-1\",\"methodDetails\":{\"capture\":\"upto\",\"x\":\"y\"},"
                        + "\"unitType\":\"token\"}");

        assertThat(request)
                .isEqualTo(new PaymentRequest(
                        Amount.of(2500),
                        new CurrencyId("usd.e6"),
                        "https://a.example",
                        "Summary",
                        "o-1",
                        Map.of("capture", "upto", "x", "y"),
                        Map.of("unitType", "token")));
    }

    @Test
    void parse_onlyAmountAndCurrency_restEmpty() throws MalformedException {
        PaymentRequest request = parse("{\"amount\":\"0\",\"currency\":\"unit:pages\"}");

        assertThat(request.recipient()).isNull();
        assertThat(request.description()).isNull();
        assertThat(request.externalId()).isNull();
        assertThat(request.methodDetails()).isEmpty();
        assertThat(request.extensions()).isEmpty();
    }

    @Test
    void format_reference_sameText() throws MalformedException {
        String wire = Base64Url.encodeUtf8(REFERENCE);

        assertThat(PaymentRequest.parse(wire).format()).isEqualTo(wire);
        assertThat(new PaymentRequest(
                                Amount.of(2500),
                                new CurrencyId("usd.e6"),
                                "https://api.example.com",
                                null,
                                null,
                                Map.of("capture", "exact"),
                                Map.of())
                        .format())
                .isEqualTo(wire);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '!',
            value = {
                "{\"currency\":\"usd\"}; MISSING; request.amount",
                "{\"amount\":\"1\"}; MISSING; request.currency",
                "{\"amount\":1,\"currency\":\"usd\"}; TYPE; request.amount",
                "{\"amount\":null,\"currency\":\"usd\"}; TYPE; request.amount",
                "{\"amount\":\"-1\",\"currency\":\"usd\"}; VALUE; request.amount",
                "{\"amount\":\"01\",\"currency\":\"usd\"}; VALUE; request.amount",
                "{\"amount\":\"1\",\"currency\":\"USD\"}; VALUE; request.currency",
                "{\"amount\":\"1\",\"currency\":{}}; TYPE; request.currency",
                "{\"amount\":\"1\",\"currency\":\"usd\",\"recipient\":1}; TYPE; request.recipient",
                "{\"amount\":\"1\",\"currency\":\"usd\",\"description\":[]}; TYPE; request.description",
                "{\"amount\":\"1\",\"currency\":\"usd\",\"externalId\":true}; TYPE; request.externalId",
                "{\"amount\":\"1\",\"currency\":\"usd\",\"methodDetails\":\"x\"}; TYPE; request.methodDetails",
                "{\"amount\":\"1\",\"amount\":\"2\",\"currency\":\"usd\"}; DUPLICATE; request.amount",
                "[]; TYPE; request"
            })
    @Requirement({"F-EN-12", "F-EN-16", "T24", "T28"})
    void parse_broken_faultAtItsPlace(String json, Fault fault, String where) {
        assertFault(fault, where, () -> parse(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e30=", "e3 0", "*"})
    void parse_noRequest_malformed(String wire) {
        Mutations.assertOnlyMalformed(PaymentRequest::parse, wire);
        assertThat(PaymentRequest.isCanonical(wire)).isFalse();
    }

    @Test
    @Requirement("F-RQ-8")
    void parse_unknownMembers_keptAndWrittenAgain() throws MalformedException {
        PaymentRequest request = parse("{\"z\":[1,true,null,{\"a\":0.5}],\"amount\":\"1\",\"currency\":\"usd\"}");

        assertThat(request.extensions()).containsOnlyKeys("z");
        assertThat(PaymentRequest.parse(request.format())).isEqualTo(request);
    }

    @Test
    @Requirement({"F-EN-24", "F-RQ-2", "T25"})
    void requireCanonical_anotherSpelling_notCanonical() {
        for (String json : List.of(
                "{\"currency\":\"usd\",\"amount\":\"1\"}",
                "{\"amount\":\"1\", \"currency\":\"usd\"}",
                "{\"amount\":\"\\u0031\",\"currency\":\"usd\"}")) {
            String wire = Base64Url.encodeUtf8(json);
            assertFault(Fault.NOT_CANONICAL, "request", () -> PaymentRequest.requireCanonical(wire));
            assertThat(PaymentRequest.isCanonical(wire)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "true", "null", "{\"a\":1}"})
    @Requirement({"F-EN-17", "F-RQ-1", "T25"})
    void requireCanonical_otherThanStrings_typeFault(String value) {
        String wire = Base64Url.encodeUtf8("{\"amount\":\"1\",\"currency\":\"usd\",\"x\":" + value + "}");

        assertFault(Fault.TYPE, "request", () -> PaymentRequest.requireCanonical(wire));
    }

    @Test
    void isCanonical_canonical_true() {
        assertThat(PaymentRequest.isCanonical(Base64Url.encodeUtf8(REFERENCE))).isTrue();
    }

    @Test
    void constructor_extensionNamedLikeAMember_refused() {
        assertThatThrownBy(() -> new PaymentRequest(
                        Amount.ZERO, new CurrencyId("usd"), null, null, null, Map.of(), Map.of("amount", "1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parse_formatted_sameRequest(@ForAll("requests") PaymentRequest request) throws MalformedException {
        assertThat(PaymentRequest.parse(request.format())).isEqualTo(request);
    }

    @Property(tries = 3000)
    void parse_spoilt_requestOrMalformed(@ForAll("spoilt") String json) {
        Mutations.assertOnlyMalformed(PaymentRequestTest::parse, json);
        Mutations.assertOnlyMalformed(t -> PaymentRequest.requireCanonical(Base64Url.encodeUtf8(t)), json);
        Mutations.assertOnlyMalformed(PaymentRequest::parse, json);
    }

    @Provide
    Arbitrary<PaymentRequest> requests() {
        return JsonArbitraries.objects()
                .filter(o -> !o.containsKey("amount") && !o.containsKey("currency"))
                .map(o -> new PaymentRequest(
                        Amount.of(o.size()),
                        new CurrencyId("usd"),
                        "r",
                        null,
                        o.toString().length() > 9 ? "e" : null,
                        o,
                        o));
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(REFERENCE);
    }
}
