package org.farthing.conformance.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.farthing.conformance.vectors.Schemas;

/** Asks the adapter as a runner does, bytes in and bytes out, and holds each answer against its schema. */
final class Asked {

    static final JsonMapper JSON = new JsonMapper();

    private Asked() {}

    /** JSON with apostrophes in the place of quotation marks, for legibility. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static JsonNode ask(String op, JsonNode input) {
        ObjectNode question = JSON.createObjectNode().put("schema", 1).put("op", op);
        question.set("input", input);
        question.putObject("context").put("runner", "test");
        JsonNode answer = raw(question.toString());
        assertThat(Schemas.complaints("adapter-answer#/$defs/to:" + op, answer))
                .as("%s answered %s", op, answer)
                .isEmpty();
        return answer;
    }

    /** The value of an answer that must be one. */
    static JsonNode value(String op, JsonNode input) {
        assertThat(Schemas.complaints("adapter-question", question(op, input))).isEmpty();
        JsonNode answer = ask(op, input);
        assertThat(answer.path("ok").booleanValue()).as("%s", answer).isTrue();
        return answer.path("value");
    }

    private static JsonNode question(String op, JsonNode input) {
        ObjectNode question = JSON.createObjectNode().put("schema", 1).put("op", op);
        question.set("input", input);
        return question;
    }

    /** The type of a failure that must be one. */
    static String failure(String op, JsonNode input) {
        JsonNode answer = ask(op, input);
        assertThat(answer.path("ok").booleanValue()).as("%s", answer).isFalse();
        assertThat(answer.path("error").path("message").textValue()).isNotBlank();
        return answer.path("error").path("type").textValue();
    }

    /** The one line that comes out for a text. */
    static JsonNode raw(String question) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Adapter.answer(
                new ByteArrayInputStream(question.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(log, true, StandardCharsets.UTF_8));
        String line = out.toString(StandardCharsets.UTF_8);
        assertThat(line).endsWith("\n").containsOnlyOnce("\n");
        JsonNode answer = parsed(line);
        assertThat(Schemas.complaints("adapter-answer", answer)).as(line).isEmpty();
        assertThat(log.toString(StandardCharsets.UTF_8).isEmpty())
                .isEqualTo(answer.path("ok").booleanValue());
        return answer;
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
