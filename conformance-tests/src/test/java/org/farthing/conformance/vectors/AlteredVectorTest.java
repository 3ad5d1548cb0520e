package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.testing.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A vector that passes whatever it expects shows nothing: every case must fail as soon as its expectation is altered. The
 * negative cases are what notices a library below that became more lenient.
 */
@Requirement("T67")
class AlteredVectorTest {

    private static final JsonMapper JSON = new JsonMapper();

    static Stream<String> files() throws IOException {
        return VectorSource.bundled().files().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void run_anyExpectationAltered_failsAndNamesTheCase(String name) throws IOException {
        JsonNode file = JSON.readTree(VectorSource.bundled().files().get(name));
        VectorRunner runner = new VectorRunner();
        for (JsonNode original : file.path("cases")) {
            String caseName = original.path("name").textValue();
            assertThat(run(runner, name, file, original).failures())
                    .as(caseName)
                    .isEmpty();
            for (JsonNode altered : altered((ObjectNode) original)) {
                VectorReport.FileResult result = run(runner, name, file, altered);
                assertThat(result.failures())
                        .as("%s: %s", caseName, altered)
                        .extracting(VectorReport.Failure::name)
                        .containsExactly(caseName);
                assertThat(result.ok()).isFalse();
            }
        }
    }

    /** The case alone in its file, through the same reader and runner as any file. */
    private static VectorReport.FileResult run(VectorRunner runner, String name, JsonNode file, JsonNode one)
            throws IOException {
        ObjectNode alone = JSON.createObjectNode();
        file.properties().forEach(member -> {
            if (!member.getKey().equals("cases")) {
                alone.set(member.getKey(), member.getValue());
            }
        });
        alone.putArray("cases").add(one);
        return runner.runFile(name, JSON.writeValueAsBytes(alone));
    }

    private static List<JsonNode> altered(ObjectNode original) {
        List<JsonNode> altered = new ArrayList<>();
        ObjectNode bare = original.deepCopy();
        bare.remove(List.of("expected", "expectedError"));
        if (original.has("expected")) {
            for (JsonNode mutant : Mutants.of(original.get("expected"))) {
                altered.add(bare.deepCopy().set("expected", mutant));
            }
            altered.add(bare.deepCopy().put("expectedError", "SYNTAX"));
        } else {
            String error = original.path("expectedError").textValue();
            altered.add(bare.deepCopy().put("expectedError", error.equals("VALUE") ? "TYPE" : "VALUE"));
            altered.add(bare.deepCopy().put("expectedError", error + "X"));
            altered.add(bare.deepCopy().set("expected", JsonNodeFactory.instance.nullNode()));
            altered.add(bare.deepCopy().put("expected", true));
        }
        return altered;
    }
}
