package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Sight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing trust add ORIGIN}. */
@Command(
        name = "add",
        header = "Trust a payee before you pay it.",
        description = {
            "",
            "Fetches the server's key document, shows payee and keys, and pins them if you say that they are right. Nothing is"
                    + " paid.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_0,
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            "3:you said no, a key is another than you gave, or the server changed: trust accept"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing trust add https://api.example.com",
            "  farthing trust add --key Bu3xBwKvgDUm1AsIsU3h5U6nTdGsxUTBk8GGOUn9KPs https://api.example.com"
        })
final class TrustAddCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TrustLook look = new TrustLook();

    @Mixin
    private TrustConsent consent = new TrustConsent();

    TrustAddCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        look.origin();
        consent.requirePossible(shell);
        try (Payments payments = Payments.open(shell)) {
            OriginPins pins = payments.pins();
            Sight now = look.published(shell);
            if (look.show(shell, pins, now).isPresent()) {
                throw new CommandException(
                        ExitCode.DECLINED,
                        "you trust it already, as something else; if this is right: farthing trust accept "
                                + now.origin());
            }
            consent.require(shell, now, "Trust " + now.origin() + " with these keys?");
            pins.add(now);
            shell.say(now.origin() + " is trusted now");
            return ExitCode.SERVED;
        }
    }
}
