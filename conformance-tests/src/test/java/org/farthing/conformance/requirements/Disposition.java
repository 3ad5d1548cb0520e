package org.farthing.conformance.requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to be said of a row besides its tests, from {@code dispositions.txt}.
 *
 * @param kind whether a test is missing or leaves something out
 * @param words what the page says
 */
record Disposition(Kind kind, String words) {

    /** How a row stands to its tests. */
    enum Kind {
        /** The row belongs to later work: the page says with what it comes. No test yet. */
        WITH(false),
        /** No test can show the row: the words say why. */
        NO_TEST(false),
        /** Tests show the row but for a part that belongs to later work. */
        PARTLY_WITH(true),
        /** Tests show the row but for something no test can show. */
        BESIDE(true);

        /** Whether the row has tests all the same. */
        final boolean tested;

        Kind(boolean tested) {
            this.tested = tested;
        }
    }

    static Map<String, Disposition> read(Path file) throws IOException {
        Map<String, Disposition> dispositions = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" \\| ", 2);
            if (parts.length != 2 || dispositions.put(parts[0], of(parts[1].strip())) != null) {
                throw new IllegalStateException("dispositions.txt: not \"ROW | words\", or a second line: " + line);
            }
        }
        return dispositions;
    }

    static Disposition of(String words) {
        if (words.matches("with: (sessions|tokens)")) {
            return new Disposition(Kind.WITH, words);
        }
        if (words.matches("no test: .{10,}")) {
            return new Disposition(Kind.NO_TEST, words);
        }
        if (words.matches("partly with: (sessions|tokens) \\(.{3,}\\)")) {
            return new Disposition(Kind.PARTLY_WITH, words);
        }
        if (words.matches("beside: .{10,}")) {
            return new Disposition(Kind.BESIDE, words);
        }
        throw new IllegalStateException(
                "dispositions.txt: none of \"with: sessions\", \"with: tokens\", \"no test: why\","
                        + " \"partly with: tokens (what)\", \"beside: what no test can show\": " + words);
    }
}
