package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.farthing.conformance.report.SecretsInReports;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSuiteTest {

    @TempDir
    private Path folder;

    @Test
    @Requirement({"F-CO-30", "F-CO-95", "F-CO-119", "F-CO-120"})
    void run_ourOwnClient_meetsEveryCase() throws IOException {
        try (ClientLab lab = ClientLab.open(
                        Method.WALLET,
                        new PayingClientRunner(folder),
                        InstantSource.system(),
                        Duration.ofSeconds(20),
                        0)
                .withTokenKeys(TestTokens::keys)
                .plainAt("localhost")) { // a name may lead anywhere: to our client it is not loopback
            List<CaseResult> results = ClientSuite.all().run(lab, Watcher.NONE, Stopwatch.system());

            assertThat(results)
                    .isNotEmpty()
                    .allSatisfy(result -> assertThat(result.verdict())
                            .as(result.info().id() + " " + result.exchanges())
                            .isInstanceOf(Verdict.Passed.class));
            SecretsInReports.assertNone(results);
        }
    }
}
