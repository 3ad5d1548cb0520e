package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.conformance.report.RequirementRows;
import org.farthing.conformance.report.RequirementRows.Row;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** No row that asks something of clients, and no threat, is passed over in silence. */
class ClientRowsTest {

    @Test
    @Requirement("F-CO-45")
    void rows_ofClientsAndThreats_haveACaseOrAReason() {
        RequirementRows rows = RequirementRows.bundled();
        Set<String> asked = rows.all().stream()
                .map(Row::id)
                .filter(id -> id.startsWith("C") || id.startsWith("T"))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> shown = ClientSuite.all().cases().stream()
                .flatMap(info -> info.rows().stream())
                .collect(Collectors.toSet());
        Set<String> told = Stream.concat(shown.stream(), rows.unseen("client").keySet().stream())
                .filter(row -> !row.startsWith("F-"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).isEqualTo(asked);
        assertThat(shown)
                .containsAll(asked.stream()
                        .filter(row -> row.startsWith("C") && !row.equals("C16"))
                        .toList());
    }
}
