package org.farthing.conformance.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;

/** A line a case while they run; then each failure with what to do about it, what was not checked, and the sum. */
final class TerminalReport implements Watcher {

    private static final int SHOWN_LINES = 12;
    private static final int SHOWN_WIDTH = 160;

    private final PrintWriter out;
    private final Paint paint;
    private final boolean quiet;
    private int width;

    TerminalReport(PrintWriter out, Paint paint, boolean quiet) {
        this.out = out;
        this.paint = paint;
        this.quiet = quiet;
    }

    void starts(About about, List<CaseInfo> cases) {
        width = cases.stream().mapToInt(info -> info.id().length()).max().orElse(0);
        out.println("Checking " + about.suite() + " " + Cleaning.text(about.subject()) + ", profile "
                + about.profile().word() + ", " + Counts.number(cases.size(), "case"));
        out.println();
        out.flush();
    }

    @Override
    public void begins(CaseInfo info, int at, int of) {
        if (paint.moves()) {
            out.print(paint.line("%3d of %d  %s  %s".formatted(at + 1, of, info.id(), info.title())));
            out.flush();
        }
    }

    @Override
    public void ended(CaseResult result) {
        Standing standing = Standing.of(result);
        if (paint.moves()) {
            out.print(paint.erased());
        }
        if (!quiet || standing.isFailure()) {
            CaseInfo info = result.info();
            out.println("  " + paint.of(standing, "%-4s".formatted(standing.mark())) + "  " + info.id()
                    + " ".repeat(Math.max(0, width - info.id().length()) + 2) + info.title());
        }
        out.flush();
    }

    /** What is said at the end. */
    void ends(Conclusion run) {
        Map<Verdict, String> told = new HashMap<>();
        for (Standing standing : Standing.values()) {
            List<CaseResult> results = run.results().stream()
                    .filter(result -> Standing.of(result) == standing)
                    .toList();
            if (standing.isFailure() && !results.isEmpty()) {
                heading(standing, results.size());
                results.forEach(result -> failure(standing, result, told));
            } else if (standing == Standing.SKIPPED && !results.isEmpty() && !quiet) {
                heading(standing, results.size());
                skipped(results);
            }
        }
        Counts counts = Counts.of(run);
        common(Report.common(run));
        out.println();
        out.println(paint.bold(Counts.conclusion(run.exitCode())));
        out.println(counts.sentence() + ". " + Counts.time(counts.took()) + ".");
        out.flush();
    }

    /** Where the other forms are. */
    void written(Collection<Path> files) {
        files.forEach(file -> out.println("Report: " + file));
        out.flush();
    }

    private void heading(Standing standing, int number) {
        out.println();
        out.println(paint.of(standing, standing.words() + " (" + number + ")"));
    }

    private void failure(Standing standing, CaseResult result, Map<Verdict, String> told) {
        CaseInfo info = result.info();
        out.println();
        out.println("  " + paint.of(standing, info.id()) + "  " + paint.bold(info.title()));
        if (result.verdict() instanceof Verdict.Failed failed) {
            labelled("expected", failed.expected());
            labelled("seen", failed.seen());
        } else if (result.verdict() instanceof Verdict.Broken broken) {
            labelled("broke", "the case could not be carried out: " + broken.what());
        }
        labelled("do", info.fix());
        labelled("see", String.join(", ", info.rows()) + "; " + info.section());
        String same = told.putIfAbsent(result.verdict(), info.id());
        if (same == null) {
            evidence(result);
        } else {
            labelled("sent", "as in " + same + ", or much like it: --html and --json have it");
        }
    }

    private void evidence(CaseResult result) {
        List<Exchange> exchanges = result.exchanges();
        if (exchanges.isEmpty()) {
            return;
        }
        Exchange last = exchanges.get(exchanges.size() - 1);
        int before = exchanges.size() - 1 + result.left();
        labelled("sent", last.what() + (before == 0 ? "" : " (after " + Counts.number(before, "other") + ")"));
        quoted("> ", last.request());
        quoted("< ", last.response().isEmpty() ? "(nothing came)" : last.response());
        last.reproduce().ifPresent(curl -> labelled("again", curl));
    }

    private void labelled(String label, String text) {
        String[] lines = text.strip().split("\n", -1);
        out.println("    " + paint.faint("%-9s".formatted(label)) + lines[0]);
        for (int at = 1; at < lines.length; at++) {
            out.println(" ".repeat(13) + lines[at]);
        }
    }

    private void quoted(String mark, String message) {
        String[] lines = message.strip().split("\n", -1);
        for (int at = 0; at < Math.min(lines.length, SHOWN_LINES); at++) {
            out.println(" ".repeat(13) + paint.faint(mark + cut(lines[at])));
        }
        if (lines.length > SHOWN_LINES) {
            out.println(" ".repeat(13) + paint.faint(mark + "… " + (lines.length - SHOWN_LINES) + " more lines"));
        }
    }

    private static String cut(String line) {
        return line.length() > SHOWN_WIDTH ? line.substring(0, SHOWN_WIDTH) + "…" : line;
    }

    /** What a failure that many share needs to say only once. */
    private void common(List<Report.Common> all) {
        for (Report.Common one : all) {
            out.println();
            out.println(paint.bold(one.cases().size() + " cases fail by the same: mend this first"));
            labelled("expected", one.expected());
            labelled("seen", one.seen());
            labelled(
                    "cases",
                    String.join(", ", one.cases().stream().map(CaseInfo::id).toList()));
        }
    }

    /** One paragraph a reason, because many cases lack the same thing. */
    private void skipped(List<CaseResult> results) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (CaseResult result : results) {
            if (result.verdict() instanceof Verdict.Skipped skipped) {
                reasons.computeIfAbsent(skipped.why(), why -> new ArrayList<>())
                        .add(result.info().id());
            }
        }
        reasons.forEach((why, ids) -> {
            out.println();
            out.println("  " + why.strip().replace("\n", "\n  "));
            out.println("    " + paint.faint(String.join(", ", ids)));
        });
    }
}
