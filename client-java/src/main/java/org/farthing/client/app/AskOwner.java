package org.farthing.client.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.farthing.client.budget.Approval;
import org.farthing.client.budget.ApprovalRequest;

/** Shows a payment at the terminal, and takes only a typed yes for one (spec/client.md, F-CL-36). */
record AskOwner(Shell shell) implements Approval {

    @Override
    public boolean approve(ApprovalRequest request) {
        shell.say("for        " + Shown.request(request.proposal()));
        shell.say("price      "
                + (request.capture().equals("upto") ? "at most " : "")
                + Shown.price(request.proposal().amount(), request.proposal().currency()));
        shell.say("payee      " + Shown.payee(request.proposal())
                + (request.isFirstUse() ? ", which you never paid before" : ""));
        if (request.service() != null) {
            shell.say("through    " + request.service() + "  (your wallet service)");
        }
        shell.say("signed     " + (request.isSigned() ? "yes, by the payee's published key" : "NO; you allowed that"));
        Duration left = Duration.between(shell.clock().instant(), request.expires());
        shell.say("expires    " + request.expires() + "  (in " + Shown.span(left) + ")");
        try {
            return shell.confirms("Pay?");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
