package org.farthing.conformance.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.farthing.conformance.requirements.AnnotatedTests.Shown;
import org.junit.jupiter.api.Test;

/** The reader of annotations, on sources of a few lines. */
class AnnotatedTestsTest {

    private final List<JavaFileObject> sources = new ArrayList<>();

    @Test
    void read_methodsAndClass_areNamedWithTheirNumbers() throws IOException {
        source("PayTest", "@Requirement(\"T1\") class PayTest { @Test @Requirement({\"S1\", \"S2\"}) void pays() {} }");
        assertThat(read().shown())
                .containsExactly(shown("PayTest", "", true, "T1"), shown("PayTest", "pays", true, "S1", "S2"));
    }

    @Test
    void read_commentsAndTexts_areNoAnnotations() throws IOException {
        source(
                "PayTest",
                "// @Requirement(\"S1\")\nclass PayTest { /** @Requirement(\"S2\") */ @Test void pays() {"
                        + " String s = \"@Requirement(\\\"S3\\\") class X { @Test void y() {} }\"; } }");
        assertThat(read().all()).isEmpty();
    }

    @Test
    void read_numberThatIsNoText_isRefused() {
        source("PayTest", "class PayTest { static final String ROW = \"S1\"; @Test @Requirement(ROW) void pays() {} }");
        assertThatThrownBy(this::read).hasMessageContaining("ROW");
    }

    @Test
    void run_methodThatIsNoTest_isNot() throws IOException {
        source("PayTest", "class PayTest { @Requirement(\"S1\") void pays() {} @Test void other() {} }");
        assertThat(read().shown()).isEmpty();
    }

    @Test
    void run_classWithoutTests_isNot() throws IOException {
        source("PayTest", "@Requirement(\"S1\") class PayTest { void pays() {} }");
        assertThat(read().shown()).isEmpty();
    }

    @Test
    void run_classTheBuildDoesNotPick_isNot() throws IOException {
        source("Paying", "class Paying { @Test @Requirement(\"S1\") void pays() {} }");
        assertThat(read().shown()).isEmpty();
    }

    @Test
    void run_switchedOff_isNot() throws IOException {
        source("PayTest", "class PayTest { @Disabled @Test @Requirement(\"S1\") void pays() {} }");
        source("OffTest", "@Disabled @Requirement(\"S1\") class OffTest { @Test @Requirement(\"S2\") void pays() {} }");
        assertThat(read().all()).hasSize(3);
        assertThat(read().shown()).isEmpty();
    }

    @Test
    void run_contract_isOnceSomethingInheritsIt() throws IOException {
        source("PayContract", "abstract class PayContract<T> { @Test @Requirement(\"S1\") void pays() {} }");
        assertThat(read().shown()).isEmpty();
        source("SqlitePayTest", "class SqlitePayTest extends org.example.PayContract<String> {}");
        assertThat(read().shown()).containsExactly(shown("PayContract", "pays", true, "S1"));
    }

    @Test
    void run_groupsOfAContract_areWithIt() throws IOException {
        source(
                "PayContract",
                "interface PayContract { @Nested class Claims extends ClaimContract {} class Helper { "
                        + "@Test @Requirement(\"S2\") void never() {} } }");
        source("ClaimContract", "@Requirement(\"S1\") abstract class ClaimContract { @Property void claims() {} }");
        assertThat(read().shown()).isEmpty();
        source("SqlitePayTest", "class SqlitePayTest implements PayContract {}");
        assertThat(read().shown()).containsExactly(shown("ClaimContract", "", true, "S1"));
    }

    @Test
    void run_nestedGroup_hasItsOuterName() throws IOException {
        source(
                "PayTest",
                "class PayTest { @Nested class Twice { @ParameterizedTest @Requirement(\"S1\") void pays() {} } }");
        assertThat(read().shown()).containsExactly(shown("PayTest.Twice", "pays", true, "S1"));
    }

    @Test
    void run_rulesOfArchUnit_areTests() throws IOException {
        source(
                "ArchitectureTest",
                "@Requirement(\"T66\") class ArchitectureTest { @ArchTest static final ArchRule X = null; }");
        assertThat(read().shown()).containsExactly(shown("ArchitectureTest", "", true, "T66"));
    }

    private AnnotatedTests read() throws IOException {
        return AnnotatedTests.of(sources);
    }

    private static Shown shown(String type, String method, boolean run, String... numbers) {
        return new Shown("module", type, method, List.of(numbers), run);
    }

    private void source(String name, String text) {
        sources.add(new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        });
    }
}
