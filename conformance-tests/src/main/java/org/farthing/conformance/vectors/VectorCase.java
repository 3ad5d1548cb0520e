package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One example: an input, and either the value or the error that it must lead to. Exactly one of the two is present.
 *
 * @param name what the case shows, unique in its file
 * @param input the input, in the shape that the kind of the file asks for
 * @param expected the value, or null if an error is expected
 * @param expectedError the stable name of the error, or null if a value is expected
 */
record VectorCase(
        String name,
        JsonNode input,
        @Nullable JsonNode expected,
        @Nullable String expectedError) {

    VectorCase {
        if ((expected == null) == (expectedError == null)) {
            throw new IllegalArgumentException("exactly one of expected and expectedError");
        }
    }

    /** Whether this is what the case asks for. A check that broke down never is. */
    boolean accepts(Outcome outcome) {
        return wanted().sameAs(outcome);
    }

    /** The outcome that the case asks for. */
    Outcome wanted() {
        if (expected != null) {
            return new Outcome.Value(expected);
        }
        // The constructor has seen to it that one of the two is there.
        return new Outcome.Refused(String.valueOf(expectedError), "");
    }
}
