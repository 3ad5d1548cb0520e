package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Every case of the client suite can fail: a small client that is green, and is broken in one way after the other. */
class ClientMutantsTest {

    private static final Path TABLE = Path.of("target", "mutants-client.txt");

    private static List<CaseResult> run(Set<Flaw> flaws, Suite<ClientLab> suite) throws IOException {
        InstantSource clock = InstantSource.system();
        try (ClientLab lab = ClientLab.open(
                        Method.WALLET, new TinyRunner(flaws, clock), clock, Duration.ofSeconds(10), 0)
                .withTokenKeys(TestTokens::keys)
                .plainAt("localhost")) {
            return suite.run(lab, Watcher.NONE, Stopwatch.system());
        }
    }

    private static String story(CaseResult result) {
        return result.info().id() + " " + result.exchanges();
    }

    @Test
    @Requirement("F-CO-40")
    void run_clientWithoutFlaw_meetsEveryCase() throws IOException {
        assertThat(run(EnumSet.noneOf(Flaw.class), ClientSuite.all()))
                .isNotEmpty()
                .allSatisfy(
                        result -> assertThat(result.verdict()).as(story(result)).isInstanceOf(Verdict.Passed.class));
    }

    @Test
    @Requirement({"F-CO-40", "F-CO-41", "F-CO-42", "F-CO-43", "F-CO-44", "F-CO-119", "F-CO-120"})
    void run_clientWithOneFlaw_failsTheCasesNamed() throws IOException {
        Map<String, Set<String>> table = new TreeMap<>();
        for (Flaw flaw : Flaw.values()) {
            Suite<ClientLab> named = ClientSuite.all().only(info -> flaw.trips().contains(info.id()));
            assertThat(named.cases())
                    .as("cases of " + flaw)
                    .extracting(CaseInfo::id)
                    .containsExactlyInAnyOrderElementsOf(flaw.trips())
                    .isNotEmpty();
            for (CaseResult result : run(EnumSet.of(flaw), named)) {
                assertThat(result.verdict()).as(flaw + " on " + story(result)).isInstanceOf(Verdict.Failed.class);
                table.computeIfAbsent(result.info().id(), id -> new TreeSet<>()).add(flaw.name());
            }
        }
        assertThat(table.keySet())
                .as("cases that some flaw trips")
                .containsExactlyInAnyOrderElementsOf(
                        ClientSuite.all().cases().stream().map(CaseInfo::id).toList());
        print(table);
    }

    private static void print(Map<String, Set<String>> table) throws IOException {
        StringBuilder text = new StringBuilder("client case: flaws of a client that it was seen to be red on\n");
        table.forEach((id, flaws) ->
                text.append(id).append(": ").append(String.join(", ", flaws)).append('\n'));
        Files.createDirectories(TABLE.toAbsolutePath().getParent());
        Files.writeString(TABLE, text);
    }
}
