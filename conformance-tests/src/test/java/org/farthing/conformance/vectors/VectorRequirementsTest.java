package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.requirements.SpecificationRows;
import org.junit.jupiter.api.Test;

/** Every number a vector file names leads to a rule, and every threat that can be shown without a server has vectors. */
class VectorRequirementsTest {

    private static final Path SPECIFICATION = Path.of("../protocol-spec/spec");

    @Test
    void specification_ofEveryFile_isAChapter() throws IOException {
        for (byte[] file : VectorSource.bundled().files().values()) {
            String chapter = read(file).path("specification").textValue();
            assertThat(SPECIFICATION.resolve(chapter)).isRegularFile();
        }
    }

    @Test
    void requirements_ofEveryFile_areRulesOfTheSpecificationOrRowsOfItsTables() throws IOException {
        SpecificationRows known = SpecificationRows.read(SPECIFICATION);
        for (var file : VectorSource.bundled().files().entrySet()) {
            for (JsonNode number : read(file.getValue()).path("requirements")) {
                assertThat(known.knows(number.textValue()))
                        .as("%s names %s", file.getKey(), number.textValue())
                        .isTrue();
            }
        }
    }

    @Test
    void requirements_ofAllFiles_coverTheThreatsThatNeedNoServer() throws IOException {
        Set<String> named = new TreeSet<>();
        for (byte[] file : VectorSource.bundled().files().values()) {
            read(file).path("requirements").forEach(number -> named.add(number.textValue()));
        }
        for (int row : new int[] {
            4, 5, 6, 7, 8, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
            37, 49, 50, 57, 58, 59, 60, 61, 69, 70, 71, 73, 74, 75, 76, 78
        }) {
            assertThat(named).contains("T" + row);
        }
    }

    private static JsonNode read(byte[] file) throws IOException {
        return new JsonMapper().readTree(file);
    }
}
