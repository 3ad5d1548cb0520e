package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/** Kind {@code problem}: the table of problem types, and the body of a problem as a payer reads it. */
final class ProblemCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "type" -> {
                ProblemType type = ProblemType.valueOf(input.text("code"));
                yield Map.of("code", type.code(), "type", type.typeUri(), "status", type.defaultStatus());
            }
            case "parse" -> json(Problem.parse(input.bytes("json")));
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> json(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", problem.type().code());
        json.put("type", problem.type().typeUri());
        json.put("title", problem.title());
        json.put("status", problem.status());
        json.put("detail", problem.detail());
        Wire.putPresent(json, "instance", problem.instance());
        Wire.putPresent(json, "requestId", problem.requestId());
        json.put(
                "resolve", problem.resolutions().stream().map(ProblemCheck::way).toList());
        Map<String, Object> extensions = new LinkedHashMap<>(problem.extensions());
        extensions.remove("resolve");
        json.put("extensions", extensions);
        return json;
    }

    private static Map<String, Object> way(Problem.Resolution way) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rel", way.rel());
        json.put("href", way.href());
        Wire.putPresent(json, "suggested", way.suggested());
        return json;
    }
}
