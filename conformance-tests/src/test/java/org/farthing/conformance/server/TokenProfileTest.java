package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases on blind tokens pass a small correct server, and each fails one that is broken where it looks. */
@Requirement({
    "F-CO-96",
    "F-CO-97",
    "F-CO-98",
    "F-CO-99",
    "F-CO-116",
    "F-CO-117",
    "T29",
    "T54",
    "T57",
    "T58",
    "T59",
    "T60",
    "T69",
    "T70"
})
class TokenProfileTest {

    private static final Suite<Site> SUITE = ServerSuite.all().only(info -> info.profile() == Profile.TOKEN);

    private static List<CaseResult> run(Suite<Site> suite, TokenFault... faults) throws IOException {
        try (TinyMint mint = TinyMint.with(faults)) {
            return suite.run(mint.site(), Watcher.NONE, Stopwatch.system());
        }
    }

    @Test
    void cases_correctServer_pass() throws IOException {
        assertThat(run(SUITE))
                .isNotEmpty()
                .allSatisfy(result ->
                        assertThat(result.verdict()).as(result.info().id()).isInstanceOf(Verdict.Passed.class));
    }

    @ParameterizedTest
    @EnumSource
    void cases_faultyServer_failWhereItIsWrong(TokenFault fault) throws IOException {
        Suite<Site> looking = SUITE.only(info -> fault.trips().contains(info.id()));

        Set<String> failed = run(looking, fault).stream()
                .filter(result -> result.verdict() instanceof Verdict.Failed)
                .map(result -> result.info().id())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(failed).containsExactlyInAnyOrderElementsOf(fault.trips());
    }

    @Test
    void cases_each_haveAFaultThatTripsThem() {
        Set<String> tripped = Stream.of(TokenFault.values())
                .flatMap(fault -> fault.trips().stream())
                .collect(Collectors.toSet());

        assertThat(SUITE.cases()).extracting(CaseInfo::id).containsExactlyInAnyOrderElementsOf(tripped);
    }
}
