package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.conformance.report.RequirementRows;
import org.farthing.conformance.report.RequirementRows.Row;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Every row that concerns a server has a case, or a sentence that says why it has none. */
@Requirement("F-CO-24")
class ServerCoverageTest {

    private static Set<String> shown() {
        Set<String> shown = new TreeSet<>();
        cases().forEach(info -> shown.addAll(info.rows()));
        return shown;
    }

    private static List<CaseInfo> cases() {
        return ServerSuite.all().cases();
    }

    @Test
    void everyServerRowAndThreat_hasACaseOrAReason() {
        RequirementRows rows = RequirementRows.bundled();
        Set<String> covered = shown();
        covered.addAll(rows.unseen("server").keySet());
        assertThat(rows.all().stream().map(Row::id).filter(id -> !id.startsWith("C")))
                .as("rows without a case of the server suite: add one, or a line server|ROW|why to unseen-rows.txt")
                .isSubsetOf(covered);
    }

    @Test
    void everyRowOfACase_isOneOfTheTablesOrARule() {
        Set<String> known = new TreeSet<>();
        RequirementRows.bundled().all().forEach(row -> known.add(row.id()));
        for (CaseInfo info : cases()) {
            assertThat(info.rows())
                    .as(info.id())
                    .allMatch(row -> known.contains(row) || row.matches("F-[A-Z]{2}-[0-9]+"));
        }
    }

    @Test
    void sessions_areSaidToBeMissing() {
        assertThat(RequirementRows.bundled().unseen("server")).containsKeys("T55", "T56");
    }
}
