package org.farthing.conformance.report;

/** Colours and moving lines where there is a terminal to show them, plain text everywhere else. */
record Paint(boolean onTerminal) {

    private static final int WIDTH = 79;

    /** Whether a line can be written over. */
    boolean moves() {
        return onTerminal;
    }

    String of(Standing standing, String text) {
        return switch (standing) {
            case MUST_FAILED -> coded("1;31", text);
            case SHOULD_FAILED -> coded("1;33", text);
            case MAY_FAILED -> coded("36", text);
            case SKIPPED -> coded("2", text);
            case PASSED -> coded("32", text);
        };
    }

    String bold(String text) {
        return coded("1", text);
    }

    String faint(String text) {
        return coded("2", text);
    }

    /** A line that the next one replaces; cut, because one that wraps cannot be written over. */
    String line(String text) {
        return erased() + faint(text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text);
    }

    /** Takes the line away. */
    String erased() {
        return "\r\u001b[2K";
    }

    private String coded(String code, String text) {
        return onTerminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
