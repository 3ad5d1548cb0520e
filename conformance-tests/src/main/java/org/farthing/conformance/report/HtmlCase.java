package org.farthing.conformance.report;

import java.util.List;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Verdict;

/** One case on the page: a failure in full with its evidence folded, a case that is met as one line that unfolds. */
final class HtmlCase {

    /** A page that shows whole large bodies is slow to open; the JSON report has them. */
    private static final int SHOWN = 6000;

    private final Html html;
    private final CaseResult result;
    private final CaseInfo info;

    HtmlCase(Html html, CaseResult result) {
        this.html = html;
        this.result = result;
        this.info = result.info();
    }

    void failure() {
        String style = HtmlReport.style(Standing.of(result));
        html.open(
                        "article",
                        "class",
                        "case searched " + style,
                        "id",
                        info.id(),
                        "aria-labelledby",
                        info.id() + "-title")
                .line();
        html.open("h3", "id", info.id() + "-title");
        html.element("span", info.severity().name(), "class", "badge " + style);
        html.text(" ").element("span", info.title(), "class", "title").close().line();
        meta();
        html.open("div", "class", "fix")
                .element("h4", "What to do")
                .element("p", info.fix())
                .close()
                .line();
        html.open("div", "class", "pair");
        if (result.verdict() instanceof Verdict.Failed failed) {
            half("Expected", failed.expected(), "expected");
            half("Seen", failed.seen(), "seen");
        } else if (result.verdict() instanceof Verdict.Broken broken) {
            half("The case could not be carried out", broken.what(), "seen");
        }
        html.close().line();
        if (!result.exchanges().isEmpty()) {
            int number = result.exchanges().size() + result.left();
            html.open("details", "class", "evidence");
            html.element("summary", "What was sent and what came: " + Counts.number(number, "exchange"));
            evidence();
            html.close().line();
        }
        html.close().line();
    }

    void met() {
        html.open("details", "class", "met searched", "id", info.id()).open("summary");
        html.element("code", info.id())
                .text(" ")
                .element("span", info.title(), "class", "title")
                .text(" ");
        html.element("span", info.severity().name(), "class", "level");
        html.close().line();
        meta();
        evidence();
        html.close().line();
    }

    private void meta() {
        html.open("p", "class", "meta").element("code", info.id()).text(" · " + info.group() + " · ");
        String between = "";
        for (String row : info.rows()) {
            html.text(between);
            if (row.startsWith("F-")) {
                html.text(row);
            } else {
                html.element("a", row, "href", "#row-" + row);
            }
            between = ", ";
        }
        html.text(" · " + info.section() + " · " + Counts.time(result.took()))
                .close()
                .line();
    }

    private void half(String heading, String text, String style) {
        html.open("div", "class", style)
                .element("h4", heading)
                .element("p", text, "class", "said")
                .close();
    }

    private void evidence() {
        List<Exchange> exchanges = result.exchanges();
        html.open("ol", "class", "exchanges").line();
        for (Exchange exchange : exchanges) {
            html.open("li").element("p", exchange.what(), "class", "what");
            html.open("div", "class", "wire");
            message("Sent", exchange.request());
            message("Came", exchange.response().isEmpty() ? "nothing" : exchange.response());
            html.close();
            exchange.reproduce().ifPresent(this::curl);
            html.close().line();
        }
        html.close();
        if (result.left() > 0) {
            html.element(
                    "p",
                    Counts.number(result.left(), "more exchange") + " of the same case not kept.",
                    "class",
                    "note");
        }
    }

    private void message(String heading, String message) {
        html.open("div").element("h4", heading);
        String shown = message.strip();
        if (shown.length() > SHOWN) {
            shown = shown.substring(0, SHOWN) + "\n… " + (shown.length() - SHOWN)
                    + " characters more: the JSON report has them";
        }
        html.element("pre", shown, "tabindex", "0").close();
    }

    private void curl(String curl) {
        html.open("div", "class", "curl")
                .element("h4", "Do it again")
                .element("pre", curl, "tabindex", "0")
                .close();
    }
}
