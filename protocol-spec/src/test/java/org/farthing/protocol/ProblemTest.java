package org.farthing.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Problem.Resolution;
import org.farthing.testing.JsonArbitraries;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-PR-1", "F-PR-6", "S31"})
class ProblemTest {

    private static final String EXAMPLE = "{\"type\":\"urn:farthing:problem:insufficient-funds\","
            + "\"title\":\"Not enough money in the wallet\",\"status\":402,"
            + "\"detail\":\"The wallet has less than the price of this request.\","
            + "\"instance\":\"urn:uuid:6f1c0a52-94a5-4c1e-9d0e-1c8f6c2f7a10\",\"code\":\"INSUFFICIENT_FUNDS\","
            + "\"requestId\":\"6f1c0a52-94a5-4c1e-9d0e-1c8f6c2f7a10\",\"challengeId\":\"Gtls\",\"required\":\"2500\","
            + "\"currency\":\"usd.e6\",\"available\":\"1200\",\"retryable\":true,"
            + "\"resolve\":[{\"rel\":\"top-up\",\"href\":\"https://api.example.com/wallet/top-up\","
            + "\"suggested\":\"1000000\"}]}";

    private static Problem example() {
        return Problem.of(ProblemType.INSUFFICIENT_FUNDS, "The wallet has less than the price of this request.")
                .withRequestId("6f1c0a52-94a5-4c1e-9d0e-1c8f6c2f7a10")
                .with("challengeId", "Gtls")
                .with("required", "2500")
                .with("currency", "usd.e6")
                .with("available", "1200")
                .with("retryable", true)
                .withResolution(new Resolution("top-up", "https://api.example.com/wallet/top-up", "1000000"));
    }

    @Test
    void toJson_specificationExample_sameTextAndOrder() {
        assertThat(example().toJson()).isEqualTo(EXAMPLE);
    }

    @Test
    void parse_specificationExample_sameProblem() throws MalformedException {
        assertThat(Problem.parse(EXAMPLE)).isEqualTo(example());
        assertThat(Problem.parse(EXAMPLE.getBytes(UTF_8))).isEqualTo(example());
        assertThat(Problem.parse(EXAMPLE).text("available")).contains("1200");
        assertThat(Problem.parse(EXAMPLE).text("retryable")).isEmpty();
    }

    /** Read by a JSON library that is not ours. */
    @Test
    void toJson_textsToEscape_readableByOthers() throws IOException {
        String detail = "a \"quote\", a \\ and a\nline, € 😀";
        String json = Problem.of(ProblemType.BAD_REQUEST, detail).toJson();

        assertThat(new JsonCanonicalizer(json).getEncodedString())
                .startsWith("{\"code\":\"BAD_REQUEST\",\"detail\":\"a \\\"quote\\\", a \\\\ and a\\nline, € 😀\",");
    }

    @Test
    @Requirement("F-PR-6")
    void parse_onlyAKnownType_restFromTheType() throws MalformedException {
        Problem problem = Problem.parse("{\"type\":\"https://paymentauth.org/problems/payment-expired\"}");

        assertThat(problem.type()).isEqualTo(ProblemType.PAYMENT_EXPIRED);
        assertThat(problem.status()).isEqualTo(402);
        assertThat(problem.title()).isEqualTo(ProblemType.PAYMENT_EXPIRED.title());
        assertThat(problem.detail()).isEmpty();
        assertThat(problem.instance()).isNull();
        assertThat(problem.requestId()).isNull();
    }

