package org.farthing.conformance.client;

import java.util.List;
import org.farthing.conformance.suite.NotAsExpected;

/** Counts payments: credentials with the same bytes are one payment, however often they were sent. */
final class Count {

    private Count() {}

    /** The different credentials of a visit, in the order in which they first came. */
    static List<String> payments(Visit visit) {
        return visit.credentials().stream().map(Presented::token).distinct().toList();
    }

    /** Fails unless there was a payment, and no more than so many. */
    static void atMost(Visit visit, int most, String because) {
        int came = visit.paid().token().isEmpty() ? 0 : payments(visit).size();
        NotAsExpected.unless(
                came <= most,
                (most == 1 ? "one payment" : "at most " + most + " payments") + ", because " + because,
                came + " different credentials came; " + visit.story());
    }

    /** Fails if anything at all came to a payee. */
    static void nothingAt(Visit visit, Payee payee, String because) {
        List<String> came = visit.seen().stream()
                .map(Visit.Seen::request)
                .filter(request -> request.origin().equals(payee.origin()))
                .map(Received::toString)
                .toList();
        NotAsExpected.unless(
                came.isEmpty(), "no request to " + payee.origin() + ", because " + because, "came: " + came);
    }

    /** Fails where the command had to be stopped. */
    static void endedByItself(Visit visit) {
        NotAsExpected.unless(visit.ran().exitCode() != null, "the command ends by itself", visit.story());
    }
}
