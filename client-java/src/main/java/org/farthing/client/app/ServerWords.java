package org.farthing.client.app;

import java.net.http.HttpResponse;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/** What an answer that is no content says: the words of a problem (RFC 9457), marked as the server's and made harmless. */
final class ServerWords {

    private ServerWords() {}

    static void tell(Shell shell, HttpResponse<byte[]> answer) {
        Problem problem;
        try {
            problem = Problem.parse(answer.body());
        } catch (MalformedException e) {
            tellKind(shell, answer);
            return;
        }
        shell.say("  the server says: " + Printable.line(problem.detail()) + " ("
                + Printable.line(problem.type().code()) + ", request "
                + Printable.line(problem.requestId() == null ? "without an id" : problem.requestId()) + ")");
        for (Problem.Resolution way : problem.resolutions()) {
            // Shown and never opened: a payee could lead to a page that looks like a bank's (F-PR-31).
            shell.say("  it offers: " + Printable.line(way.rel() + " at " + way.href()));
        }
        if (problem.type() == ProblemType.VERIFICATION_FAILED) {
            shell.say("  Is your wallet registered there?  farthing wallet new --at ORIGIN");
        }
    }

    private static void tellKind(Shell shell, HttpResponse<byte[]> answer) {
        String kind = answer.headers().firstValue("Content-Type").orElse("no type");
        if (answer.body().length > 0) {
            shell.say("  with " + answer.body().length + " bytes of " + Printable.line(kind) + ", not shown");
        }
    }
}
