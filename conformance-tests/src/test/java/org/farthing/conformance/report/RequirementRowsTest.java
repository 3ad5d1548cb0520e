package org.farthing.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.farthing.conformance.client.ClientSuite;
import org.farthing.conformance.report.RequirementRows.Row;
import org.farthing.conformance.server.ServerSuite;
import org.farthing.conformance.wallet.WalletSuite;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class RequirementRowsTest {

    private static final List<String> TABLE = List.of(
            "| row | x | y | z |\n|---|---|---|---|\n| S1 | asks `x` | MUST | F-SV-4 |\n| S2 | more | SHOULD | none |\n");

    @Test
    void bundled_bothTables_haveEveryRow() {
        List<Row> rows = List.copyOf(RequirementRows.bundled().all());
        assertThat(rows)
                .hasSize(56 + 21 + 78)
                .extracting(Row::id)
                .startsWith("S1", "S2")
                .endsWith("T77", "T78");
        assertThat(rows).contains(new Row("S12", "no challenge with a missing or empty id", "MUST", "F-CH-1, F-BI-1"));
    }

    @Test
    @Requirement("F-CO-93")
    void bundled_rowsSaidToHaveNoCase_haveNone() {
        RequirementRows rows = RequirementRows.bundled();
        assertThat(rows.contradictions("server", ServerSuite.all().cases())).isEmpty();
        assertThat(rows.contradictions("client", ClientSuite.all().cases())).isEmpty();
        assertThat(rows.contradictions("wallet", WalletSuite.all().cases())).isEmpty();
    }

    @Test
    void unseen_linesOfASuite_areItsOwn() {
        RequirementRows rows =
                RequirementRows.of(TABLE, "# why\n\nserver|S2|it is inside\nclient|S1|not its business\n");
        assertThat(rows.unseen("server")).containsExactlyEntriesOf(Map.of("S2", "it is inside"));
        assertThat(rows.unseen("wallet")).isEmpty();
        assertThat(rows.contradictions("server", ReportRun.SUITE.cases())).isEmpty();
        assertThat(rows.contradictions("client", ReportRun.SUITE.cases())).containsExactly("S1");
    }

    @Test
    void unseen_lineThatSaysNothing_isRefused() {
        for (String line : List.of("server|S3|no such row", "server|S1|", "server|S1", "shop|S1|why")) {
            assertThatThrownBy(() -> RequirementRows.of(TABLE, line)).hasMessageContaining(line);
        }
        assertThatThrownBy(() -> RequirementRows.of(TABLE, "server|S1|a\nserver|S1|b"))
                .hasMessageContaining("server|S1 twice");
    }
}
