package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The input of a case, with getters that complain in terms of the vector file when a member is not as it should be. */
final class CaseInput {

    private final JsonNode node;
    private final String path;

    CaseInput(JsonNode node) {
        this(node, "input");
    }

    private CaseInput(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /** The operation, for kinds that have several. */
    String op() throws BrokenVectorException {
        return text("op");
    }

    /** The complaint for an operation that the kind does not have. */
    BrokenVectorException unknownOp() {
        return new BrokenVectorException(path + ".op is not one this kind knows");
    }

    boolean has(String member) {
        return node.has(member);
    }

    String text(String member) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isTextual()) {
            throw new BrokenVectorException(path + "." + member + " is not a string");
        }
        return value.textValue();
    }

    @Nullable
    String textOrNull(String member) throws BrokenVectorException {
        return has(member) ? text(member) : null;
    }

    long number(String member) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new BrokenVectorException(path + "." + member + " is not an integer");
        }
        return value.longValue();
    }

    boolean flag(String member) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isBoolean()) {
            throw new BrokenVectorException(path + "." + member + " is not true or false");
        }
        return value.booleanValue();
    }

    /** A time as seconds since 1970, so that no case depends on the time parser it does not test. */
    Instant instant(String member) throws BrokenVectorException {
        return Instant.ofEpochSecond(number(member));
    }

    /** Bytes: the member {@code NAMEHex} in hexadecimal, or the member {@code NAME} as UTF-8 text. */
    byte[] bytes(String member) throws BrokenVectorException {
        String hex = textOrNull(member + "Hex");
        if (hex == null) {
            return text(member).getBytes(StandardCharsets.UTF_8);
        }
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new BrokenVectorException(path + "." + member + "Hex is not hexadecimal");
        }
    }

    CaseInput object(String member) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isObject()) {
            throw new BrokenVectorException(path + "." + member + " is not an object");
        }
        return new CaseInput(value, path + "." + member);
    }

    List<CaseInput> objects(String member) throws BrokenVectorException {
        List<CaseInput> list = new ArrayList<>();
        for (JsonNode element : array(member)) {
            list.add(new CaseInput(element, path + "." + member + "[" + list.size() + "]"));
        }
        return list;
    }

    List<String> texts(String member) throws BrokenVectorException {
        List<String> list = new ArrayList<>();
        for (JsonNode element : array(member)) {
            if (!element.isTextual()) {
                throw new BrokenVectorException(path + "." + member + " is not a list of strings");
            }
            list.add(element.textValue());
        }
        return list;
    }

    /** The member as an object of strings. */
    Map<String, String> textMap(String member) throws BrokenVectorException {
        CaseInput object = object(member);
        Map<String, String> map = new LinkedHashMap<>();
        for (var names = object.node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            map.put(name, object.text(name));
        }
        return map;
    }

    /** The member as the protocol library sees JSON: maps, lists, strings, longs, doubles, booleans, nulls. */
    Map<String, @Nullable Object> map(String member) throws BrokenVectorException {
        return Json.toMap(object(member).node);
    }

    /** The whole input in the same form. */
    Map<String, @Nullable Object> asMap() {
        return Json.toMap(node);
    }

    /** The member as JSON text, for parsers that take text. */
    String json(String member) throws BrokenVectorException {
        JsonNode value = node.get(member);
        if (value == null) {
            throw new BrokenVectorException(path + "." + member + " is absent");
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private JsonNode array(String member) throws BrokenVectorException {
        JsonNode value = node.path(member);
        if (!value.isArray()) {
            throw new BrokenVectorException(path + "." + member + " is not a list");
        }
        return value;
    }
}
