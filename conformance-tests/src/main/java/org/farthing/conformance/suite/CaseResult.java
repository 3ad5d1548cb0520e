package org.farthing.conformance.suite;

import java.time.Duration;
import java.util.List;

/**
 * What came of one case, with the evidence.
 *
 * @param info the case
 * @param verdict what came of it
 * @param exchanges what was sent and received, without secrets
 * @param left how many more exchanges there were than are shown
 * @param took how long it took
 */
public record CaseResult(CaseInfo info, Verdict verdict, List<Exchange> exchanges, int left, Duration took) {

    /** Copies the list. */
    public CaseResult {
        exchanges = List.copyOf(exchanges);
    }
}
