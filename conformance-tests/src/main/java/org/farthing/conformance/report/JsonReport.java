package org.farthing.conformance.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.conformance.suite.CaseInfo;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Verdict;

/** The report for programs: one object, schema {@code conformance-report.json}; what is absent is left out, never null. */
final class JsonReport {

    private static final int VERSION = 1;

    private JsonReport() {}

    static String of(Report report) {
        Conclusion run = report.run();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schema", VERSION);
        root.put("suite", run.suite());
        root.put("subject", run.subject());
        root.put("profile", run.profile().word());
        root.put("started", run.started().toString());
        root.put("facts", run.facts());
        root.put("exitCode", run.exitCode());
        root.put("conclusion", Counts.conclusion(run.exitCode()));
        root.put("counts", counts(Counts.of(run)));
        root.put("cases", run.results().stream().map(JsonReport::of).toList());
        root.put("rows", report.rowResults().stream().map(JsonReport::of).toList());
        try {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, numbers and strings can always be written", e);
        }
    }

    private static Map<String, Object> counts(Counts counts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cases", counts.cases());
        json.put("met", counts.of(Standing.PASSED));
        json.put("mustNotMet", counts.of(Standing.MUST_FAILED));
        json.put("shouldNotMet", counts.of(Standing.SHOULD_FAILED));
        json.put("mayNotMet", counts.of(Standing.MAY_FAILED));
        json.put("notChecked", counts.of(Standing.SKIPPED));
        json.put("tookMillis", counts.took().toMillis());
        return json;
    }

    private static Map<String, Object> of(CaseResult result) {
        CaseInfo info = result.info();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", info.id());
        json.put("group", info.group());
        json.put("rows", info.rows());
        json.put("section", info.section());
        json.put("severity", info.severity().name());
        json.put("profile", info.profile().word());
        json.put("title", info.title());
        json.put("fix", info.fix());
        putVerdict(result.verdict(), json);
        json.put("tookMillis", result.took().toMillis());
        json.put("exchanges", result.exchanges().stream().map(JsonReport::of).toList());
        if (result.left() > 0) {
            json.put("exchangesLeftOut", result.left());
        }
        return json;
    }

    private static void putVerdict(Verdict verdict, Map<String, Object> json) {
        if (verdict instanceof Verdict.Failed failed) {
            json.put("verdict", "failed");
            json.put("expected", failed.expected());
            json.put("seen", failed.seen());
        } else if (verdict instanceof Verdict.Broken broken) {
            json.put("verdict", "broken");
            json.put("why", broken.what());
        } else if (verdict instanceof Verdict.Skipped skipped) {
            json.put("verdict", "skipped");
            json.put("why", skipped.why());
        } else {
            json.put("verdict", "passed");
        }
    }

    private static Map<String, Object> of(Exchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", exchange.what());
        json.put("request", exchange.request());
        json.put("response", exchange.response());
        exchange.reproduce().ifPresent(curl -> json.put("curl", curl));
        return json;
    }

    private static Map<String, Object> of(Report.RowResult result) {
        List<String> cases = result.cases().stream().map(CaseInfo::id).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("row", result.row().id());
        json.put("text", result.row().text());
        if (!result.row().isThreat()) {
            json.put("level", result.row().level());
        }
        json.put("rules", result.row().rules());
        json.put("standing", result.standing().words());
        json.put("cases", cases);
        if (!result.why().isEmpty()) {
            json.put("why", result.why());
        }
        return json;
    }
}
