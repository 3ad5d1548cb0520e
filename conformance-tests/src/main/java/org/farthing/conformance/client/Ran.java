package org.farthing.conformance.client;

import org.jspecify.annotations.Nullable;

/**
 * How the command ended.
 *
 * @param line what was run, as a person would type it
 * @param exitCode its exit code, or null if it was stopped because it took too long
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
record Ran(String line, @Nullable Integer exitCode, String output, String errors) {

    /** How it ended, in words. */
    String ending() {
        String how = exitCode == null ? "was stopped because it took too long" : "ended with exit code " + exitCode;
        String said = lastLine(errors.isBlank() ? output : errors);
        return "the command " + how + (said.isEmpty() ? "" : " and said: " + said);
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        String last = stripped.substring(stripped.lastIndexOf('\n') + 1);
        return last.length() > 200 ? last.substring(0, 200) + "…" : last;
    }
}
