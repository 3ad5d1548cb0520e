package org.farthing.server.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/** How the files of a key folder are named and found. */
final class KeyNames {

    /** The time in a file's name: names sort by it. */
    static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private KeyNames() {}

    /** Those with this begin and end of their names, by name. */
    static List<Path> files(Path folder, String prefix, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(prefix) && name.endsWith(suffix);
                    })
                    .sorted()
                    .toList();
        }
    }

    static KeyFileException unusable(Path file, Exception why) {
        // The protocol's parsers name the place of a fault and never quote the input, so the reason can be shown.
        return new KeyFileException(file + " is not usable: " + why.getMessage());
    }
}
