package org.farthing.conformance;

import org.farthing.conformance.adapter.Adapter;

/**
 * The entry of {@code farthing-conformance.jar}. A runner starts {@code adapter} once a question, hundreds of times, so that
 * one goes its way before anything of the command line is loaded (conformance.md, F-CO-62).
 */
public final class Main {

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("adapter")) {
            Adapter.answer(System.in, System.out, System.err);
            // What an operation has started, such as an HTTP client, must not keep the process.
            System.exit(0);
        }
        ConformanceCommand.main(args);
    }
}
