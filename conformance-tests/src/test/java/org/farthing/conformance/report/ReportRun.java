package org.farthing.conformance.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Suite;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A call of a command with the report's options, as a suite's command has them. */
record ReportRun(int exitCode, String out, String err) {

    static final Suite<String> SUITE = Suite.<String>empty().with(SampleCases.class, SampleCases::new);

    @Command(name = "sample")
    static final class SampleCommand implements Callable<Integer> {

        private final Opening<String> subject;
        private final AtomicLong nanos = new AtomicLong();

        @Mixin
        private final ReportOptions report = new ReportOptions(
                InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z")), () -> nanos.getAndAdd(7_000_000));

        @Option(names = "--profile")
        private Profile profile = Profile.CORE;

        SampleCommand(Opening<String> subject) {
            this.subject = subject;
        }

        @Override
        public Integer call() {
            Map<String, String> facts = Map.of("config", "site.json");
            return report.run(SUITE, subject, new About("server", "https://a.example/", profile, facts));
        }
    }

    static ReportRun of(String... args) {
        return of(Help.Ansi.OFF, () -> "hello", args);
    }

    static ReportRun failing(String... args) {
        return of(
                Help.Ansi.OFF,
                () -> {
                    throw new IOException("port 1 is taken");
                },
                args);
    }

    static ReportRun of(Help.Ansi ansi, Opening<String> subject, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new SampleCommand(subject))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(Help.defaultColorScheme(ansi));
        int exitCode = command.execute(args);
        return new ReportRun(exitCode, out.toString(), err.toString());
    }
}
