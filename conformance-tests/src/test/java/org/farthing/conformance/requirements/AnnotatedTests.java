package org.farthing.conformance.requirements;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The tests of all modules that say what they show, read from the sources: class files of deleted tests may lie about, and a
 * module that is built alone has no others beside it.
 */
final class AnnotatedTests {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    /** Which classes the build runs: the same names as {@code <includes>} of the parent's pom.xml. */
    private static final Pattern RUN = Pattern.compile("\\w+(Test|Tests|Properties)");

    private final List<TestClass> classes;
    private final Set<TestClass> run = new LinkedHashSet<>();

    private AnnotatedTests(List<TestClass> classes) {
        this.classes = classes;
        Map<String, List<TestClass>> named = new HashMap<>();
        for (TestClass type : classes) {
            named.computeIfAbsent(type.simpleName(), name -> new ArrayList<>()).add(type);
        }
        classes.stream()
                .filter(type -> type.outer() == null && !type.isAbstract())
                .filter(type -> RUN.matcher(type.simpleName()).matches())
                .forEach(type -> reach(type, named));
    }

    /** A class runs with all it inherits and with the groups within it, and so do the groups of what it inherits. */
    private void reach(TestClass type, Map<String, List<TestClass>> named) {
        if (!run.add(type)) {
            return;
        }
        for (String parent : type.parents()) {
            named.getOrDefault(parent, List.of()).forEach(inherited -> reach(inherited, named));
        }
        for (TestClass inner : classes) {
            if (type.equals(inner.outer()) && inner.isGroup()) {
                reach(inner, named);
            }
        }
    }

    /** All modules' tests. */
    static AnnotatedTests read(Path root) throws IOException {
        List<TestClass> classes = new ArrayList<>();
        for (String module : MODULE.matcher(Files.readString(root.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList()) {
            Path sources = root.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(sources)) {
                classes.addAll(readModule(module, sources));
            }
        }
        return new AnnotatedTests(classes);
    }

    private static List<TestClass> readModule(String module, Path sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> tree = Files.walk(sources);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> found = tree.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            return parse(module, files.getJavaFileObjectsFromPaths(found));
        }
    }

    /** For the tests of this reader. */
    static AnnotatedTests of(List<? extends JavaFileObject> sources) throws IOException {
        return new AnnotatedTests(parse("module", sources));
    }

    private static List<TestClass> parse(String module, Iterable<? extends JavaFileObject> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        List<TestClass> classes = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TestClassReader(module, classes).scan(unit, null);
        }
        return classes;
    }

    /** What says that it shows something, and is run. */
    List<Shown> shown() {
        return all().stream().filter(Shown::run).toList();
    }

    /** What says that it shows something, run or not. */
    List<Shown> all() {
        List<Shown> all = new ArrayList<>();
        for (TestClass type : classes) {
            boolean runs = run.contains(type) && !type.isOff();
            if (!type.shows().isEmpty()) {
                all.add(new Shown(type.module(), type.name(), "", type.shows(), runs && hasTests(type)));
            }
            for (TestClass.Method method : type.methods()) {
                if (!method.shows().isEmpty()) {
                    all.add(new Shown(
                            type.module(),
                            type.name(),
                            method.name(),
                            method.shows(),
                            runs && method.isTest() && !method.isOff()));
                }
            }
        }
        return all;
    }

    private boolean hasTests(TestClass type) {
        return type.hasRules()
                || type.methods().stream().anyMatch(TestClass.Method::isTest)
                || classes.stream()
                        .anyMatch(other ->
                                (type.equals(other.outer()) || type.parents().contains(other.simpleName()))
                                        && hasTests(other));
    }

    /**
     * A test, or a class of tests, and what it says it shows.
     *
     * @param module its module
     * @param type its class, {@code Outer.Inner} for a group
     * @param method the method; empty for all of the class
     * @param numbers what it shows
     * @param run whether the build runs it
     */
    record Shown(String module, String type, String method, List<String> numbers, boolean run) {

        @Override
        public String toString() {
            return module + ": " + type + (method.isEmpty() ? "" : "#" + method);
        }
    }
}
