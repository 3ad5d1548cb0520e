package org.farthing.conformance.client;

import java.util.List;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.MalformedException;

/** What a client says in {@code Accept-Payment} about what it can pay with. */
final class AcceptedMethods {

    private final Method method;

    AcceptedMethods(Method method) {
        this.method = method;
    }

    /** Fails if a request of a visit has the field and it is wrong. */
    void judge(Visit visit) {
        List<Received> saying = visit.requests().stream()
                .filter(request -> request.value("Accept-Payment").isPresent())
                .toList();
        if (saying.isEmpty()) {
            throw new NotApplicable("The command sends no Accept-Payment, and need not.");
        }
        for (Received request : saying) {
            List<String> lines = request.values("Accept-Payment");
            int weight = weight(lines);
            NotAsExpected.unless(
                    weight > 0 || visit.credentials().isEmpty(),
                    method.name() + "/" + method.intent() + " among what can be paid with, since it was",
                    String.join(", ", lines));
        }
    }

    private int weight(List<String> lines) {
        String all = String.join(", ", lines);
        try {
            return AcceptPayment.parse(all).thousandths(method.name(), method.intent());
        } catch (MalformedException e) {
            throw new NotAsExpected("method/intent, with ;q= or without, separated by commas", all);
        }
    }
}
