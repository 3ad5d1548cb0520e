package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every case of the server suite can fail: a small correct server passes all of them, and each of its faults fails the cases that
 * {@code server-mutants.txt} names beside it. The small server has no wallet service: for receipt tokens see
 * {@link WalletProfileTest}.
 */
@Requirement({"F-CO-11", "F-CO-20", "F-CO-21", "F-CO-22", "F-CO-23", "F-CO-25", "F-CO-26"})
class ServerMutantsTest {

    private static final Path REPORT = Path.of("target", "server-mutants.txt");

    private static final Map<Fault, List<String>> TRIPPED = new EnumMap<>(Fault.class);
    private static SSLContext tls;

    @BeforeAll
    static void read() throws Exception {
        tls = TinyTls.context();
        try (InputStream table =
                Objects.requireNonNull(ServerMutantsTest.class.getResourceAsStream("server-mutants.txt"))) {
            for (String line : new String(table.readAllBytes(), UTF_8).lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.split(":", 2);
                    TRIPPED.put(
                            Fault.valueOf(parts[0]), List.of(parts[1].strip().split("[ ,]+")));
                }
            }
        }
    }

    private static boolean isOfTls(CaseInfo info) {
        return info.group().equals("Transport");
    }

    private static List<CaseResult> run(Suite<Site> suite, boolean overTls, Fault... faults) throws IOException {
        try (TinyPayee payee = overTls ? TinyPayee.overTls(tls, faults) : TinyPayee.with(faults)) {
            Site site = overTls ? TinySite.of(payee, tls) : TinySite.of(payee);
            return suite.run(site, Watcher.NONE, Stopwatch.system());
        }
    }

    private static Set<String> failed(List<CaseResult> results) {
        return results.stream()
                .filter(result -> result.verdict().isFailure())
                .map(result -> result.info().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void correctServer_everyCase_passes() throws IOException {
        List<CaseResult> plain = run(ServerSuite.common().only(info -> !isOfTls(info)), false);
        assertThat(plain.stream().mapToInt(result -> result.exchanges().size() + result.left()))
                .as("requests a case")
                .allMatch(count -> count < 60);
        assertThat(plain)
                .allSatisfy(result ->
                        assertThat(result.verdict()).as(result.info().id()).isInstanceOf(Verdict.Passed.class));
        List<CaseResult> overTls = run(ServerSuite.common().only(ServerMutantsTest::isOfTls), true);
        assertThat(overTls)
                .allSatisfy(result ->
                        assertThat(result.verdict()).as(result.info().id()).isInstanceOf(Verdict.Passed.class));
    }

    @Test
    void everyFault_failsTheCasesItIsFor() throws IOException {
        StringBuilder report = new StringBuilder();
        Map<Fault, Set<String>> missed = new EnumMap<>(Fault.class);
        for (Map.Entry<Fault, List<String>> entry : TRIPPED.entrySet()) {
            Fault fault = entry.getKey();
            Set<String> wanted = new TreeSet<>(entry.getValue());
            Set<String> red =
                    failed(run(ServerSuite.common().only(info -> wanted.contains(info.id())), fault.isOfTls(), fault));
            report.append(fault).append(": ").append(String.join(", ", red)).append('\n');
            wanted.removeAll(red);
            if (!wanted.isEmpty()) {
                missed.put(fault, wanted);
            }
        }
        Files.createDirectories(REPORT.toAbsolutePath().getParent());
        Files.writeString(REPORT, report);
        assertThat(missed).as("cases that did not notice a fault").isEmpty();
    }

    @Test
    void everyCase_hasAFault() {
        Set<String> named = new TreeSet<>();
        TRIPPED.values().forEach(named::addAll);
        List<String> ids =
                ServerSuite.common().cases().stream().map(CaseInfo::id).toList();
        assertThat(named).as("cases in server-mutants.txt that do not exist").isSubsetOf(ids);
        assertThat(TRIPPED.keySet()).as("faults that trip nothing").containsExactly(Fault.values());
        assertThat(ids).as("cases without a fault in server-mutants.txt").isSubsetOf(named);
    }
}
