package org.farthing.conformance.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * A Payment challenge as it came, right or wrong.
 *
 * @param params its parameters by lower-case name, in order; the first where a name is repeated
 * @param names all names as sent, in order
 * @param text the challenge as sent, with its scheme
 */
public record Offer(Map<String, String> params, List<String> names, String text) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ECHOED = List.of(
            "id", "realm", "method", "intent", "request", "description", "expires", "digest", "opaque", "header");

    /** Copies both; the order stays. */
    public Offer {
        params = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(params));
        names = List.copyOf(names);
    }

    /** The Payment challenges of an answer, in order. */
    public static List<Offer> in(RawAnswer answer) {
        return AuthFields.offers(answer.all("WWW-Authenticate"));
    }

    /** A parameter. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(params.get(name));
    }

    /** A parameter, or the empty text. */
    public String text(String name) {
        return params.getOrDefault(name, "");
    }

    /** The id, or the empty text. */
    public String id() {
        return text("id");
    }

    /** The method, or the empty text. */
    public String method() {
        return text("method");
    }

    /** The intent, or the empty text. */
    public String intent() {
        return text("intent");
    }

    /** When it expires, if it says so in RFC 3339. */
    public Optional<Instant> expires() {
        try {
            return get("expires").map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The field its credential belongs in. */
    public String field() {
        return text("header").equalsIgnoreCase("Payment-Authorization") ? "Payment-Authorization" : "Authorization";
    }

    /** What the request says, if it is JSON in base64url. */
    public Optional<JsonNode> request() {
        return decoded("request");
    }

    /** A parameter that is JSON in base64url, decoded as leniently as anybody does. */
    public Optional<JsonNode> decoded(String name) {
        try {
            String plain = text(name).replace('+', '-').replace('/', '_').replace("=", "");
            byte[] bytes = Base64.getUrlDecoder().decode(plain);
            return Optional.of(JSON.readTree(new String(bytes, StandardCharsets.UTF_8)))
                    .filter(JsonNode::isObject);
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A member of the request that is a text, such as {@code amount}. */
    public Optional<String> asked(String member) {
        return request()
                .map(request -> request.path(member))
                .filter(JsonNode::isValueNode)
                .map(JsonNode::asText);
    }

    /** The same with another parameter, or without it: what somebody makes of it who wants to pay less. */
    public Offer with(String name, @Nullable String value) {
        Map<String, String> changed = new LinkedHashMap<>(params);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        String written = changed.entrySet().stream()
                .map(entry -> entry.getKey() + "=\""
                        + entry.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(", ", "Payment ", ""));
        return new Offer(changed, List.copyOf(changed.keySet()), written);
    }

    /** The same with another member of its request, which must be an object. */
    public Offer withAsked(String member, Object value) {
        return with("request", encoded("request", member, value));
    }

    /** The object in a parameter with another member, as canonical JSON in base64url; an object of its own if there was none. */
    String encoded(String parameter, String member, Object value) {
        Map<String, Object> object = decoded(parameter)
                .map(node -> JSON.convertValue(node, new TypeReference<Map<String, Object>>() {}))
                .orElseGet(LinkedHashMap::new);
        object.put(member, value);
        return Base64Url.encodeUtf8(CanonicalJson.write(object));
    }

    /** What a client sends back: the parameters the draft knows, unchanged. */
    public Map<String, Object> echo() {
        Map<String, Object> echo = new LinkedHashMap<>();
        ECHOED.stream().filter(params::containsKey).forEach(name -> echo.put(name, params.get(name)));
        return echo;
    }

    /**
     * The challenge as a strict client reads it.
     *
     * @throws NotAsExpected if a strict client would refuse it
     */
    public Challenge strict() {
        try {
            return Challenge.parse(text);
        } catch (MalformedException e) {
            throw new NotAsExpected("a challenge that can be read", "one that cannot: " + e.getMessage());
        }
    }
}
