package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.StrictJson.Limits;

/** Kind {@code json-strict}: a JSON text to the object it stands for, within the limits of a header field. */
final class JsonStrictCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return StrictJson.parseObject(input.bytes("text"), "text", Limits.FIELD);
    }
}
