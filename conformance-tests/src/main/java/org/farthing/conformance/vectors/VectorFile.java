package org.farthing.conformance.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One vector file, read and checked. The format is {@code protocol-spec/schemas/vector-file.json}; what a schema cannot
 * say is checked here: names are unique, and a member nobody knows is an error because it may be a misspelt one.
 *
 * @param title what the file shows, for people
 * @param kind names the {@link Check} that runs the cases
 * @param cases at least one
 */
record VectorFile(String title, String kind, List<VectorCase> cases) {

    private static final Set<String> FILE_MEMBERS =
            Set.of("title", "specification", "requirements", "kind", "about", "cases");
    private static final Set<String> CASE_MEMBERS =
            Set.of("name", "input", "expected", "expectedError", "requirements", "comment");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    VectorFile {
        cases = List.copyOf(cases);
    }

    /**
     * Reads one file.
     *
     * @throws BrokenVectorException if it is not a vector file with at least one case
     */
    static VectorFile parse(byte[] bytes) throws BrokenVectorException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new BrokenVectorException("not strict JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BrokenVectorException("cannot be read: " + e.getMessage());
        }
        onlyMembers(root, FILE_MEMBERS, "the file");
        text(root, "specification", "the file");
        if (!root.path("requirements").isArray()) {
            throw new BrokenVectorException("requirements is not a list of numbers such as \"S12\"");
        }
        JsonNode cases = root.path("cases");
        if (!cases.isArray() || cases.isEmpty()) {
            throw new BrokenVectorException("no cases: a file without a case checks nothing");
        }
        List<VectorCase> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : cases) {
            VectorCase next = readCase(node, read.size());
            if (!names.add(next.name())) {
                throw new BrokenVectorException("two cases are named \"" + next.name() + "\"");
            }
            read.add(next);
        }
        return new VectorFile(text(root, "title", "the file"), text(root, "kind", "the file"), read);
    }

    private static VectorCase readCase(JsonNode node, int index) throws BrokenVectorException {
        String where = "case " + (index + 1);
        String name = text(node, "name", where);
        where += " \"" + name + "\"";
        onlyMembers(node, CASE_MEMBERS, where);
        JsonNode input = node.get("input");
        if (input == null) {
            throw new BrokenVectorException(where + " has no input");
        }
        @Nullable JsonNode expected = node.get("expected");
        @Nullable String error = node.has("expectedError") ? text(node, "expectedError", where) : null;
        if (expected == null && error == null) {
            throw new BrokenVectorException(where + " has neither expected nor expectedError: it cannot fail");
        }
        if (expected != null && error != null) {
            throw new BrokenVectorException(where + " has both expected and expectedError: it cannot pass");
        }
        return new VectorCase(name, input, expected, error);
    }

    private static String text(JsonNode node, String member, String where) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new BrokenVectorException(where + " has no text \"" + member + "\"");
        }
        return value.textValue();
    }

    private static void onlyMembers(JsonNode node, Set<String> allowed, String where) throws BrokenVectorException {
        if (!node.isObject()) {
            throw new BrokenVectorException(where + " is not a JSON object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw new BrokenVectorException(where + " has an unknown member \"" + name + "\"");
            }
        }
    }
}
