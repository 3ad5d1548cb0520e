package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Opaque;

/** Kind {@code opaque}: what a server wants back, read and written. */
final class OpaqueCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> json(Opaque.parse(input.text("text")));
            case "format" ->
                new Opaque(
                                input.text("n"),
                                input.textOrNull("rb"),
                                input.textOrNull("rt"),
                                input.textOrNull("o"),
                                input.textOrNull("pf"),
                                Map.of())
                        .format();
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> json(Opaque opaque) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", opaque.nonce());
        Wire.putPresent(json, "rb", opaque.rb());
        Wire.putPresent(json, "rt", opaque.rt());
        Wire.putPresent(json, "o", opaque.o());
        Wire.putPresent(json, "pf", opaque.pf());
        json.put("extensions", opaque.extensions());
        return json;
    }
}
