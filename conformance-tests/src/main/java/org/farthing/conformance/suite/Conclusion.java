package org.farthing.conformance.suite;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A whole run, for the reports.
 *
 * @param suite which suite: {@code server}, {@code client}, {@code wallet}
 * @param subject what was checked, such as the URL or the command
 * @param profile whose rules
 * @param started when it began
 * @param facts what a reader should know about the run, such as the kit's version and the config file; in order, no secrets
 * @param results one a case, in order
 */
public record Conclusion(
        String suite,
        String subject,
        Profile profile,
        Instant started,
        Map<String, String> facts,
        List<CaseResult> results) {

    /** Exit code: nothing failed that binds. */
    public static final int HOLDS = 0;
    /** Exit code: a MUST is not met. */
    public static final int MUST_FAILED = 1;
    /** Exit code: every MUST that was checked is met, a SHOULD is not. */
    public static final int SHOULD_FAILED = 3;
    /** Exit code: nothing could be checked. */
    public static final int NOTHING_CHECKED = 4;

    /** Copies the lists; the facts keep their order. */
    public Conclusion {
        facts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(facts));
        results = List.copyOf(results);
    }

    /** The exit code, by the severity of what failed. */
    public int exitCode() {
        if (failed(Severity.MUST) > 0) {
            return MUST_FAILED;
        }
        if (results.stream().allMatch(result -> result.verdict() instanceof Verdict.Skipped)) {
            return NOTHING_CHECKED;
        }
        return failed(Severity.SHOULD) > 0 ? SHOULD_FAILED : HOLDS;
    }

    /** How many cases of a severity failed or broke down. */
    public long failed(Severity severity) {
        return results.stream()
                .filter(result ->
                        result.info().severity() == severity && result.verdict().isFailure())
                .count();
    }
}
