package org.farthing.conformance.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the config file of the client suite says (conformance.md, F-CO-35; schemas/client-lab.json).
 *
 * @param method how the payees want to be paid
 * @param commands how the client is run, by the kind of errand
 * @param patience how long one run may take
 * @param port the usual payee's port, 0 for any
 */
record ClientConfig(Method method, Map<String, List<String>> commands, Duration patience, int port) {

    /** How long a run may take unless the config says otherwise. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Set<String> MEMBERS =
            Set.of("$schema", "about", "method", "intent", "request", "dear", "commands", "timeoutSeconds", "port");

    ClientConfig {
        commands = Map.copyOf(commands);
    }

    /** Method {@code wallet}, and no command yet. */
    static ClientConfig usual() {
        return new ClientConfig(Method.WALLET, Map.of(), PATIENCE, 0);
    }

    /** This config with a command for one kind of errand. */
    ClientConfig with(String kind, List<String> command) {
        Map<String, List<String>> all = new TreeMap<>(commands);
        all.put(kind, List.copyOf(command));
        return new ClientConfig(method, all, patience, port);
    }

    /** This config with another time limit. */
    ClientConfig within(Duration most) {
        return new ClientConfig(method, commands, most, port);
    }

    /** This config with another port. */
    ClientConfig at(int other) {
        return new ClientConfig(method, commands, patience, other);
    }

    /** Reads a file; the message of a failure says where it is wrong. */
    static ClientConfig read(Path file) throws IOException {
        try {
            return of(JSON.readTree(Files.readString(file)));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static ClientConfig of(JsonNode config) {
        if (!config.isObject()) {
            throw new IllegalArgumentException("the config is an object");
        }
        config.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException("the config has a member \"" + name + "\" nobody reads; known are "
                        + MEMBERS.stream().sorted().collect(Collectors.joining(", ")));
            }
        });
        return new ClientConfig(
                method(config),
                commands(config.path("commands")),
                Duration.ofSeconds(number(config, "timeoutSeconds", PATIENCE.toSeconds(), 1, 3600)),
                (int) number(config, "port", 0, 0, 65_535));
    }

    private static Method method(JsonNode config) {
        JsonNode name = config.path("method");
        if (name.isMissingNode()) {
            for (String member : List.of("intent", "request", "dear")) {
                if (config.has(member)) {
                    throw new IllegalArgumentException("\"" + member + "\" goes with \"method\"");
                }
            }
            return Method.WALLET;
        }
        JsonNode intent = config.path("intent");
        if (!name.isTextual() || !intent.isTextual() || !config.path("request").isObject()) {
            throw new IllegalArgumentException(
                    "\"method\" and \"intent\" are texts, and \"request\" is the object a good challenge holds");
        }
        return new Method(
                name.textValue(), intent.textValue(), object(config.path("request")), object(config.path("dear")));
    }

    private static Map<String, Object> object(JsonNode object) {
        if (object.isMissingNode()) {
            return Map.of();
        }
        if (!object.isObject()) {
            throw new IllegalArgumentException("\"dear\" is an object: members of request that make it too dear");
        }
        return JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
    }

    private static Map<String, List<String>> commands(JsonNode commands) {
        Map<String, List<String>> all = new TreeMap<>();
        commands.fieldNames().forEachRemaining(kind -> {
            List<String> words = new ArrayList<>();
            commands.path(kind).forEach(word -> words.add(word.asText()));
            if (words.isEmpty()) {
                throw new IllegalArgumentException("commands." + kind + " is a list: the program and its arguments");
            }
            all.put(kind, words);
        });
        return all;
    }

    private static long number(JsonNode config, String member, long otherwise, long least, long most) {
        JsonNode number = config.path(member);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isIntegralNumber() || number.longValue() < least || number.longValue() > most) {
            throw new IllegalArgumentException("\"" + member + "\" is a whole number from " + least + " to " + most);
        }
        return number.longValue();
    }
}
