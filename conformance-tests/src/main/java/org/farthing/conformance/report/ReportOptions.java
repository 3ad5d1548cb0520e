package org.farthing.conformance.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Suite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What every suite's command has in common, as a picocli mixin: which cases run, and where it is told what came of them.
 *
 * <pre>{@code
 * @Mixin private ReportOptions report = new ReportOptions();
 *
 * public Integer call() {
 *     return report.run(SUITE, () -> Site.open(url, config), new About("server", url, profile));
 * }
 * }</pre>
 *
 * <p>With {@code --list} the subject is never opened; a command whose parameter is required otherwise asks {@link #listing()}.
 */
public final class ReportOptions {

    private static final int CALLED_WRONGLY = 2;

    private final InstantSource clock;
    private final Stopwatch stopwatch;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description =
                    "Run this case only, or the cases of this requirement: S3-used-id, S3, T27. Repeat it for more.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--html", paramLabel = "FILE", description = "Write a report for people: one page for a browser.")
    private @Nullable Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write a report for programs.")
    private @Nullable Path json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a report for build servers: JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--list", description = "Name the cases that would run, and run none.")
    private boolean list;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print failures and the sum only.")
    private boolean quiet;

    @Option(names = "--no-color", description = "No colours and no moving lines, also on a terminal.")
    private boolean plain;

    /** The options, with the machine's clocks. */
    public ReportOptions() {
        this(InstantSource.system(), Stopwatch.system());
    }

    /**
     * The options, with other clocks.
     *
     * @param clock when the run is said to have begun
     * @param stopwatch how long its cases are said to take
     */
    @SuppressWarnings("NullAway.Init") // picocli sets the command before it runs anything
    public ReportOptions(InstantSource clock, Stopwatch stopwatch) {
        this.clock = clock;
        this.stopwatch = stopwatch;
    }

    /**
     * Whether the cases are only named.
     *
     * @return true with {@code --list}
     */
    public boolean listing() {
        return list;
    }

    /**
     * Runs the cases that were asked for and shows what came of them as the user wished.
     *
     * @param suite all cases there are
     * @param opening makes the subject; closed afterwards if it can be
     * @param about what the run is about
     * @param <S> the subject
     * @return the exit code
     */
    public <S> int run(Suite<S> suite, Opening<S> opening, About about) {
        Suite<S> wanted = wanted(suite, about);
        PrintWriter out = command.commandLine().getOut();
        if (list) {
            wanted.cases()
                    .forEach(info -> out.println("%-6s %-34s %s".formatted(info.severity(), info.id(), info.title())));
            out.flush();
            return 0;
        }
        ReportFiles files = new ReportFiles(html, json, junit);
        files.obstacle().ifPresent(why -> {
            throw new ParameterException(command.commandLine(), why);
        });
        boolean terminal =
                !plain && command.commandLine().getColorScheme().ansi().enabled();
        TerminalReport shown = new TerminalReport(out, new Paint(terminal), quiet);
        Instant started = clock.instant();
        List<CaseResult> results;
        try {
            results = results(wanted, opening, about, shown);
        } catch (IOException e) {
            return failed("Cannot begin", e);
        }
        Conclusion run = Cleaning.of(
                new Conclusion(about.suite(), about.subject(), about.profile(), started, facts(about), results));
        shown.ends(run);
        try {
            files.write(new Report(run, suite.cases(), RequirementRows.bundled()));
        } catch (IOException e) {
            return failed("Cannot write the report", e);
        }
        shown.written(files.all());
        return run.exitCode();
    }

    private int failed(String what, IOException e) {
        PrintWriter err = command.commandLine().getErr();
        err.println(what + ": " + Cleaning.text(String.valueOf(e.getMessage())));
        err.flush();
        return CALLED_WRONGLY;
    }

    private <S> List<CaseResult> results(Suite<S> suite, Opening<S> opening, About about, TerminalReport shown)
            throws IOException {
        S subject = opening.open();
        try {
            shown.starts(about, suite.cases());
            return suite.run(subject, shown, stopwatch);
        } finally {
            close(subject);
        }
    }

    private static void close(@Nullable Object subject) throws IOException {
        if (subject instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("what was checked could not be closed: " + e, e);
            }
        }
    }

    private <S> Suite<S> wanted(Suite<S> suite, About about) {
        Suite<S> ofProfile = suite.only(info -> about.profile().includes(info.profile()));
        if (only.isEmpty()) {
            return ofProfile;
        }
        TreeSet<String> unknown = new TreeSet<>(only);
        ofProfile.cases().forEach(info -> unknown.removeIf(name -> isNamed(info, name)));
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "No case of profile " + about.profile().word() + " has the id or requirement "
                            + String.join(", ", unknown) + "; --list names them all");
        }
        return ofProfile.only(info -> only.stream().anyMatch(name -> isNamed(info, name)));
    }

    private static boolean isNamed(CaseInfo info, String name) {
        return info.id().equalsIgnoreCase(name) || info.rows().contains(name.toUpperCase(Locale.ROOT));
    }

    private static Map<String, String> facts(About about) {
        Map<String, String> facts = new LinkedHashMap<>(about.facts());
        String version = ReportOptions.class.getPackage().getImplementationVersion();
        facts.put("kit", "farthing-conformance " + (version == null ? "(not run from its jar)" : version));
        return facts;
    }
}
