package org.farthing.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the written forms go.
 *
 * @param html the page, or null
 * @param json the report for programs, or null
 * @param junit the report for build servers, or null
 */
record ReportFiles(
        @Nullable Path html, @Nullable Path json, @Nullable Path junit) {

    /** What stands in the way of writing them; asked before the run, because a run may take minutes. */
    Optional<String> obstacle() {
        for (Path file : forms().keySet()) {
            Path folder = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file)) {
                return Optional.of(file + " is a directory; name a file");
            }
            if (folder == null || !Files.isDirectory(folder)) {
                return Optional.of("there is no directory for " + file + "; make it first");
            }
            if (!Files.isWritable(Files.exists(file) ? file : folder)) {
                return Optional.of(file + " cannot be written");
            }
        }
        return Optional.empty();
    }

    void write(Report report) throws IOException {
        for (Map.Entry<Path, Function<Report, String>> form : forms().entrySet()) {
            Files.writeString(form.getKey(), form.getValue().apply(report));
        }
    }

    Collection<Path> all() {
        return forms().keySet();
    }

    private Map<Path, Function<Report, String>> forms() {
        Map<Path, Function<Report, String>> forms = new LinkedHashMap<>();
        if (html != null) {
            forms.put(html, HtmlReport::of);
        }
        if (json != null) {
            forms.put(json, JsonReport::of);
        }
        if (junit != null) {
            forms.put(junit, report -> JunitReport.of(report.run()));
        }
        return forms;
    }
}
