package org.farthing.conformance.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JSON Schemas of {@code protocol-spec/schemas}, by file name without its ending. */
public final class Schemas {

    static final Path DIRECTORY = Path.of("../protocol-spec/schemas");

    private static final String PREFIX = "urn:farthing:schema:";

    /** Every schema under its own id, so that they find each other and nothing is ever fetched. */
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts()));

    private Schemas() {}

    /** What is wrong with a value, empty if it follows the schema. */
    public static List<String> complaints(String schema, JsonNode value) {
        Schema loaded = REGISTRY.getSchema(SchemaLocation.of(PREFIX + schema));
        return loaded.validate(value).stream().map(Error::toString).toList();
    }

    private static Map<String, String> texts() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .collect(Collectors.toMap(
                            file -> PREFIX + file.getFileName().toString().replace(".json", ""), Schemas::text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
