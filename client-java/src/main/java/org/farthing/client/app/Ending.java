package org.farthing.client.app;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.JournalEntry;
import org.jspecify.annotations.Nullable;

/** Says what became of a request and of the money, and gives the exit code for it. */
final class Ending {

    private final Shell shell;
    private final @Nullable ReceiptFile receiptFile;

    Ending(Shell shell, @Nullable ReceiptFile receiptFile) {
        this.shell = shell;
        this.receiptFile = receiptFile;
    }

    int tell(PaidResponse<byte[]> done) throws IOException {
        HttpResponse<byte[]> answer = done.answer();
        PaymentOutcome outcome = done.outcome();
        if (outcome instanceof PaymentOutcome.Served served) {
            return served(served, answer);
        }
        if (outcome instanceof PaymentOutcome.NotCharged notCharged) {
            return notCharged(notCharged, answer);
        }
        if (outcome instanceof PaymentOutcome.Unknown unknown) {
            return unknown(unknown.payment(), unknown.words());
        }
        if (outcome instanceof PaymentOutcome.Declined declined) {
            return declined(declined, answer);
        }
        return receiptWanted("nothing was paid, so there is no receipt", content(answer));
    }

    private int served(PaymentOutcome.Served served, @Nullable HttpResponse<byte[]> answer) throws IOException {
        JournalEntry payment = served.payment();
        shell.say("paid " + payment.proposal().money().format()
                + (payment.proposal().prepaid() ? " with tokens to " : " to ")
                + Printable.line(payment.proposal().recipient()) + "; " + worth(served.receiptStatus()));
        int code = content(answer);
        if (receiptFile == null || served.receipt() == null || served.receiptStatus() == ReceiptStatus.INVALID) {
            return receiptWanted("no receipt was kept: " + worth(served.receiptStatus()), code);
        }
        receiptFile.keep(served.receipt());
        return code == ExitCode.SERVED && served.receiptStatus() != ReceiptStatus.VALID ? ExitCode.RECEIPT : code;
    }

    private int receiptWanted(String words, int code) {
        if (receiptFile == null || code != ExitCode.SERVED) {
            return code;
        }
        shell.say(words);
        return ExitCode.RECEIPT;
    }

    private static String worth(ReceiptStatus status) {
        return switch (status) {
            case VALID -> "receipt checked";
            case UNSIGNED -> "the receipt is not signed and proves nothing";
            case INVALID -> "the receipt does NOT hold: its signature, or what it says, is wrong";
            case ABSENT -> "there is no receipt";
        };
    }

    private int notCharged(PaymentOutcome.NotCharged outcome, @Nullable HttpResponse<byte[]> answer) {
        String money = outcome.payment().proposal().money().format();
        String kept = outcome.payment().counted() ? "; it still counts against your budget" : "";
        shell.say(
                switch (outcome.evidence()) {
                    case NEVER_SENT -> "not paid: the order over " + money + " never left this machine";
                    case CLAIM -> "not charged, says the payee, and does not sign it: " + money + kept;
                    case SIGNED_RELEASE -> "not charged, and the payee signed that: " + money + kept;
                    case WALLET -> "not charged, says your wallet service: " + money + " is back in your budget";
                });
        if (outcome.notRepeated() != null && outcome.notRepeated().why() == DeclineReason.WALLET_DISAGREES) {
            shell.say("  But: " + Printable.line(outcome.notRepeated().words()) + ". Keep what the journal has of it.");
        }
        if (outcome.payment().proposal().prepaid() && outcome.evidence() != PaymentOutcome.Evidence.NEVER_SENT) {
            shell.say("  Its tokens were seen by others. To change them for new ones: farthing tokens swap "
                    + outcome.payment().proposal().recipient()
                    + (outcome.payment().proposal().development() ? " --loopback" : ""));
        }
        if (outcome.payment().state().isOpen()) {
            shell.say("  Your wallet service still holds it. To ask again: farthing journal resume "
                    + outcome.payment().id());
        }
        if (answer == null) {
            return ExitCode.NOT_CHARGED;
        }
        return content(answer) == ExitCode.SERVED ? ExitCode.SERVED : ExitCode.NOT_CHARGED;
    }

    int unknown(JournalEntry payment, String words) {
        shell.say("It is not known whether " + payment.proposal().money().format() + " was paid: " + words + ".");
        shell.say(
                "The money counts as spent. To ask again, at no further cost: farthing journal resume " + payment.id());
        return ExitCode.UNKNOWN;
    }

    private int declined(PaymentOutcome.Declined declined, @Nullable HttpResponse<byte[]> answer) {
        if (declined.why() == DeclineReason.CROSS_ORIGIN_REDIRECT
                || declined.why() == DeclineReason.TOO_MANY_REDIRECTS) {
            String to = answer == null
                    ? "elsewhere"
                    : answer.headers().firstValue("Location").orElse("elsewhere");
            shell.say("redirected to " + Printable.line(to)
                    + "; not followed. If you trust that address, ask it yourself.");
            return ExitCode.HTTP_ERROR;
        }
        shell.say("not paid: " + Printable.line(declined.words()) + " (" + declined.why() + ")");
        if (declined.proposal() != null) {
            shell.say(
                    "  price " + declined.proposal().money().format() + ", payee " + Shown.payee(declined.proposal()));
        }
        wayOut(declined.why()).ifPresent(words -> shell.say("  " + words));
        return ExitCode.DECLINED;
    }

    private static Optional<String> wayOut(DeclineReason why) {
        return Optional.ofNullable(
                switch (why) {
                    case NOT_SECURE ->
                        "A server on this machine that you are trying out is paid with --loopback, as http://127.0.0.1.";
                    case TRUST_CHANGED ->
                        "See what changed: farthing trust show ORIGIN. If the payee told you so by another way: farthing"
                                + " trust accept ORIGIN, or --trust-new-keys.";
                    case AUTHORIZATION_IN_USE ->
                        "To send the payment instead of your own Authorization: --replace-authorization";
                    case NO_TOKENS ->
                        "To buy some: farthing tokens buy ORIGIN. Without --tokens, your wallet pays where there are none.";
                    case NOT_TRUSTED -> "To trust it before you pay it: farthing trust add ORIGIN";
                    case INSUFFICIENT_FUNDS -> "Nothing counts against your budget. See: farthing wallet show ORIGIN";
                    case WALLET_LIMIT -> "To allow more a day: farthing wallet limit ORIGIN MONEY --recovery-file FILE";
                    case WALLET_SUSPENDED ->
                        "If you froze it yourself: farthing wallet thaw ORIGIN --recovery-file FILE";
                    case WALLET_REFUSED -> "Is your wallet open there?  farthing wallet new --at ORIGIN";
                    case WALLET_UNREACHABLE ->
                        "Try later, or take it out of your purse: farthing wallet service remove ORIGIN";
                    default -> null;
                });
    }

    /** Whether there was content; says what came instead. */
    private int content(@Nullable HttpResponse<byte[]> answer) {
        if (answer != null && answer.statusCode() / 100 == 2) {
            return ExitCode.SERVED;
        }
        if (answer != null) {
            shell.say("the server answered " + answer.statusCode());
            ServerWords.tell(shell, answer);
        }
        return ExitCode.HTTP_ERROR;
    }
}
