package org.farthing.conformance.vectors;

import java.time.Instant;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Rfc3339;

/** Kind {@code timestamp}: an RFC 3339 text to an instant and back. */
final class TimestampCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> {
                Instant time = Rfc3339.parse(input.text("text"), "text");
                yield Map.of("epochSecond", time.getEpochSecond(), "nano", time.getNano());
            }
            case "format" -> Rfc3339.format(input.instant("epochSecond"));
            default -> throw input.unknownOp();
        };
    }
}
