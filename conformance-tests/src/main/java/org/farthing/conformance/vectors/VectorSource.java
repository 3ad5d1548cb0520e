package org.farthing.conformance.vectors;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where vector files come from: a directory of the caller's, or the set bundled with this jar.
 *
 * @param name what to call the place in a report
 * @param files the bytes of every {@code *.json} file, by file name and in its order
 */
record VectorSource(String name, Map<String, byte[]> files) {

    /** The folder inside the jar (and in {@code target/classes}) that the build fills from protocol-spec. */
    private static final String BUNDLED = "vectors";

    /** Every {@code *.json} file that lies directly in a directory. */
    static VectorSource directory(Path directory) throws IOException {
        return new VectorSource(directory.toString(), read(directory));
    }

    /** The files bundled with this program. */
    static VectorSource bundled() throws IOException {
        try {
            URI location = VectorSource.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return of(Path.of(location));
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell where this program lies: " + e.getMessage(), e);
        }
    }

    /** The files bundled at a code location: a jar, or a folder of classes. */
    static VectorSource of(Path location) throws IOException {
        String name = "the vectors of this jar";
        if (Files.isDirectory(location)) {
            return new VectorSource(name, read(location.resolve(BUNDLED)));
        }
        try (FileSystem jar = FileSystems.newFileSystem(location)) {
            return new VectorSource(name, read(jar.getPath(BUNDLED)));
        }
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        List<Path> paths;
        try (Stream<Path> all = Files.list(directory)) {
            paths = all.toList();
        }
        for (Path path : paths) {
            String name = String.valueOf(path.getFileName());
            if (name.endsWith(".json")) {
                files.put(name, Files.readAllBytes(path));
            }
        }
        return files;
    }
}
