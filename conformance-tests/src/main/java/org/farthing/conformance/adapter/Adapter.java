package org.farthing.conformance.adapter;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/** Reads one question and writes exactly one answer. */
public final class Adapter {

    /** The one version of the contract. */
    private static final Long SCHEMA = 1L;

    private Adapter() {}

    /**
     * Answers.
     *
     * @param in one JSON object, to the end of the stream
     * @param out gets one line of JSON, whatever happens
     * @param log gets a line for people where something failed
     */
    public static void answer(InputStream in, PrintStream out, PrintStream log) {
        String answer;
        try {
            answer = succeeded(value(in.readAllBytes()));
        } catch (AdapterException e) {
            log.println("farthing-conformance adapter: " + e.type() + ": " + e.getMessage());
            answer = failed(e);
        } catch (IOException e) {
            log.println("farthing-conformance adapter: standard input cannot be read: " + e.getMessage());
            answer = failed(new AdapterException(AdapterException.REQUEST, "standard input cannot be read"));
        }
        byte[] line = (answer + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(line, 0, line.length);
        out.flush();
    }

    private static Object value(byte[] question) throws AdapterException {
        Members request;
        String name;
        Map<String, @Nullable Object> input;
        try {
            request = new Members(PlainJson.parseObject(question), "request");
            if (!SCHEMA.equals(request.map().get("schema"))) {
                throw new AdapterException(AdapterException.REQUEST, "\"schema\" must be 1");
            }
            name = request.text("op");
            input = request.object("input");
        } catch (MalformedException e) {
            throw new AdapterException(AdapterException.REQUEST, String.valueOf(e.getMessage()));
        }
        Operation operation = Operation.named(name);
        try {
            return operation.run(new Members(input, "input"));
        } catch (MalformedException | RuntimeException e) {
            // Whatever fails, the runner gets its one answer.
            throw new AdapterException(operation.failure(), words(e));
        }
    }

    private static String words(Exception e) {
        String message = e.getMessage();
        return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
    }

    private static String succeeded(Object value) throws AdapterException {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.put("value", value);
        try {
            return CanonicalJson.writeInOrder(answer);
        } catch (IllegalArgumentException e) {
            throw new AdapterException(AdapterException.ANSWER, words(e));
        }
    }

    private static String failed(AdapterException e) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("type", e.type());
        error.put("message", PlainJson.withoutLoneSurrogates(String.valueOf(e.getMessage())));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("ok", false);
        answer.put("error", error);
        return CanonicalJson.writeInOrder(answer);
    }
}
