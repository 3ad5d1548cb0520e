package org.farthing.conformance.client;

import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Redaction;
import org.farthing.conformance.suite.Trace;
import org.jspecify.annotations.Nullable;

/** Writes a visit down for the report: each exchange, and how the command ended. No secret passes. */
final class Evidence {

    private static final int MOST = 8_000;

    private final Trace trace;
    private final Runner runner;

    Evidence(Trace trace, Runner runner) {
        this.trace = trace;
        this.runner = runner;
    }

    void add(String what, Visit visit) {
        for (Visit.Seen seen : visit.seen()) {
            String about = what + (seen.request().hasCredential() ? ": with a credential" : "");
            trace.add(new Exchange(
                    about,
                    clean(
                            visit,
                            "to " + seen.request().origin() + "\n"
                                    + seen.request().text()),
                    clean(visit, seen.reply().shown()),
                    null));
        }
        Ran ran = visit.ran();
        String end = ran.exitCode() == null ? "stopped after too long" : "exit code " + ran.exitCode();
        trace.add(new Exchange(
                what + ": the command",
                clean(visit, ran.line()),
                clean(visit, end + part("standard output", ran.output()) + part("standard error", ran.errors())),
                again()));
    }

    /** What runs this case alone. The ports are others then; the command is the same. */
    private @Nullable String again() {
        return trace.id().isEmpty()
                ? null
                : "java -jar farthing-conformance.jar client --only " + trace.id() + " -- " + runner.typed(Errand.GET);
    }

    private static String part(String name, String text) {
        return text.isBlank() ? "" : "\n--- " + name + "\n" + text.stripTrailing();
    }

    private static String clean(Visit visit, String text) {
        // Fields first: what already stands for a secret is no secret.
        String clean = Redaction.message(text);
        for (Presented credential : visit.credentials()) {
            if (credential.token().length() >= 8) {
                clean = clean.replace(credential.token(), Redaction.shown(credential.token()));
            }
        }
        return clean.length() <= MOST ? clean : clean.substring(0, MOST) + "\n… (" + (clean.length() - MOST) + " more)";
    }
}
