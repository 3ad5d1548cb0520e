package org.farthing.conformance.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;

/** What is seen first: the gravest thing to say, the run as one bar, what to show, and what failed, a line each. */
final class HtmlTop {

    /** As many failures as one sees at once, a line each. */
    private static final int A_SCREEN = 10;

    private final Html html;
    private final Report report;
    private final Map<Standing, List<CaseResult>> results;
    private final Counts counts;

    HtmlTop(Html html, Report report) {
        this.html = html;
        this.report = report;
        this.results = report.byStanding();
        this.counts = Counts.of(report.run());
    }

    /** The gravest thing there is to say. */
    String headline() {
        for (Standing standing : Standing.values()) {
            if (counts.of(standing) > 0 && (standing.compareTo(Standing.MAY_FAILED) < 0)) {
                return counts.of(standing) + " " + standing.words();
            }
        }
        return counts.of(Standing.PASSED) + counts.of(Standing.MAY_FAILED) > 0
                ? "All that was checked is met"
                : "Nothing was checked";
    }

    void write() {
        Conclusion run = report.run();
        String gravest = run.exitCode() == Conclusion.NOTHING_CHECKED
                ? "skip"
                : run.exitCode() == Conclusion.HOLDS ? "ok" : HtmlReport.style(gravest());
        html.open("header", "class", "top " + gravest).line();
        html.element(
                        "p",
                        "Farthing conformance · " + run.suite() + " suite · profile "
                                + run.profile().word(),
                        "class",
                        "kicker")
                .line();
        html.element("h1", headline()).line();
        html.open("p", "class", "subject")
                .element("code", run.subject())
                .close()
                .line();
        bar();
        filter();
        common();
        glance();
        html.close().line();
    }

    /** Where many cases fail by one thing, that one thing is what to read. */
    private void common() {
        for (Report.Common one : Report.common(report.run())) {
            html.open("div", "class", "common").open("p");
            html.element("b", one.cases().size() + " cases fail by the same:")
                    .text(" mend this first.")
                    .close();
            html.open("dl").element("dt", "Expected").element("dd", one.expected());
            html.element("dt", "Seen").element("dd", one.seen()).close();
            html.close().line();
        }
    }

    private Standing gravest() {
        return counts.of(Standing.MUST_FAILED) > 0 ? Standing.MUST_FAILED : Standing.SHOULD_FAILED;
    }

    /** The whole run as one bar; the numbers under it say the same in words. */
    private void bar() {
        int cases = Math.max(1, counts.cases());
        html.open(
                "svg",
                "class",
                "bar",
                "viewBox",
                "0 0 " + cases + " 1",
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                counts.sentence());
        int from = 0;
        for (Map.Entry<Standing, List<CaseResult>> entry : results.entrySet()) {
            int width = entry.getValue().size();
            html.open(
                            "rect",
                            "class",
                            HtmlReport.style(entry.getKey()),
                            "x",
                            String.valueOf(from),
                            "width",
                            String.valueOf(width),
                            "height",
                            "1")
                    .close();
            from += width;
        }
        html.close().line();
    }

    private void filter() {
        html.open("fieldset", "class", "filter").element("legend", "Show").line();
        for (Standing standing : results.keySet()) {
            String style = HtmlReport.style(standing);
            html.open("label", "class", "chip " + style);
            html.single("input", "type", "checkbox", "checked", "", "id", "show-" + style);
            html.element("b", String.valueOf(counts.of(standing))).text(" " + standing.words());
            html.close().line();
        }
        html.close().line();
    }

    /** What failed, a line each, where there is more than one; many are put together by what they are about. */
    private void glance() {
        List<CaseInfo> failures = results.values().stream()
                .flatMap(List::stream)
                .filter(result -> Standing.of(result).isFailure())
                .map(CaseResult::info)
                .toList();
        if (failures.size() < 2) {
            return;
        }
        html.open("nav", "aria-label", "What failed");
        if (failures.size() <= A_SCREEN) {
            html.open("div", "class", "glance");
            glance(failures);
        } else {
            Map<String, List<CaseInfo>> topics = new LinkedHashMap<>();
            failures.forEach(info -> topics.computeIfAbsent(info.group(), group -> new ArrayList<>())
                    .add(info));
            html.open("div", "class", "glance many");
            topics.forEach((topic, infos) -> {
                html.open("div", "class", "topic").element("h2", topic + " (" + infos.size() + ")");
                glance(infos);
                html.close().line();
            });
        }
        html.close().close().line();
    }

    private void glance(List<CaseInfo> failures) {
        html.open("ul").line();
        for (CaseInfo info : failures) {
            String style = info.severity().name().toLowerCase(Locale.ROOT);
            html.open("li", "class", "is-" + style).open("a", "href", "#" + info.id());
            html.element("span", info.severity().name(), "class", "badge " + style);
            html.text(" ").element("span", info.title(), "class", "title").close();
            html.close().line();
        }
        html.close();
    }
}
