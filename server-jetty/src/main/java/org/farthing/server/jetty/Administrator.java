package org.farthing.server.jetty;

import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.keys.AdminBearer;

/**
 * Demands the administrator's bearer (specification: wallets.md, F-WA-25). Without one configured nobody is the administrator.
 *
 * @param bearer whom to let through now
 */
record Administrator(Supplier<Optional<AdminBearer>> bearer) {

    void require(Request request) {
        Optional<String> presented = BearerField.token(request.getHeaders());
        Optional<AdminBearer> known = bearer.get();
        if (known.isEmpty() || presented.isEmpty() || !known.get().matches(presented.get())) {
            throw new Refusal(Problem.of(ProblemType.UNAUTHENTICATED, "This needs the administrator's bearer."));
        }
    }
}
