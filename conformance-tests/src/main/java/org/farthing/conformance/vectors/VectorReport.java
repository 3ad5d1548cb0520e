package org.farthing.conformance.vectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run showed, for people and for programs.
 *
 * @param source where the files came from
 * @param files one result for every file, in the order of their names
 */
record VectorReport(String source, List<FileResult> files) {

    VectorReport {
        files = List.copyOf(files);
    }

    /**
     * A case that did not lead to what it asks for.
     *
     * @param name the name of the case
     * @param expected what it asks for
     * @param got what came
     */
    record Failure(String name, Outcome expected, Outcome got) {}

    /**
     * What became of one file.
     *
     * @param file its name
     * @param title its title, empty if it could not be read
     * @param cases how many cases ran
     * @param failures the cases that failed
     * @param problem why the file could not be run at all, or null
     */
    record FileResult(
            String file,
            String title,
            int cases,
            List<Failure> failures,
            @Nullable String problem) {

        FileResult {
            failures = List.copyOf(failures);
        }

        static FileResult unusable(String file, String problem) {
            return new FileResult(file, "", 0, List.of(), problem);
        }

        boolean ok() {
            return problem == null && failures.isEmpty() && cases > 0;
        }
    }

    /** Whether there was something to check and all of it holds. */
    boolean ok() {
        return !files.isEmpty() && files.stream().allMatch(FileResult::ok);
    }

    int cases() {
        return files.stream().mapToInt(FileResult::cases).sum();
    }

    int failed() {
        return files.stream().mapToInt(file -> file.failures().size()).sum();
    }

    private long unusable() {
        return files.stream().filter(file -> file.problem() != null).count();
    }

    /** Writes the report for people. */
    void print(PrintWriter out) {
        out.println("Vectors from " + source);
        int width = files.stream().mapToInt(file -> file.file().length()).max().orElse(0);
        for (FileResult file : files) {
            String verdict = file.ok()
                    ? "ok"
                    : file.problem() != null ? "UNUSABLE" : file.failures().size() + " FAILED";
            out.println("  %s  %4d cases  %s".formatted(pad(file.file(), width), file.cases(), verdict));
            if (file.problem() != null) {
                out.println("      " + file.problem());
            }
            for (Failure failure : file.failures()) {
                out.println("      case \"" + failure.name() + "\"");
                out.println("        expected " + failure.expected().describe());
                out.println("        got      " + failure.got().describe());
            }
        }
        out.println(total());
        out.flush();
    }

    private String total() {
        if (files.isEmpty()) {
            return "total: no vector files (*.json) here, so nothing was checked: failed";
        }
        String counts = "total: " + count(files.size(), "file") + ", " + count(cases(), "case");
        if (ok()) {
            return counts + ", all ok";
        }
        String bad = ", " + failed() + " failed";
        return counts + bad + (unusable() == 0 ? "" : ", " + count(unusable(), "file") + " unusable");
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** Writes the report for programs: one JSON object. */
    void printJson(PrintWriter out) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("ok", ok());
        root.put("source", source);
        root.put("files", files.stream().map(VectorReport::fileJson).toList());
        root.put("total", Map.of("files", files.size(), "cases", cases(), "failed", failed(), "unusable", unusable()));
        try {
            out.println(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and strings can always be written", e);
        }
        out.flush();
    }

    private static Map<String, Object> fileJson(FileResult file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file.file());
        json.put("title", file.title());
        json.put("ok", file.ok());
        json.put("cases", file.cases());
        if (file.problem() != null) {
            json.put("problem", file.problem());
        }
        List<Map<String, Object>> failures = new ArrayList<>();
        for (Failure failure : file.failures()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("case", failure.name());
            one.put("expected", failure.expected().describe());
            one.put("got", failure.got().describe());
            failures.add(one);
        }
        json.put("failures", failures);
        return json;
    }
}
