package org.farthing.conformance.report;

import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Verdict;

/** What came of a case and how much it weighs, in one word; the gravest first. */
enum Standing {
    /** A MUST is not met. */
    MUST_FAILED("FAIL", "MUST not met"),
    /** A SHOULD is not met. */
    SHOULD_FAILED("WARN", "SHOULD not met"),
    /** A MAY is not met. */
    MAY_FAILED("NOTE", "MAY not met"),
    /** Could not be checked. */
    SKIPPED("skip", "not checked"),
    /** Met. */
    PASSED("ok", "met");

    private final String mark;
    private final String words;

    Standing(String mark, String words) {
        this.mark = mark;
        this.words = words;
    }

    static Standing of(CaseResult result) {
        if (result.verdict() instanceof Verdict.Passed) {
            return PASSED;
        }
        if (result.verdict() instanceof Verdict.Skipped) {
            return SKIPPED;
        }
        return of(result.info().severity());
    }

    private static Standing of(Severity severity) {
        return switch (severity) {
            case MUST -> MUST_FAILED;
            case SHOULD -> SHOULD_FAILED;
            case MAY -> MAY_FAILED;
        };
    }

    boolean isFailure() {
        return compareTo(SKIPPED) < 0;
    }

    /** A short word that lines up in a list. */
    String mark() {
        return mark;
    }

    /** What stands after a number. */
    String words() {
        return words;
    }
}
