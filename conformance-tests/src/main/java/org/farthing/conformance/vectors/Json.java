package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries JSON between the vector files (Jackson trees) and the library under test (plain Java values). */
final class Json {

    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    /** What a check returned, as a tree that can be compared and printed. */
    static JsonNode toTree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** An object as the library's parsers would have read it. */
    static Map<String, @Nullable Object> toMap(JsonNode object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), toValue(entry.getValue())));
        return map;
    }

    private static @Nullable Object toValue(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> toMap(node);
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                node.forEach(element -> list.add(toValue(element)));
                yield list;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : node.doubleValue();
            case NULL -> null;
            default -> throw new IllegalStateException("no JSON value: " + node.getNodeType());
        };
    }
}
