package org.farthing.conformance.requirements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the specification numbers: the rows of its two tables, each with its text, and the rules of its chapters.
 *
 * @param rows the rows S1 …, C1 …, T1 … in the order of the page, each with what is asked or attacked
 * @param rules the numbers of the chapters' rules
 */
public record SpecificationRows(Map<String, String> rows, Set<String> rules) {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([SCT])([0-9]+) \\| ([^|]+) \\|");
    private static final Pattern RULE = Pattern.compile("\\*\\*(F-[A-Z]{2}-[0-9]+)\\*\\*");

    /**
     * Reads both from the folder of the chapters.
     *
     * @param specification the folder
     * @return what it numbers
     * @throws IOException when a chapter cannot be read
     */
    public static SpecificationRows read(Path specification) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String table : new String[] {"draft-requirements.md", "threats.md"}) {
            readTable(Files.readString(specification.resolve(table)), rows);
        }
        Set<String> rules = new TreeSet<>();
        try (Stream<Path> chapters = Files.list(specification)) {
            for (Path chapter : chapters.sorted().toList()) {
                RULE.matcher(Files.readString(chapter)).results().forEach(rule -> rules.add(rule.group(1)));
            }
        }
        return new SpecificationRows(rows, rules);
    }

    /** Rows are numbered without gaps, so that none falls out of the table unseen. */
    private static void readTable(String table, Map<String, String> rows) {
        Matcher row = ROW.matcher(table);
        String letter = "";
        int number = 0;
        while (row.find()) {
            number = row.group(1).equals(letter) ? number + 1 : 1;
            letter = row.group(1);
            if (Integer.parseInt(row.group(2)) != number) {
                throw new IllegalStateException(
                        "row " + letter + row.group(2) + " stands where " + letter + number + " is expected");
            }
            rows.put(letter + number, row.group(3).strip());
        }
    }

    /**
     * Whether a number leads anywhere.
     *
     * @param number a row's or a rule's
     * @return whether the specification has it
     */
    public boolean knows(String number) {
        return rows.containsKey(number) || rules.contains(number);
    }
}