    @Test
    @Requirement("F-PR-2")
    void parse_codeAndType_codeCounts() throws MalformedException {
        assertThat(Problem.parse("{\"type\":\"about:blank\",\"code\":\"TOKEN_SPENT\"}")
                        .type())
                .isEqualTo(ProblemType.TOKEN_SPENT);
        assertThat(Problem.parse("{\"type\":\"https://paymentauth.org/problems/bad-request\",\"code\":\"OTHER\"}")
                        .type())
                .isEqualTo(ProblemType.BAD_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '!',
            value = {
                "{}; VALUE; problem.type",
                "{\"type\":\"about:blank\"}; VALUE; problem.type",
                "{\"type\":7}; TYPE; problem.type",
                "{\"code\":\"BAD_REQUEST\",\"status\":\"400\"}; TYPE; problem.status",
                "{\"code\":\"BAD_REQUEST\",\"status\":400.0}; TYPE; problem.status",
                "{\"code\":\"BAD_REQUEST\",\"status\":null}; TYPE; problem.status",
                "{\"code\":\"BAD_REQUEST\",\"status\":200}; VALUE; problem.status",
                "{\"code\":\"BAD_REQUEST\",\"status\":600}; VALUE; problem.status",
                "{\"code\":\"BAD_REQUEST\",\"title\":{}}; TYPE; problem.title",
                "{\"code\":\"BAD_REQUEST\",\"code\":\"BAD_REQUEST\"}; DUPLICATE; problem.code",
                "[]; TYPE; problem"
            })
    void parse_broken_faultAtItsPlace(String json, Fault fault, String where) {
        assertFault(fault, where, () -> Problem.parse(json));
    }

    @Test
    void parse_bodyOverSixtyFourKilobytes_tooLarge() {
        assertFault(Fault.TOO_LARGE, () -> Problem.parse(new byte[65_537]));
    }

    @Test
    @Requirement("F-PR-8")
    void toPlainJson_wayOut_linked() {
        assertThat(example().toPlainJson())
                .startsWith("{\"code\":\"INSUFFICIENT_FUNDS\",\"message\":\"The wallet has less than the price of this "
                        + "request.\",\"details\":{\"challengeId\":\"Gtls\"")
                .endsWith("\"link\":\"https://api.example.com/wallet/top-up\"}");
        assertThat(Problem.of(ProblemType.NOT_ALLOWED, "No.").toPlainJson())
                .isEqualTo("{\"code\":\"NOT_ALLOWED\",\"message\":\"No.\",\"details\":{}}");
    }

    @ParameterizedTest
    @CsvSource({
        "6f1c0a52-94a5-4c1e-9d0e-1c8f6c2f7a10, urn:uuid:6f1c0a52-94a5-4c1e-9d0e-1c8f6c2f7a10",
        "4bf92f3577b34da6a3ce929d0e0e4736, urn:farthing:request:4bf92f3577b34da6a3ce929d0e0e4736",
        "a.b_c-9, urn:farthing:request:a.b_c-9"
    })
    @Requirement("F-PR-4")
    void withRequestId_legal_instanceFollows(String id, String instance) {
        Problem problem = Problem.of(ProblemType.BAD_REQUEST, "x").withRequestId(id);

        assertThat(problem.requestId()).isEqualTo(id);
        assertThat(problem.instance()).isEqualTo(instance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a\nb", "é", "12345678901234567890123456789012345678901234567890123456789012345"})
    @Requirement({"F-PR-4", "T34"})
    void withRequestId_illegal_refused(String id) {
        assertThatThrownBy(() -> Problem.of(ProblemType.BAD_REQUEST, "x").withRequestId(id))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withers_oneThingChanged_restKept() {
        Problem problem = example().withStatus(503).withTexts("Titel", "Einzelheit");

        assertThat(problem)
                .isEqualTo(new Problem(
                        ProblemType.INSUFFICIENT_FUNDS,
                        503,
                        "Titel",
                        "Einzelheit",
                        example().instance(),
                        example().requestId(),
                        example().extensions()));
    }

    @Test
    void constructor_noProblem_refused() {
        Problem problem = Problem.of(ProblemType.BAD_REQUEST, "x");

        assertThatThrownBy(() -> problem.withStatus(200)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> problem.withStatus(600)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> problem.with("status", 200)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> problem.with("x", new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/top-up",
                "javascript:alert(1)",
                "ftp://a.example",
                "https:///x",
                "https://a b",
                "data:text/html,x"
            })
    @Requirement({"F-PR-30", "T52"})
    void resolution_hrefThatIsNoHttpUrl_refused(String href) {
        assertThatThrownBy(() -> new Resolution("top-up", href, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-PR-30", "T52"})
    void resolutions_unusableEntries_passedOver() throws MalformedException {
        Problem problem = Problem.parse("{\"code\":\"BAD_REQUEST\",\"resolve\":[7,{},{\"rel\":\"pay\"},"
                + "{\"rel\":\"pay\",\"href\":\"javascript:x\"},{\"rel\":\"\",\"href\":\"https://a.example\"},"
                + "{\"rel\":\"pay\",\"href\":\"https://a.example/\",\"suggested\":7}]}");

        assertThat(problem.resolutions()).containsExactly(new Resolution("pay", "https://a.example/", null));
        assertThat(Problem.parse("{\"code\":\"BAD_REQUEST\",\"resolve\":\"x\"}").resolutions())
                .isEmpty();
        assertThatThrownBy(() -> new Resolution("", "https://a.example", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withResolution_twice_bothInOrder() {
        Resolution first = new Resolution("pay", "https://a.example/", null);
        Resolution second = new Resolution("support", "http://127.0.0.1:8080/", "5");

        assertThat(Problem.of(ProblemType.BAD_REQUEST, "x")
                        .withResolution(first)
                        .withResolution(second)
                        .resolutions())
                .isEqualTo(List.of(first, second));
    }

    @Property
    void parse_written_sameProblem(@ForAll("extensions") Map<String, Object> extensions) throws MalformedException {
        Problem problem = new Problem(ProblemType.TOKEN_SPENT, 402, "t", "d", "i", "r", extensions);

        assertThat(Problem.parse(problem.toJson())).isEqualTo(problem);
    }

    @Property(tries = 2000)
    void parse_spoilt_problemOrMalformed(@ForAll("spoilt") String json) {
        Mutations.assertOnlyMalformed(j -> Problem.parse(j).resolutions(), json);
        Mutations.assertOnlyMalformed(j -> Problem.parse(j.getBytes(UTF_8)).toJson(), json);
    }

    @Provide
    Arbitrary<Map<String, Object>> extensions() {
        return JsonArbitraries.objects().filter(o -> !o.containsKey("type") && !o.containsKey("code"));
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(EXAMPLE, "{\"type\":\"https://paymentauth.org/problems/payment-expired\"}");
    }
}
