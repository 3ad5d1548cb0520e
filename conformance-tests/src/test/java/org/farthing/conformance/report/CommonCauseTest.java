package org.farthing.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Verdict;
import org.junit.jupiter.api.Test;

/** A subject that gets one basic thing wrong fails many cases; its author wants to hear of the one thing. */
class CommonCauseTest {

    private static Conclusion run(int alike, Verdict verdict) {
        List<CaseResult> results = new ArrayList<>();
        for (int at = 1; at <= alike; at++) {
            results.add(result("S" + at, verdict));
        }
        results.add(result("T1", new Verdict.Failed("402", "404")));
        results.add(result("T2", new Verdict.Passed()));
        return new Conclusion("server", "https://a.example/", Profile.CORE, Instant.EPOCH, Map.of(), results);
    }

    private static CaseResult result(String row, Verdict verdict) {
        CaseInfo info = new CaseInfo(
                row + "-case",
                "Topic of " + row,
                List.of(row),
                "here",
                Severity.MUST,
                Profile.CORE,
                "it holds",
                "Mend it.");
        return new CaseResult(
                info, verdict, List.of(new Exchange("one", "GET /" + row, "HTTP/1.1 200", null)), 0, Duration.ZERO);
    }

    private static String terminal(Conclusion run) {
        StringWriter text = new StringWriter();
        new TerminalReport(new PrintWriter(text), new Paint(false), false).ends(run);
        return text.toString();
    }

    private static String page(Conclusion run) {
        return HtmlReport.of(
                new Report(run, run.results().stream().map(CaseResult::info).toList(), RequirementRows.bundled()));
    }

    @Test
    void sameFailureInSeveralCases_isSaidOnceAndItsEvidenceShownOnce() {
        Conclusion run = run(3, new Verdict.Failed("402", "200"));
        assertThat(terminal(run))
                .contains("3 cases fail by the same: mend this first")
                .contains("cases    S1-case, S2-case, S3-case")
                .contains("> GET /S1", "> GET /T1", "as in S1-case")
                .doesNotContain("> GET /S2");
        assertThat(page(run))
                .contains("<b>3 cases fail by the same:</b> mend this first.")
                .contains("GET /S2");
    }

    @Test
    void sameBreakdownInSeveralCases_isSaidToo() {
        assertThat(page(run(4, new Verdict.Broken("no connection"))))
                .contains("4 cases fail by the same", "no connection");
    }

    @Test
    void differentFailures_areNotCalledTheSame() {
        Conclusion run = run(2, new Verdict.Failed("402", "200"));
        assertThat(terminal(run) + page(run)).doesNotContain("fail by the same");
        assertThat(terminal(run(9, new Verdict.Passed()))).doesNotContain("fail by the same");
    }

    @Test
    void moreFailuresThanAScreen_arePutTogetherByTopic() {
        assertThat(page(run(10, new Verdict.Failed("402", "200"))))
                .contains("class=\"glance many\"", "<h2>Topic of S7 (1)</h2>");
        assertThat(page(run(9, new Verdict.Failed("402", "200"))))
                .contains("class=\"glance\"")
                .doesNotContain("<h2>Topic");
    }
}
