package org.farthing.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Verdict;

/** What the suites are known to report about mppx: {@code interop/known-deviations.txt}. */
public final class KnownDeviations {

    private KnownDeviations() {}

    private static Set<String> of(String run) throws IOException {
        return Files.readAllLines(Node.FOLDER.resolve("known-deviations.txt")).stream()
                .map(line -> line.split("\\|", 3))
                .filter(words -> words.length == 3 && words[0].equals(run))
                .map(words -> words[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Demands that a run failed in exactly the cases it is known to fail in; one that could not be tried here does not count. */
    public static void demand(String run, List<CaseResult> results) throws IOException {
        Set<String> known = of(run);
        Set<String> failed = new TreeSet<>();
        for (CaseResult result : results) {
            String id = result.info().id();
            assertThat(result.verdict()).as(id).isNotInstanceOf(Verdict.Broken.class);
            if (result.verdict().isFailure()) {
                failed.add(id);
            } else if (result.verdict() instanceof Verdict.Skipped) {
                known.remove(id);
            }
        }
        assertThat(known).isNotEmpty();
        assertThat(missing(failed, known))
                .as("cases that mppx should meet: a deviation to list, or a wrong case")
                .isEmpty();
        assertThat(missing(known, failed))
                .as("cases that mppx should fail: do they look at all?")
                .isEmpty();
    }

    private static Set<String> missing(Set<String> from, Set<String> in) {
        Set<String> rest = new TreeSet<>(from);
        rest.removeAll(in);
        return rest;
    }
}
