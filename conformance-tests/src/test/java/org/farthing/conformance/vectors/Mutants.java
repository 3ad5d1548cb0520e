package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Every small change of a JSON value: each leaf changed, each member and element dropped, one added. */
final class Mutants {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Mutants() {}

    /** The values that differ from this one in one place. */
    static List<JsonNode> of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> ofObject((ObjectNode) value);
            case ARRAY -> ofArray((ArrayNode) value);
            case STRING -> List.of(JSON.textNode(value.textValue() + "x"), JSON.nullNode());
            case NUMBER -> List.of(JSON.numberNode(value.decimalValue().add(BigDecimal.ONE)));
            case BOOLEAN -> List.of(JSON.booleanNode(!value.booleanValue()));
            default -> List.of(JSON.textNode("x"));
        };
    }

    private static List<JsonNode> ofObject(ObjectNode object) {
        List<JsonNode> mutants = new ArrayList<>();
        for (var member : object.properties()) {
            for (JsonNode changed : of(member.getValue())) {
                mutants.add(object.deepCopy().set(member.getKey(), changed));
            }
            ObjectNode without = object.deepCopy();
            without.remove(member.getKey());
            mutants.add(without);
        }
        mutants.add(object.deepCopy().put("another member", "x"));
        return mutants;
    }

    private static List<JsonNode> ofArray(ArrayNode array) {
        List<JsonNode> mutants = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            for (JsonNode changed : of(array.get(i))) {
                ArrayNode copy = array.deepCopy();
                copy.set(i, changed);
                mutants.add(copy);
            }
            ArrayNode without = array.deepCopy();
            without.remove(i);
            mutants.add(without);
        }
        mutants.add(array.deepCopy().add("another element"));
        return mutants;
    }
}
