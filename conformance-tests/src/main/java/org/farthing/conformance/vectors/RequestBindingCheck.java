package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.RequestTarget;

/** Kind {@code request-binding}: method, origin, path and query to the origin's one spelling and {@code rb}. */
final class RequestBindingCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        RequestTarget target = Wire.target(input);
        return Map.of("origin", target.origin().text(), "rb", target.rb());
    }
}
