package org.farthing.conformance.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.conformance.adapter.Asked.json;
import static org.farthing.conformance.adapter.Asked.raw;
import static org.farthing.conformance.adapter.Asked.value;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.conformance.vectors.Schemas;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One question in, one answer out, whatever comes. */
class AdapterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "7",
                "{}",
                "{\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\"}}",
                "{\"schema\":2,\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\"}}",
                "{\"schema\":\"1\",\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\"}}",
                "{\"schema\":1,\"input\":{}}",
                "{\"schema\":1,\"op\":7,\"input\":{}}",
                "{\"schema\":1,\"op\":\"base64url.encode\"}",
                "{\"schema\":1,\"op\":\"base64url.encode\",\"input\":\"a\"}",
                "{\"schema\":1,\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\"}} {}",
                "{\"schema\":1,\"op\":\"base64url.encode\",\"op\":\"base64url.decode\",\"input\":{\"text\":\"a\"}}",
                "{\"schema\":1,\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\"}",
            })
    @Requirement({"F-CO-60", "F-CO-61"})
    void question_thatIsNone_isAnsweredWithAnError(String question) {
        assertThat(raw(question).at("/error/type").textValue()).isEqualTo("invalid_request");
    }

    @Test
    @Requirement("F-CO-61")
    void question_operationNobodyKnows_isUnsupported() {
        assertThat(raw("{\"schema\":1,\"op\":\"session.open\",\"input\":{}}")
                        .at("/error/type")
                        .textValue())
                .isEqualTo("unsupported_operation");
    }

    @ParameterizedTest
    @CsvSource({
        "challenge.parse,parse_error",
        "challenge.format,format_error",
        "credential.parse,parse_error",
        "credential.format,format_error",
        "receipt.parse,parse_error",
        "receipt.format,format_error",
        "base64url.encode,encoding_error",
        "base64url.decode,encoding_error",
        "challenge.id,generation_error",
        "http.payment_request,http_error",
        "server.verify,verification_error"
    })
    @Requirement({"F-CO-61", "F-CO-63"})
    void question_emptyInput_failsWithTheOperationsOwnType(String op, String type) {
        assertThat(Asked.failure(op, json("{}"))).isEqualTo(type);
        assertThat(Schemas.complaints("adapter-question", json("{'schema':1,'op':'" + op + "','input':{}}")))
                .isNotEmpty();
    }

    @Test
    @Requirement("F-CO-61")
    void answer_withMoreOrLessThanTheContractSays_breaksTheSchema() {
        List<String> good = new ArrayList<>();
        for (String answer : List.of(
                "{'ok':true,'value':{'id':'x','more':1}}",
                "{'ok':true,'value':{'id':null}}",
                "{'ok':true,'value':{'id':'x'},'error':null}",
                "{'ok':true}",
                "{'ok':false,'error':{'type':'parse_error','message':'m'}}",
                "{'ok':false,'error':{'type':'generation_error'}}")) {
            if (Schemas.complaints("adapter-answer#/$defs/to:challenge.id", json(answer))
                    .isEmpty()) {
                good.add(answer);
            }
        }
        assertThat(good).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"challenge.format,format_error", "challenge.id,generation_error", "server.verify,verification_error"})
    @Requirement({"F-CO-61", "T23"})
    void question_deeplyNested_isAnsweredAllTheSame(String op, String type) {
        String request = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
        String question =
                "{\"schema\":1,\"op\":\"" + op + "\",\"input\":{\"id\":\"a\",\"realm\":\"r\",\"method\":\"W\","
                        + "\"secretKey\":\"\",\"intent\":\"charge\",\"credential\":\"\",\"request\":" + request + "}}";

        assertThat(raw(question).at("/error/type").textValue()).isEqualTo(type);
        assertThat(raw(question.replace("1}", "[".repeat(2000) + "}"))
                        .at("/error/type")
                        .textValue())
                .isEqualTo("invalid_request");
    }

    @Test
    @Requirement("F-CO-64")
    void question_longerThanAnyField_isRead() {
        String text = "é".repeat(100_000);

        assertThat(value("base64url.encode", Asked.JSON.createObjectNode().put("text", text))
                        .path("text")
                        .textValue())
                .hasSize((2 * text.length() * 4 + 2) / 3);
    }

    @Test
    @Requirement("F-CO-61")
    void mutedText_halvesOfPairs_becomeOneReplacementEach() {
        assertThat(Stream.of("a", "\ud83d\ude00", "\ud800x\udc00").map(PlainJson::withoutLoneSurrogates))
                .containsExactly("a", "\ud83d\ude00", "\ufffdx\ufffd");
    }
}
