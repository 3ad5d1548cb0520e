package org.farthing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chapters of the specification name the code and the tests of each section: all of it is there. */
class SpecificationClassesTest {

    private static final Pattern LINE = Pattern.compile("^Code: .*$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(org\\.farthing\\.[a-zA-Z.]+|[A-Z][A-Za-z0-9]+)`");

    @Test
    void chapters_nameClassesAndPackagesThatExist() throws IOException {
        Set<String> sources = sources();
        Set<String> missing = new TreeSet<>();
        int named = 0;
        for (Path chapter : chapters()) {
            Matcher line = LINE.matcher(Files.readString(chapter));
            while (line.find()) {
                Matcher name = NAME.matcher(line.group());
                while (name.find()) {
                    named++;
                    if (!sources.contains(name.group(1))) {
                        missing.add(chapter.getFileName() + ": " + name.group(1));
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(300);
    }

    private static List<Path> chapters() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("spec"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Simple names, full names and packages of every class of the project. */
    private static Set<String> sources() throws IOException {
        Set<String> sources = new HashSet<>();
        for (String module :
                List.of("protocol-spec", "server-jetty", "client-java", "conformance-tests", "benchmarks")) {
            for (String kind : List.of("main", "test")) {
                Path root = Path.of("..", module, "src", kind, "java");
                if (Files.isDirectory(root)) {
                    try (Stream<Path> files = Files.walk(root)) {
                        files.filter(file -> file.toString().endsWith(".java"))
                                .forEach(file -> add(sources, root, file));
                    }
                }
            }
        }
        return sources;
    }

    private static void add(Set<String> sources, Path root, Path file) {
        String name = root.relativize(file)
                .toString()
                .replace(".java", "")
                .replace(file.getFileSystem().getSeparator(), ".");
        sources.add(name);
        sources.add(name.substring(name.lastIndexOf('.') + 1));
        sources.add(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
    }
}
