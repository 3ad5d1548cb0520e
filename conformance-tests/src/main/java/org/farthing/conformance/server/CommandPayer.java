package org.farthing.conformance.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pays through somebody else's program, for methods the kit does not know: one process a payment, the challenge as JSON on its
 * standard input, the payload as JSON on its standard output, exit code 0 (conformance.md, F-CO-5).
 */
public final class CommandPayer implements Payer {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> command;
    private final @Nullable String method;
    private final @Nullable String intent;
    private final Duration patience;

    /**
     * A payer.
     *
     * @param command program and arguments
     * @param method the method it pays, or null for any
     * @param intent the intent it pays, or null for any
     * @param patience how long one payment may take
     */
    public CommandPayer(List<String> command, @Nullable String method, @Nullable String intent, Duration patience) {
        this.command = List.copyOf(command);
        this.method = method;
        this.intent = intent;
        this.patience = patience;
    }

    @Override
    public boolean pays(Offer offer) {
        return (method == null || method.equals(offer.method())) && (intent == null || intent.equals(offer.intent()));
    }

    @Override
    public Proof pay(Offer offer) {
        ObjectNode input = JSON.createObjectNode();
        input.set("challenge", JSON.valueToTree(offer.echo()));
        offer.request().ifPresent(request -> input.set("request", request));
        input.put("header", offer.text());
        return proof(run(input.toString()));
    }

    private String run(String input) {
        Path out = null;
        try {
            out = Files.createTempFile("payment", ".json");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            tell(process, input);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the payment command took longer than " + patience.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException("the payment command ended with exit code " + process.exitValue());
            }
            return Files.readString(out);
        } catch (IOException e) {
            throw new IllegalStateException("the payment command could not be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the payment command ran", e);
        } finally {
            remove(out);
        }
    }

    private static void tell(Process process, String input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It need not read what it does not need; whether it paid, its output and its exit code say.
        }
    }

    private static void remove(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The system's folder for temporary files is cleared by the system.
        }
    }

    private static Proof proof(String output) {
        try {
            JsonNode answer = JSON.readTree(output);
            JsonNode payload = answer.path("payload");
            if (!payload.isObject()) {
                throw new IllegalStateException("the payment command printed no object with a \"payload\" object");
            }
            Map<String, Object> members =
                    JSON.convertValue(payload, new TypeReference<LinkedHashMap<String, Object>>() {});
            JsonNode source = answer.path("source");
            return new Proof(members, source.isTextual() ? source.textValue() : null);
        } catch (JsonProcessingException e) {
            // The parser's message may quote what the program printed, which may be a secret.
            throw new IllegalStateException("the payment command printed no JSON");
        }
    }

    /** The program. */
    @Override
    public String toString() {
        return "command " + command.get(0);
    }
}
