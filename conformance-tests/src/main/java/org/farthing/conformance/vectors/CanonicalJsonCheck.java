package org.farthing.conformance.vectors;

import java.nio.ByteBuffer;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.StrictJson.Limits;

/** Kind {@code jcs}: a JSON text, or the bits of one number, to the canonical text. */
final class CanonicalJsonCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "canonicalize" ->
                CanonicalJson.write(StrictJson.parseObject(input.text("json"), "json", Limits.FIELD));
            case "number" ->
                CanonicalJson.write(ByteBuffer.wrap(input.bytes("ieee754")).getDouble());
            default -> throw input.unknownOp();
        };
    }
}
