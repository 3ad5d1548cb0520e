package org.farthing.conformance.requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.conformance.requirements.AnnotatedTests.Shown;

/**
 * Makes {@code protocol-spec/spec/requirements.md} of the specification's tables, the tests' annotations and what
 * {@code dispositions.txt} says of the rest. The page depends on sources alone, so that every machine makes the same.
 */
final class RequirementsPage {

    /** Where the page lies, from the root of the project. */
    static final Path PAGE = Path.of("protocol-spec", "spec", "requirements.md");

    /** How the page is made anew, from the root of the project, once the tests are compiled. */
    static final String COMMAND = "java -cp conformance-tests/target/test-classes " + RequirementsPage.class.getName();

    private static final Path DISPOSITIONS =
            Path.of("conformance-tests/src/test/resources/org/farthing/conformance/requirements/dispositions.txt");

    private static final Pattern VECTOR_REQUIREMENTS = Pattern.compile("\"requirements\"\\s*:\\s*\\[([^\\]]*)]");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]+)\"");

    private final SpecificationRows specification;
    private final Map<String, Disposition> dispositions;
    private final AnnotatedTests tests;
    private final Map<String, Set<String>> vectors;

    private RequirementsPage(
            SpecificationRows specification,
            Map<String, Disposition> dispositions,
            AnnotatedTests tests,
            Map<String, Set<String>> vectors) {
        this.specification = specification;
        this.dispositions = dispositions;
        this.tests = tests;
        this.vectors = vectors;
    }

    static RequirementsPage read(Path root) throws IOException {
        return new RequirementsPage(
                SpecificationRows.read(root.resolve("protocol-spec/spec")),
                Disposition.read(root.resolve(DISPOSITIONS)),
                AnnotatedTests.read(root),
                readVectors(root.resolve("protocol-spec/vectors")));
    }

    /** Writes the page where it is kept. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments.length == 0 ? "." : arguments[0]);
        Files.writeString(root.resolve(PAGE), read(root).text());
    }

    private static Map<String, Set<String>> readVectors(Path folder) throws IOException {
        Map<String, Set<String>> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replace(".json", "");
                Matcher numbers = VECTOR_REQUIREMENTS.matcher(Files.readString(file));
                while (numbers.find()) {
                    TEXT.matcher(numbers.group(1))
                            .results()
                            .forEach(number -> files.computeIfAbsent(number.group(1), any -> new TreeSet<>())
                                    .add(name));
                }
            }
        }
        return files;
    }

    /** Numbers of annotations that no table and no chapter has. */
    List<String> unknownNumbers() {
        List<String> unknown = new ArrayList<>();
        for (Shown shown : tests.all()) {
            for (String number : shown.numbers()) {
                if (!specification.knows(number)) {
                    unknown.add(shown + " names " + number);
                }
            }
        }
        return unknown;
    }

    /** Annotated tests that the build does not run. */
    List<String> notRun() {
        return tests.all().stream()
                .filter(shown -> !shown.run())
                .map(Shown::toString)
                .toList();
    }

    /** Rows that neither a test shows nor a disposition explains. */
    List<String> unexplained() {
        return specification.rows().keySet().stream()
                .filter(row -> shownBy(row).isEmpty() && !dispositions.containsKey(row))
                .map(row -> row + ": no test names it. Annotate one with @Requirement(\"" + row
                        + "\"), or say why not in dispositions.txt")
                .toList();
    }

    /** Dispositions of unknown rows, of rows that have tests meanwhile, or of rows that lost theirs. */
    List<String> outdated() {
        List<String> outdated = new ArrayList<>();
        dispositions.forEach((row, disposition) -> {
            if (!specification.rows().containsKey(row)) {
                outdated.add(row + " is no row");
            } else if (disposition.kind().tested == shownBy(row).isEmpty()) {
                outdated.add(row + (disposition.kind().tested ? " has no test any more" : " has a test now")
                        + ", and dispositions.txt says \"" + disposition.words() + "\"");
            }
        });
        return outdated;
    }

    String text() {
        StringBuilder page = new StringBuilder("""
                # Requirements, and the tests that show them

                Made from the tests' `@Requirement` annotations, not written by hand: the build fails when this page is out of
                date, and when a row has neither a test nor a reason. What is asked of servers and clients is listed with the rules
                that answer it in [draft-requirements](draft-requirements.md), the attacks in [threats](threats.md). A class without
                a test's name: all its tests show the row. `vectors` names files of cases that any implementation can run. Rows of
                later work say `with:` what they come; `no test:` and `beside:` say what no test can show, and why.

                """);
        page.append(summary());
        section(page, "Server", "S");
        section(page, "Client", "C");
        section(page, "Threats", "T");
        return page.toString();
    }

    private String summary() {
        Collection<String> rows = specification.rows().keySet();
        long later = count(Disposition.Kind.WITH);
        long never = count(Disposition.Kind.NO_TEST);
        return (rows.size() - later - never) + " rows shown by tests, " + later + " with later work, " + never
                + " that no test can show.\n";
    }

    private long count(Disposition.Kind kind) {
        return dispositions.values().stream()
                .filter(disposition -> disposition.kind() == kind)
                .count();
    }

    private void section(StringBuilder page, String title, String letter) {
        page.append("\n## ").append(title).append("\n\n| row | ");
        page.append(letter.equals("T") ? "attack" : "what is asked").append(" | shown by |\n|---|---|---|\n");
        specification.rows().forEach((row, text) -> {
            if (row.startsWith(letter)) {
                page.append("| %s | %s | %s |\n".formatted(row, text, cell(row)));
            }
        });
    }

    private String cell(String row) {
        List<String> parts = new ArrayList<>();
        String module = "";
        for (Map.Entry<String, List<Shown>> type : byClass(row).entrySet()) {
            Shown first = type.getValue().get(0);
            String prefix = first.module().equals(module) ? "" : first.module() + ": ";
            module = first.module();
            parts.add(prefix + "`" + first.type() + "`" + methods(type.getValue()));
        }
        Set<String> files = vectors.getOrDefault(row, Set.of());
        if (!files.isEmpty()) {
            parts.add("vectors: " + String.join(", ", files));
        }
        Disposition disposition = dispositions.get(row);
        if (disposition != null) {
            parts.add(disposition.words());
        }
        return String.join("; ", parts);
    }

    private static String methods(List<Shown> ofOneClass) {
        if (ofOneClass.stream().anyMatch(shown -> shown.method().isEmpty())) {
            return "";
        }
        return ofOneClass.stream()
                .map(shown -> "`" + shown.method() + "`")
                .sorted()
                .distinct()
                .collect(Collectors.joining(", ", " ", ""));
    }

    /** In the order of the modules; within one, by name. */
    private Map<String, List<Shown>> byClass(String row) {
        List<String> modules =
                tests.shown().stream().map(Shown::module).distinct().toList();
        Map<String, List<Shown>> byClass = new TreeMap<>();
        for (Shown shown : shownBy(row)) {
            String key = (char) ('a' + modules.indexOf(shown.module())) + shown.type();
            byClass.computeIfAbsent(key, any -> new ArrayList<>()).add(shown);
        }
        return byClass;
    }

    private List<Shown> shownBy(String row) {
        return tests.shown().stream()
                .filter(shown -> shown.numbers().contains(row))
                .toList();
    }
}
