package org.farthing.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.AnswerReading.Meaning;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-OU-3", "F-OU-10", "F-OU-12"})
class AnswerReadingTest {

    private record Read(
            int status,
            String name,
            List<String> lines,
            @Nullable String body) implements Reply {

        @Override
        public byte @Nullable [] heldBody() {
            return body == null ? null : body.getBytes(UTF_8);
        }

        @Override
        public List<String> values(String field) {
            return field.equalsIgnoreCase(name) ? lines : List.of();
        }

        @Override
        public CompletableFuture<Boolean> arrived() {
            return CompletableFuture.completedFuture(true);
        }
    }

    private static Reply reply(int status, String name, String... values) {
        return new Read(status, name, List.of(values), null);
    }

    private static Meaning meaning(int status, String outcome) {
        Reply reply = outcome.equals("-")
                ? reply(status, "X-Other", "x")
                : reply(status, "Payment-Outcome", outcome + ";id=\"c1\"");
        return AnswerReading.of(reply, "c1").meaning();
    }

    @ParameterizedTest
    @CsvSource({
        "200, captured, CHARGED",
        "200, -, CHARGED",
        "204, -, CHARGED",
        "200, pending, CHARGED",
        "200, released, NOT_CHARGED",
        "304, captured, CHARGED",
        "404, captured, CHARGED",
        "404, released, NOT_CHARGED",
        "404, -, UNCLEAR",
        "402, released, NOT_CHARGED",
        "402, refused, NOT_CHARGED",
        "402, pending, ASK_AGAIN",
        "402, -, UNCLEAR",
        "409, pending, ASK_AGAIN",
        "409, -, UNCLEAR",
        "429, refused, NOT_CHARGED",
        "429, -, UNCLEAR",
        "301, -, UNCLEAR",
        "500, released, NOT_CHARGED",
        "500, -, ASK_AGAIN",
        "503, pending, ASK_AGAIN",
        "503, stolen, ASK_AGAIN",
    })
    void of_statusAndOutcome_followsTheTable(int status, String outcome, Meaning expected) {
        assertThat(meaning(status, outcome)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "409, ALREADY_FULFILLED, CHARGED",
        "409, REQUEST_IN_PROGRESS, ASK_AGAIN",
        "409, PAYMENT_REFUNDED, UNCLEAR",
        "402, ALREADY_FULFILLED, UNCLEAR",
        "402, PAYMENT_RELEASED, UNCLEAR",
    })
    void of_problemWithoutOutcome_isBelievedOnlyWhereItCostsNothing(int status, ProblemType type, Meaning expected) {
        String body = Problem.of(type, "…").withStatus(status).toJson();
        assertThat(AnswerReading.of(new Read(status, "X-Other", List.of("x"), body), "c1")
                        .meaning())
                .isEqualTo(expected);
    }

    @Test
    void of_outcomeOfAnotherPayment_isNone() {
        Reply other = reply(402, "Payment-Outcome", "released;id=\"c2\"");
        assertThat(AnswerReading.of(other, "c1").claimed()).isNull();
        Reply twice = reply(402, "Payment-Outcome", "released;id=\"c1\"", "released;id=\"c1\"");
        assertThat(AnswerReading.of(twice, "c1").claimed()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "120, 120",
        "' 5 ', 5",
        "'Sun, 22 Nov 2026 09:01:00 GMT', 30",
        "'Sun, 22 Nov 2026 08:00:00 GMT', 0",
    })
    @Requirement("F-CL-21")
    void retryAfter_secondsOrDate_isRead(String text, long seconds) {
        assertThat(AnswerReading.retryAfter(reply(503, "Retry-After", text), SettableClock.START))
                .contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"-1", "1.5", "soon", "99999999999"})
    void retryAfter_anythingElse_isNone(String text) {
        assertThat(AnswerReading.retryAfter(reply(503, "Retry-After", text), SettableClock.START))
                .isEmpty();
    }
}
