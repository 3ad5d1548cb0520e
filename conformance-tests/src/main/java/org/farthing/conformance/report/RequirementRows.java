package org.farthing.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.conformance.suite.CaseInfo;

/**
 * The rows of the specification's two tables, and why a suite has no case for some of them: what a suite does not show is said as
 * plainly as what it shows.
 */
public final class RequirementRows {

    /** The server's jar carries the chapters for its own command; one copy is enough. */
    private static final String CHAPTERS = "/org/farthing/server/app/spec/";

    private static final String UNSEEN = "unseen-rows.txt";
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([SCT][0-9]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern LINE = Pattern.compile("(server|client|wallet)\\|([SCT][0-9]+)\\|(\\S.*)");

    /**
     * One row.
     *
     * @param id its number, such as {@code S12} or {@code T27}
     * @param text what is asked, or what is attacked
     * @param level how much it binds, {@code MUST} or {@code SHOULD}; who attacks, for threats
     * @param rules the rules of the specification that carry it
     */
    public record Row(String id, String text, String level, String rules) {

        /** Whether it is a threat and not a demand of the draft. */
        boolean isThreat() {
            return id.startsWith("T");
        }
    }

    private final Map<String, Row> rows;
    private final Map<String, Map<String, String>> unseen;

    private RequirementRows(Map<String, Row> rows, Map<String, Map<String, String>> unseen) {
        this.rows = rows;
        this.unseen = unseen;
    }

    /**
     * The tables in this jar.
     *
     * @return the rows
     */
    public static RequirementRows bundled() {
        return of(
                List.of(resource(CHAPTERS + "draft-requirements.md"), resource(CHAPTERS + "threats.md")),
                resource(UNSEEN));
    }

    static RequirementRows of(List<String> tables, String unseenLines) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String table : tables) {
            Matcher row = ROW.matcher(table);
            while (row.find()) {
                rows.put(row.group(1), new Row(row.group(1), plain(row, 2), plain(row, 3), plain(row, 4)));
            }
        }
        Map<String, Map<String, String>> unseen = new LinkedHashMap<>();
        unseenLines
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> read(line, rows, unseen));
        return new RequirementRows(rows, unseen);
    }

    private static String plain(Matcher row, int cell) {
        return row.group(cell).strip().replace("`", "");
    }

    private static void read(String line, Map<String, Row> rows, Map<String, Map<String, String>> unseen) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !rows.containsKey(parts.group(2))) {
            throw new IllegalStateException(
                    UNSEEN + ": \"" + line + "\" is not suite|row|why with a row of the two tables");
        }
        Map<String, String> ofSuite = unseen.computeIfAbsent(parts.group(1), suite -> new LinkedHashMap<>());
        if (ofSuite.put(parts.group(2), parts.group(3).strip()) != null) {
            throw new IllegalStateException(UNSEEN + " has " + parts.group(1) + "|" + parts.group(2) + " twice");
        }
    }

    /**
     * All rows, in the order of the tables.
     *
     * @return the rows
     */
    public Collection<Row> all() {
        return List.copyOf(rows.values());
    }

    /**
     * The rows a suite has no case for.
     *
     * @param suite which suite: {@code server}, {@code client}, {@code wallet}
     * @return why not, by row
     */
    public Map<String, String> unseen(String suite) {
        return Map.copyOf(unseen.getOrDefault(suite, Map.of()));
    }

    /**
     * The rows that have a case and are said to have none.
     *
     * @param suite which suite
     * @param cases all its cases
     * @return their numbers; empty where the list is right
     */
    public List<String> contradictions(String suite, List<CaseInfo> cases) {
        return unseen(suite).keySet().stream()
                .filter(row -> cases.stream().anyMatch(info -> info.rows().contains(row)))
                .sorted()
                .toList();
    }

    private static String resource(String name) {
        try (InputStream in = RequirementRows.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
