package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;

/** Kind {@code request-binding}: method, origin, path and query to the origin's one spelling and {@code rb}. */
final class RequestBindingCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        Origin origin = Origin.parse(input.text("origin"));
        RequestTarget target =
                RequestTarget.of(input.text("method"), origin, input.text("path"), input.textOrNull("query"));
        return Map.of("origin", target.origin().text(), "rb", target.rb());
    }
}
