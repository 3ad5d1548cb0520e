package org.farthing.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Verdict;

/**
 * The report for people: one page that needs nothing else, not even its script. What failed comes first, each with what to do about
 * it; then what was not checked, what is met, and every requirement by number. Its policy lets run only what it was made with.
 */
final class HtmlReport {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Report report;
    private final Map<Standing, List<CaseResult>> results;
    private final Counts counts;
    private final Html html = new Html();
    private final HtmlTop top;

    private HtmlReport(Report report) {
        this.report = report;
        this.results = report.byStanding();
        this.counts = Counts.of(report.run());
        this.top = new HtmlTop(html, report);
    }

    static String of(Report report) {
        return new HtmlReport(report).page();
    }

    /** The class of a standing in the style. */
    static String style(Standing standing) {
        return switch (standing) {
            case MUST_FAILED -> "must";
            case SHOULD_FAILED -> "should";
            case MAY_FAILED -> "may";
            case SKIPPED -> "skip";
            case PASSED -> "ok";
        };
    }

    private String page() {
        html.own("<!DOCTYPE html>\n").open("html", "lang", "en").line();
        head();
        html.open("body").line();
        html.element("a", "Skip to the results", "class", "skip-link", "href", "#results")
                .line();
        top.write();
        html.open("main", "id", "results").line();
        results.forEach((standing, cases) -> {
            if (standing.isFailure()) {
                failures(standing, cases);
            } else if (standing == Standing.SKIPPED) {
                notChecked(cases);
            } else {
                met(cases);
            }
        });
        new HtmlRows(html, report).write();
        html.close().line();
        foot();
        html.open("script").own(resource("report.js")).close().line();
        return html.close().close().line().toString();
    }

    private void head() {
        String policy = "default-src 'none'; style-src '" + hash(resource("report.css")) + "'; script-src '"
                + hash(resource("report.js")) + "'; base-uri 'none'; form-action 'none'";
        html.open("head").line().single("meta", "charset", "utf-8").line();
        html.single("meta", "http-equiv", "Content-Security-Policy", "content", policy)
                .line();
        html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.single("meta", "name", "color-scheme", "content", "light dark").line();
        html.element("title", top.headline() + " · " + report.run().subject() + " · farthing-conformance")
                .line();
        html.open("style").own(resource("report.css")).close().line().close().line();
    }

    private void failures(Standing standing, List<CaseResult> cases) {
        section(standing, cases.size());
        if (standing == Standing.SHOULD_FAILED) {
            html.element(
                    "p", "There may be good reasons not to do these; they are worth writing down.", "class", "note");
        } else if (standing == Standing.MAY_FAILED) {
            html.element("p", "Worth knowing; nothing here is a fault.", "class", "note");
        }
        cases.forEach(result -> new HtmlCase(html, result).failure());
        html.close().line();
    }

    private void notChecked(List<CaseResult> cases) {
        section(Standing.SKIPPED, cases.size());
        Map<String, List<CaseInfo>> reasons = new LinkedHashMap<>();
        for (CaseResult result : cases) {
            if (result.verdict() instanceof Verdict.Skipped skipped) {
                reasons.computeIfAbsent(skipped.why(), why -> new ArrayList<>()).add(result.info());
            }
        }
        reasons.forEach((why, infos) -> {
            html.open("div", "class", "reason searched")
                    .element("p", why, "class", "why")
                    .open("ul");
            for (CaseInfo info : infos) {
                html.open("li", "id", info.id())
                        .element("code", info.id())
                        .text(" " + info.title())
                        .close()
                        .line();
            }
            html.close().close().line();
        });
        html.close().line();
    }

    private void met(List<CaseResult> cases) {
        section(Standing.PASSED, cases.size());
        cases.forEach(result -> new HtmlCase(html, result).met());
        html.close().line();
    }

    private void section(Standing standing, int number) {
        String style = style(standing);
        html.open("section", "class", "is-" + style, "aria-labelledby", "head-" + style)
                .line();
        html.open("h2", "id", "head-" + style)
                .text(Counts.capital(standing.words()))
                .text(" ");
        html.element("span", String.valueOf(number), "class", "number").close().line();
    }

    private void foot() {
        html.open("footer").open("dl", "class", "facts").line();
        fact("checked", DAY.format(report.run().started()) + ", for " + Counts.time(counts.took()));
        report.run().facts().forEach(this::fact);
        fact(
                "exit code",
                report.run().exitCode() + ": " + Counts.conclusion(report.run().exitCode()));
        html.close();
        html.element(
                "p", "Credentials, receipts and tokens are shown as their length and the beginning of their SHA-256.");
        html.close().line();
    }

    private void fact(String name, String value) {
        html.open("div").element("dt", name).element("dd", value).close().line();
    }

    private static String hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
