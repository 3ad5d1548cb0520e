package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What somebody with another language reads about the vectors, held against the vectors. */
class VectorGuideTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    @Requirement("F-CO-75")
    void guide_namesEveryFileOperationAndRefusal() throws IOException {
        String guide = Files.readString(Path.of("../protocol-spec/vectors/README.md"));
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : VectorSource.bundled().files().entrySet()) {
            JsonNode vectors = JSON.readTree(file.getValue());
            String row = guide.lines()
                    .filter(line -> line.startsWith("| [`" + file.getKey() + "`]"))
                    .findFirst()
                    .orElse("");
            if (!row.contains("](../spec/" + vectors.path("specification").textValue() + ")")) {
                missing.add(file.getKey());
            }
            assertThat(vectors.path("about").asText()).as(file.getKey()).isNotBlank();
            for (JsonNode one : vectors.path("cases")) {
                JsonNode op = one.path("input").path("op");
                if (op.isTextual() && !row.contains("`" + op.textValue() + "`")) {
                    missing.add(file.getKey() + " " + op.textValue());
                }
                String refusal = one.path("expectedError").asText("");
                if (!refusal.isEmpty() && !guide.contains("`" + refusal + "`")) {
                    missing.add(refusal);
                }
            }
        }
        assertThat(missing.stream().distinct()).isEmpty();
    }
}
