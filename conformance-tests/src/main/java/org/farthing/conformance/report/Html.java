package org.farthing.conformance.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML. Texts and attributes go in through here and nowhere else, and every one is escaped. */
final class Html {

    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are name, value, name, value. */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        open.push(tag);
        return this;
    }

    /** Closes the innermost element. */
    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element that has no end. */
    Html single(String tag, String... attributes) {
        start(tag, attributes);
        return this;
    }

    /** An element with a text. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    Html text(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(character);
            }
        }
        return this;
    }

    /** A line of the source, for those who read it. */
    Html line() {
        out.append('\n');
        return this;
    }

    /** What this program brings itself: its style and its script. */
    Html own(String source) {
        out.append(source);
        return this;
    }

    private void start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int at = 0; at < attributes.length; at += 2) {
            out.append(' ').append(attributes[at]).append("=\"");
            text(attributes[at + 1]);
            out.append('"');
        }
        out.append('>');
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
