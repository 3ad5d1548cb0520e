package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/** What became of one input: a value, a refusal with a stable name, or a breakdown that no case can expect. */
sealed interface Outcome {

    /** Numbers are equal when they are the same number; everything else must be equal as it is. */
    Comparator<JsonNode> SAME_JSON = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    /** For people: one line without line breaks. */
    String describe();

    /** Whether both say the same; two breakdowns never do. */
    boolean sameAs(Outcome other);

    /**
     * The input was accepted and gave a value.
     *
     * @param value the value
     */
    record Value(JsonNode value) implements Outcome {
        @Override
        public String describe() {
            return "value " + value;
        }

        @Override
        public boolean sameAs(Outcome other) {
            return other instanceof Value v && value.equals(SAME_JSON, v.value);
        }
    }

    /**
     * The input was refused in the way the protocol foresees.
     *
     * @param error the stable name of the error; only this is compared
     * @param message the words of the refusal
     */
    record Refused(String error, String message) implements Outcome {
        @Override
        public String describe() {
            return message.isEmpty() ? "error " + error : "error " + error + " (" + message + ")";
        }

        @Override
        public boolean sameAs(Outcome other) {
            return other instanceof Refused r && error.equals(r.error);
        }
    }

    /**
     * The check could not be carried out, or the code under test threw what it must never throw.
     *
     * @param what the reason
     */
    record Broken(String what) implements Outcome {
        @Override
        public String describe() {
            return "a breakdown: " + what;
        }

        @Override
        public boolean sameAs(Outcome other) {
            return false;
        }
    }
}
