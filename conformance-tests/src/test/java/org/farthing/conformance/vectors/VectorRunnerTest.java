package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.junit.jupiter.api.Test;

/** What the runner makes of everything a check can do. */
class VectorRunnerTest {

    @Test
    void runFile_sameNumberWrittenDifferently_passes() {
        assertThat(run(input -> 2.0, "\"expected\":2").ok()).isTrue();
    }

    @Test
    void runFile_nullExpectedAndReturned_passes() {
        assertThat(run(input -> null, "\"expected\":null").ok()).isTrue();
    }

    @Test
    void runFile_stringForNumber_fails() {
        assertThat(run(input -> "2", "\"expected\":2").ok()).isFalse();
    }

    @Test
    void runFile_membersInAnotherOrder_passes() {
        Check check = input -> Map.of("a", 1, "b", 2);

        assertThat(run(check, "\"expected\":{\"b\":2,\"a\":1}").ok()).isTrue();
    }

    @Test
    void runFile_malformed_isItsFault() {
        Check check = input -> {
            throw new MalformedException(Fault.TOO_LARGE, "x", "y");
        };

        assertThat(run(check, "\"expectedError\":\"TOO_LARGE\"").ok()).isTrue();
        assertThat(run(check, "\"expectedError\":\"SYNTAX\"").ok()).isFalse();
    }

    @Test
    void runFile_illegalArgument_isRefused() {
        Check check = input -> {
            throw new IllegalArgumentException("x");
        };

        assertThat(run(check, "\"expectedError\":\"REFUSED\"").ok()).isTrue();
    }

    @Test
    void runFile_arithmetic_isNotExact() {
        Check check = input -> {
            throw new ArithmeticException("x");
        };

        assertThat(run(check, "\"expectedError\":\"NOT_EXACT\"").ok()).isTrue();
    }

    @Test
    void runFile_checkBreaksDown_failsWhateverIsExpected() {
        Check broken = input -> {
            throw new IllegalStateException("no");
        };
        for (String expectation : new String[] {"\"expectedError\":\"IllegalStateException\"", "\"expected\":null"}) {
            VectorReport.FileResult result = run(broken, expectation);
            assertThat(result.failures()).hasSize(1);
            assertThat(result.failures().get(0).got().describe()).contains("IllegalStateException: no");
        }
    }

    @Test
    void runFile_stackOverflow_failsTheCase() {
        Check broken = input -> {
            throw new StackOverflowError();
        };

        assertThat(run(broken, "\"expected\":1").failures()).hasSize(1);
    }

    private static VectorReport.FileResult run(Check check, String expectation) {
        String file = "{\"title\":\"t\",\"specification\":\"x.md\",\"requirements\":[],\"kind\":\"k\",\"cases\":["
                + "{\"name\":\"n\",\"input\":{}," + expectation + "}]}";
        return new VectorRunner(Map.of("k", check)).runFile("f.json", file.getBytes(StandardCharsets.UTF_8));
    }
}
