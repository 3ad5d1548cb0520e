package org.farthing.server.app;

import java.io.PrintWriter;

/** Tells the story: numbered steps, and under each what happened, in short lines. */
final class DemoStory {

    private final PrintWriter out;
    private int step;

    DemoStory(PrintWriter out) {
        this.out = out;
    }

    void step(String title) {
        step++;
        out.println();
        out.println(step + ". " + title);
        out.flush();
    }

    void line(String text) {
        out.println(text.isEmpty() ? "" : "   " + text);
        out.flush();
    }

    void row(String name, String text) {
        line(String.format("%-11s%s", name, text));
    }

    /** A line at the margin, to be copied. */
    void plain(String text) {
        out.println(text);
        out.flush();
    }
}
