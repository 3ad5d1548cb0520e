package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors and the JSON Schemas describe the same objects; here they are held against each other. */
class VectorSchemaTest {

    private static final JsonMapper JSON = new JsonMapper();

    static Stream<String> files() throws IOException {
        return VectorSource.bundled().files().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void vectorFile_followsItsSchema(String name) throws IOException {
        assertThat(Schemas.complaints("vector-file", read(name))).isEmpty();
    }

    @Test
    void vectorFileSchema_brokenFile_complains() throws IOException {
        for (String broken : List.of(
                "{}",
                "{\"title\":\"t\",\"specification\":\"x.md\",\"requirements\":[],\"kind\":\"k\",\"cases\":[]}",
                "{\"title\":\"t\",\"specification\":\"x.md\",\"requirements\":[],\"kind\":\"k\","
                        + "\"cases\":[{\"name\":\"n\",\"input\":1}]}")) {
            assertThat(Schemas.complaints("vector-file", JSON.readTree(broken))).isNotEmpty();
        }
    }

    /** A wire object of a case, and the schema that describes it. */
    private record WireObject(String schema, JsonNode value) {}

    /** What a reader accepts although nobody who follows the specification sends it (F-PR-6): the schemas say what is sent. */
    private static final Set<String> LENIENT = Set.of(
            "problem.json: read a problem of another implementation, without our members",
            "problem.json: read a resolve that is no list leaves no way out",
            "problem.json: read entries of resolve that cannot be used are left out",
            "problem.json: read a code without a type",
            "wallet-service.json: payments-page: read a payer is left out");

    @ParameterizedTest
    @MethodSource("files")
    void acceptedWireObjects_followTheirSchemasExceptTheLenientOnes(String name) throws IOException {
        Map<String, List<String>> complaints = new TreeMap<>();
        for (JsonNode one : read(name).path("cases")) {
            if (one.has("expected")) {
                for (WireObject object : wireObjects(name, one)) {
                    List<String> found = Schemas.complaints(object.schema(), object.value());
                    if (!found.isEmpty()) {
                        complaints.put(name + ": " + one.path("name").textValue(), found);
                    }
                }
            }
        }
        Set<String> lenient = new TreeSet<>(LENIENT);
        lenient.removeIf(each -> !each.startsWith(name + ": "));
        assertThat(complaints).containsOnlyKeys(lenient);
    }

    @ParameterizedTest
    @MethodSource("files")
    void refusedWireObjects_breakTheirSchemas(String name) throws IOException {
        for (JsonNode one : read(name).path("cases")) {
            String error = one.path("expectedError").textValue();
            if (error == null || !Set.of("MISSING", "TYPE").contains(error)) {
                continue;
            }
            for (WireObject object : wireObjects(name, one)) {
                assertThat(Schemas.complaints(object.schema(), object.value()))
                        .as("%s: %s", name, one.path("name").textValue())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everySchemaOfAWireObject_isHeldAgainstVectors() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String name : files().toList()) {
            for (JsonNode one : read(name).path("cases")) {
                wireObjects(name, one).forEach(object -> used.add(object.schema()));
            }
        }
        assertThat(used)
                .contains(
                        "capture-batch",
                        "capture-results",
                        "credential",
                        "freeze-change",
                        "issuer-directory",
                        "jwk",
                        "key-change",
                        "key-directory",
                        "limit-change",
                        "opaque",
                        "payee-registration",
                        "payment-order-payload",
                        "payment-receipt",
                        "payment-reply",
                        "payment-request",
                        "payment-submission",
                        "payments-page",
                        "problem",
                        "receipt-credential-payload",
                        "receipt-token-claims",
                        "refund-order",
                        "registered-payee",
                        "release-notice",
                        "release-statement",
                        "service-payment",
                        "token-method-details",
                        "token-payload",
                        "token-purchase",
                        "token-redeemed-page",
                        "token-redemption",
                        "token-redemption-answer",
                        "token-refund",
                        "token-responses",
                        "token-restore-answer",
                        "token-swap",
                        "wallet",
                        "wallet-registration",
                        "wallet-request-claims");
    }

    private static List<WireObject> wireObjects(String name, JsonNode one) {
        JsonNode input = one.path("input");
        String op = input.path("op").asText();
        List<WireObject> objects = new ArrayList<>();
        switch (name + " " + op) {
            case "payment-request.json parse" -> add(objects, "payment-request", decoded(input.path("text")));
            case "opaque.json parse" -> add(objects, "opaque", decoded(input.path("text")));
            case "credential.json parse" -> add(objects, "credential", decoded(token68(input.path("field"))));
            case "payment-receipt.json parse" -> add(objects, "payment-receipt", decoded(input.path("field")));
            case "payment-receipt.json verify" -> add(objects, "payment-receipt", input.path("receipt"));
            case "problem.json parse" ->
                add(objects, "problem", parsed(input.path("json").asText()));
            case "key-directory.json parse" ->
                add(objects, "key-directory", parsed(input.path("json").asText()));
            case "wallet-key.json public" -> add(objects, "jwk", input.path("jwk"));
            case "release-statement.json parse" -> add(objects, "release-statement", input.path("statement"));
            case "payment-order.json sign" -> add(objects, "payment-order-payload", orderPayload(input));
            case "receipt-token.json parse" -> {
                add(objects, "receipt-token-claims", claims(input.path("token")));
                JsonNode payload = JSON.valueToTree(
                        Map.of("type", "receipt", "receipt", input.path("token").asText()));
                if (one.has("expected")) {
                    add(objects, "receipt-credential-payload", payload);
                }
            }
            case "payment-submission.json read" ->
                add(objects, "payment-submission", parsed(input.path("body").asText()));
            case "wallet-service.json read" ->
                add(
                        objects,
                        schemaOf(input.path("body").asText()),
                        parsed(input.path("json").asText()));
            case "issuer-directory.json parse" ->
                add(objects, "issuer-directory", parsed(input.path("json").asText()));
            case "token-offer.json offer" -> add(objects, "token-method-details", input.path("methodDetails"));
            case "token-offer.json payload" -> add(objects, "token-payload", input.path("payload"));
            case "token-bodies.json read" ->
                add(
                        objects,
                        "token-" + input.path("body").asText(),
                        parsed(input.path("json").asText()));
            case "wallet-request.json parse" -> add(objects, "wallet-request-claims", claims(input.path("token")));
            default -> {
                // This kind has no wire object in JSON, or the operation makes one instead of reading it.
            }
        }
        return objects;
    }

    private static String schemaOf(String body) {
        return body.equals("payment") ? "service-payment" : body;
    }

    private static void add(List<WireObject> objects, String schema, JsonNode value) {
        if (!value.isMissingNode()) {
            objects.add(new WireObject(schema, value));
        }
    }

    private static JsonNode orderPayload(JsonNode input) {
        var payload = JSON.createObjectNode();
        var challenge = payload.putObject("challenge");
        input.path("challenge").properties().forEach(member -> {
            if (!Set.of("description", "jws").contains(member.getKey())) {
                challenge.set(member.getKey(), member.getValue());
            }
        });
        for (String member : List.of("ledger", "maxAmount", "wallet")) {
            payload.set(member, input.get(member));
        }
        return payload;
    }

    private static JsonNode token68(JsonNode field) {
        String text = field.asText();
        return JSON.getNodeFactory().textNode(text.substring(text.lastIndexOf(' ') + 1));
    }

    private static JsonNode claims(JsonNode token) {
        String[] parts = token.asText().split("\\.", -1);
        return parts.length == 3 ? decoded(JSON.getNodeFactory().textNode(parts[1])) : JSON.missingNode();
    }

    private static JsonNode decoded(JsonNode base64url) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64url.asText());
            return parsed(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return JSON.missingNode();
        }
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private static JsonNode read(String name) throws IOException {
        return JSON.readTree(VectorSource.bundled().files().get(name));
    }
}
