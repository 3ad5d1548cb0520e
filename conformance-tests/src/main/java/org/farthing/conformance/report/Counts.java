package org.farthing.conformance.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;

/** The numbers of a run and the sentences made of them, the same in every form. */
record Counts(Map<Standing, Integer> each, int cases, Duration took) {

    static Counts of(Conclusion run) {
        Map<Standing, Integer> each = new EnumMap<>(Standing.class);
        Duration took = Duration.ZERO;
        for (CaseResult result : run.results()) {
            each.merge(Standing.of(result), 1, Integer::sum);
            took = took.plus(result.took());
        }
        return new Counts(each, run.results().size(), took);
    }

    int of(Standing standing) {
        return each.getOrDefault(standing, 0);
    }

    /** {@code 84 cases: 2 MUST not met, 12 not checked, 70 met}. */
    String sentence() {
        List<String> parts = new ArrayList<>();
        each.forEach((standing, number) -> parts.add(number + " " + standing.words()));
        return number(cases, "case") + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }

    /** What the exit code says, for people. */
    static String conclusion(int exitCode) {
        return switch (exitCode) {
            case Conclusion.HOLDS -> "Every MUST and SHOULD that was checked is met.";
            case Conclusion.MUST_FAILED -> "A MUST is not met.";
            case Conclusion.SHOULD_FAILED -> "Every MUST that was checked is met; a SHOULD is not.";
            default -> "Nothing was checked.";
        };
    }

    /** The beginning of a sentence. */
    static String capital(String words) {
        int first = words.offsetByCodePoints(0, words.isEmpty() ? 0 : 1);
        return words.substring(0, first).toUpperCase(Locale.ROOT) + words.substring(first);
    }

    static String number(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 12 ms}, {@code 3.4 s}. */
    static String time(Duration took) {
        long millis = took.toMillis();
        return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
