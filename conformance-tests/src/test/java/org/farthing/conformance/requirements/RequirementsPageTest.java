package org.farthing.conformance.requirements;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every row of the requirements and threats leads to tests that are run, or says why it does not; and the page says so. */
class RequirementsPageTest {

    private static final Path ROOT = Path.of("..");

    private static RequirementsPage page;

    @BeforeAll
    static void read() throws IOException {
        page = RequirementsPage.read(ROOT);
    }

    @Test
    void annotations_nameRowsAndRulesThatExist() {
        assertThat(page.unknownNumbers()).isEmpty();
    }

    @Test
    void annotatedTests_areAllRun() {
        assertThat(page.notRun()).isEmpty();
    }

    @Test
    void everyRow_isShownOrSaysWhyNot() {
        assertThat(page.unexplained()).isEmpty();
    }

    @Test
    void dispositions_areStillNeeded() {
        assertThat(page.outdated()).isEmpty();
    }

    @Test
    void page_asCommitted_isWhatTheAnnotationsSay() throws IOException {
        Path committed = ROOT.resolve(RequirementsPage.PAGE);
        List<String> before = Files.exists(committed) ? Files.readAllLines(committed) : List.of();
        List<String> now = page.text().lines().toList();
        assertThat(now.stream().filter(line -> !before.contains(line)))
                .as("Lines of the page that are out of date. In the project's folder: %s", RequirementsPage.COMMAND)
                .isEmpty();
        assertThat(now.equals(before))
                .as("the page has lines that are gone: " + RequirementsPage.COMMAND)
                .isTrue();
    }
}
