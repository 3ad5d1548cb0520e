package org.farthing.conformance.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Verdict;

/**
 * A run beside what it could have shown: all that the written forms say.
 *
 * @param run what came of it, fit to be shown
 * @param suite all cases of the suite, also those that were not asked for
 * @param rows the specification's rows
 */
record Report(Conclusion run, List<CaseInfo> suite, RequirementRows rows) {

    private static final int SEVERAL = 3;

    Report {
        suite = List.copyOf(suite);
    }

    /**
     * What a run says about one row.
     *
     * @param row the row
     * @param standing what it says
     * @param cases the suite's cases for the row
     * @param why why the suite has none, or empty
     */
    record RowResult(RequirementRows.Row row, RowStanding standing, List<CaseInfo> cases, String why) {}

    /** What a run says about a row, in words; the gravest first. */
    enum RowStanding {
        /** A case failed. */
        NOT_MET("not met"),
        /** All its cases need something they were not given. */
        NOT_CHECKED("not checked"),
        /** It has cases; none was asked for. */
        NOT_RUN("not run"),
        /** This suite cannot see it. */
        NOT_SEEN("not seen"),
        /** Its cases passed. */
        MET("met");

        private final String words;

        RowStanding(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** The results of each standing that occurs, the gravest first. */
    Map<Standing, List<CaseResult>> byStanding() {
        Map<Standing, List<CaseResult>> sorted = new EnumMap<>(Standing.class);
        for (CaseResult result : run.results()) {
            sorted.computeIfAbsent(Standing.of(result), standing -> new ArrayList<>())
                    .add(result);
        }
        return sorted;
    }

    /** What several cases failed by, word for word the same: mostly one cause, and the first thing to mend. */
    record Common(String expected, String seen, List<CaseInfo> cases) {}

    /** What at least three cases failed by, the most frequent first. */
    static List<Common> common(Conclusion run) {
        Map<Verdict, List<CaseInfo>> same = new LinkedHashMap<>();
        for (CaseResult result : run.results()) {
            if (result.verdict().isFailure()) {
                same.computeIfAbsent(result.verdict(), verdict -> new ArrayList<>())
                        .add(result.info());
            }
        }
        List<Common> all = new ArrayList<>();
        same.forEach((verdict, cases) -> {
            if (cases.size() >= SEVERAL) {
                all.add(common(verdict, cases));
            }
        });
        all.sort(Comparator.comparing((Common one) -> one.cases().size()).reversed());
        return all;
    }

    private static Common common(Verdict verdict, List<CaseInfo> cases) {
        return verdict instanceof Verdict.Failed failed
                ? new Common(failed.expected(), failed.seen(), cases)
                : new Common("an answer", verdict instanceof Verdict.Broken broken ? broken.what() : "none", cases);
    }

    /** The rows that concern the suite, each with what the run says. */
    List<RowResult> rowResults() {
        Map<String, Standing> standings = new HashMap<>();
        run.results().forEach(result -> standings.put(result.info().id(), Standing.of(result)));
        Map<String, String> unseen = rows.unseen(run.suite());
        List<RowResult> all = new ArrayList<>();
        for (RequirementRows.Row row : rows.all()) {
            List<CaseInfo> cases = suite.stream()
                    .filter(info -> info.rows().contains(row.id()))
                    .toList();
            String why = unseen.getOrDefault(row.id(), "");
            if (isOwn(row) || !cases.isEmpty() || !why.isEmpty()) {
                all.add(new RowResult(row, standing(cases, standings), cases, why));
            }
        }
        return all;
    }

    /** Server rows bind the server and client rows the client; of the threats, those with a case or a line concern the suite. */
    private boolean isOwn(RequirementRows.Row row) {
        return switch (run.suite()) {
            case "server" -> row.id().startsWith("S");
            case "client" -> row.id().startsWith("C");
            default -> false;
        };
    }

    private static RowStanding standing(List<CaseInfo> cases, Map<String, Standing> standings) {
        if (cases.isEmpty()) {
            return RowStanding.NOT_SEEN;
        }
        List<Standing> run = cases.stream()
                .filter(info -> standings.containsKey(info.id()))
                .map(info -> standings.get(info.id()))
                .toList();
        if (run.isEmpty()) {
            return RowStanding.NOT_RUN;
        }
        if (run.stream().anyMatch(Standing::isFailure)) {
            return RowStanding.NOT_MET;
        }
        return run.contains(Standing.PASSED) ? RowStanding.MET : RowStanding.NOT_CHECKED;
    }
}
