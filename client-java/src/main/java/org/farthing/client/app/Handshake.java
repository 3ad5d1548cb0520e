package org.farthing.client.app;

import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentListener;
import org.farthing.client.budget.JournalEntry;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;

/**
 * Tells the steps of a payment, for {@code -v}. It is built from events that hold no credential, so it has no secret to
 * redact: an order is shown as its fingerprint (F-CL-55).
 */
final class Handshake implements PaymentListener {

    private final Shell shell;

    Handshake(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void on(PaymentEvent event) {
        if (event instanceof PaymentEvent.PaymentRequired required) {
            say("< 402 Payment Required, for " + Printable.line(required.uri().toString()));
            for (Challenge challenge : required.challenges()) {
                say("    it asks " + Shown.offer(challenge));
            }
            for (MalformedException skipped : required.skipped()) {
                say("    skipped an offer that cannot be read: "
                        + Printable.line(String.valueOf(skipped.getMessage())));
            }
        } else if (event instanceof PaymentEvent.Passed passed) {
            say("* not paid: " + Printable.line(passed.declined().words()) + " ("
                    + passed.declined().why() + ")");
        } else if (event instanceof PaymentEvent.Checked checked) {
            say("* checked: made for this request, not expired, "
                    + (checked.signed() ? "signed by the payee's published key" : "NOT signed (you allowed that)")
                    + (checked.service() == null ? "" : "; to be paid through " + checked.service()));
        } else if (event instanceof PaymentEvent.Counted counted) {
            say("* counted " + counted.payment().proposal().money().format() + " against the budget, in the journal as "
                    + counted.payment().id());
        } else if (event instanceof PaymentEvent.Signed signed) {
            say((isByTokens(signed.payment()) ? "* took tokens for it; they are" : "* signed an order; it is")
                    + " secret, its fingerprint is sha-256 " + signed.fingerprint());
        } else if (event instanceof PaymentEvent.Exchanging exchanging) {
            say("> took the order to " + exchanging.service()
                    + (exchanging.attempt() > 1 ? ", attempt " + exchanging.attempt() : ""));
        } else if (event instanceof PaymentEvent.Vouched vouched) {
            say("< " + vouched.service() + " holds the money; its receipt is checked and stored, fingerprint sha-256 "
                    + vouched.fingerprint());
        } else if (event instanceof PaymentEvent.WalletSaid said) {
            say("* asked the wallet service: " + Printable.line(said.standing().words()));
        } else if (event instanceof PaymentEvent.Sending sending) {
            say("> asked again with the " + means(sending.payment())
                    + (sending.attempt() > 1 ? ", attempt " + sending.attempt() : ""));
        } else if (event instanceof PaymentEvent.Answered answered) {
            say("< " + answered.status() + ", the payee says: "
                    + (answered.outcome() == null
                            ? "nothing about the money"
                            : answered.outcome().token()));
        } else if (event instanceof PaymentEvent.Waiting waiting) {
            say("* waiting " + waiting.pause().toMillis() + " ms, then the same bytes again: " + waiting.words());
        }
    }

    private static boolean isByTokens(JournalEntry payment) {
        return payment.proposal().prepaid();
    }

    private static String means(JournalEntry payment) {
        return isByTokens(payment) ? "tokens" : payment.service() == null ? "order" : "receipt";
    }

    void say(String line) {
        shell.say(line);
    }
}
