package org.farthing.conformance.requirements;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Reads the classes of one source file: what they are, what they inherit, and what their annotations say. */
final class TestClassReader extends TreeScanner<@Nullable Void, @Nullable TestClass> {

    private static final Set<String> TESTS = Set.of(
            "Test",
            "ParameterizedTest",
            "RepeatedTest",
            "TestFactory",
            "TestTemplate",
            "Property",
            "Example",
            "ArchTest");

    private final String module;
    private final List<TestClass> classes;

    TestClassReader(String module, List<TestClass> classes) {
        this.module = module;
        this.classes = classes;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable TestClass outer) {
        ModifiersTree modifiers = tree.getModifiers();
        List<TestClass.Method> methods = new ArrayList<>();
        boolean rules = false;
        for (Tree member : tree.getMembers()) {
            if (member instanceof MethodTree method) {
                methods.add(new TestClass.Method(
                        method.getName().toString(),
                        hasOneOf(method.getModifiers(), TESTS),
                        hasOneOf(method.getModifiers(), Set.of("Disabled")),
                        shows(method.getModifiers())));
            } else if (member instanceof VariableTree field) {
                rules |= hasOneOf(field.getModifiers(), Set.of("ArchTest"));
            }
        }
        TestClass type = new TestClass(
                module,
                outer,
                tree.getSimpleName().toString(),
                modifiers.getFlags().contains(Modifier.ABSTRACT) || tree.getKind() == Tree.Kind.INTERFACE,
                hasOneOf(modifiers, Set.of("Nested", "Group")),
                hasOneOf(modifiers, Set.of("Disabled")) || (outer != null && outer.isOff()),
                rules,
                parents(tree),
                shows(modifiers),
                List.copyOf(methods));
        classes.add(type);
        return super.visitClass(tree, type);
    }

    private static List<String> parents(ClassTree tree) {
        Stream<Tree> parents = tree.getImplementsClause().stream().map(Tree.class::cast);
        Tree extended = tree.getExtendsClause();
        return Stream.concat(extended == null ? Stream.empty() : Stream.of(extended), parents)
                .map(Tree::toString)
                .map(name -> name.replaceFirst("<.*", "").replaceFirst(".*\\.", ""))
                .toList();
    }

    private static boolean hasOneOf(ModifiersTree modifiers, Set<String> names) {
        return modifiers.getAnnotations().stream().anyMatch(annotation -> names.contains(name(annotation)));
    }

    private static String name(AnnotationTree annotation) {
        return annotation.getAnnotationType().toString().replaceFirst(".*\\.", "");
    }

    private static List<String> shows(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .filter(annotation -> name(annotation).equals("Requirement"))
                .flatMap(annotation -> annotation.getArguments().stream())
                .flatMap(TestClassReader::texts)
                .distinct()
                .toList();
    }

    /** Only texts, so that a search for the number finds the test. */
    private static Stream<String> texts(ExpressionTree value) {
        if (value instanceof AssignmentTree named) {
            return texts(named.getExpression());
        }
        if (value instanceof NewArrayTree array) {
            return array.getInitializers().stream().flatMap(TestClassReader::texts);
        }
        if (value instanceof LiteralTree literal && literal.getValue() instanceof String text) {
            return Stream.of(text);
        }
        throw new IllegalStateException("@Requirement takes texts, not " + value);
    }
}
