package org.farthing.conformance.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.conformance.report.Report.RowResult;
import org.farthing.conformance.report.Report.RowStanding;
import org.farthing.conformance.suite.CaseInfo;

/** Every requirement by number, with what the run says about it: also those that this suite cannot see. */
final class HtmlRows {

    private final Html html;
    private final Report report;

    HtmlRows(Html html, Report report) {
        this.html = html;
        this.report = report;
    }

    void write() {
        List<RowResult> rows = report.rowResults();
        if (rows.isEmpty()) {
            return;
        }
        html.open("section", "class", "rows", "aria-labelledby", "head-rows").line();
        html.open("h2", "id", "head-rows").text("Requirement by requirement ");
        html.element("span", String.valueOf(rows.size()), "class", "number")
                .close()
                .line();
        html.element("p", sums(rows), "class", "note").line();
        table("What the draft asks of servers", rows, "S");
        table("What the draft asks of clients", rows, "C");
        table("Threats", rows, "T");
        html.close().line();
    }

    private static String sums(List<RowResult> rows) {
        Map<RowStanding, Integer> sums = new EnumMap<>(RowStanding.class);
        rows.forEach(row -> sums.merge(row.standing(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        sums.forEach((standing, number) -> parts.add(number + " " + standing.words()));
        return String.join(", ", parts) + ".";
    }

    private void table(String caption, List<RowResult> all, String letter) {
        List<RowResult> rows =
                all.stream().filter(row -> row.row().id().startsWith(letter)).toList();
        if (rows.isEmpty()) {
            return;
        }
        html.open("table").element("caption", caption).open("thead").open("tr");
        html.element("th", "Row", "scope", "col").element("th", "Requirement", "scope", "col");
        html.element("th", "Result", "scope", "col")
                .close()
                .close()
                .open("tbody")
                .line();
        rows.forEach(this::row);
        html.close().close().line();
    }

    private void row(RowResult result) {
        RequirementRows.Row row = result.row();
        html.open("tr", "id", "row-" + row.id(), "class", "searched " + style(result.standing()));
        html.element("th", row.id(), "scope", "row");
        html.open("td").element("p", Counts.capital(row.text()));
        String level = row.isThreat() ? "" : row.level() + " · ";
        html.element("p", level + row.rules(), "class", "meta");
        if (!result.why().isEmpty()) {
            html.element("p", result.why(), "class", "meta why");
        }
        if (!result.cases().isEmpty()) {
            html.open("p", "class", "meta cases");
            result.cases().forEach(this::link);
            html.close();
        }
        html.close();
        html.element("td", result.standing().words(), "class", "standing")
                .close()
                .line();
    }

    /** A case that did not run has no place on the page to go to. */
    private void link(CaseInfo info) {
        boolean ran = report.run().results().stream()
                .anyMatch(result -> result.info().id().equals(info.id()));
        if (ran) {
            html.element("a", info.id(), "href", "#" + info.id());
        } else {
            html.element("span", info.id());
        }
        html.text(" ");
    }

    private static String style(RowStanding standing) {
        return standing.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
