package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Sight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing trust accept ORIGIN}. */
@Command(
        name = "accept",
        header = "Go on trusting a payee that changed.",
        description = {
            "",
            "Shows what you trusted and what the server publishes now, and pins that in its place if you say that it is right."
                    + " Ask the payee another way first: a stranger at its address looks just the same.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            ExitCode.TEXT_0,
            ExitCode.TEXT_1,
            ExitCode.TEXT_2,
            "3:you said no, or a key is another than you gave"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing trust accept https://api.example.com",
            "  farthing trust accept --key Bu3xBwKvgDUm1AsIsU3h5U6nTdGsxUTBk8GGOUn9KPs https://api.example.com"
        })
final class TrustAcceptCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TrustLook look = new TrustLook();

    @Mixin
    private TrustConsent consent = new TrustConsent();

    TrustAcceptCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        look.origin();
        consent.requirePossible(shell);
        try (Payments payments = Payments.open(shell)) {
            OriginPins pins = payments.pins();
            if (pins.of(look.origin()).isEmpty()) {
                throw CommandException.error("you do not trust it yet; see: farthing trust add " + look.origin());
            }
            Sight now = look.published(shell);
            if (look.show(shell, pins, now).isEmpty()) {
                shell.say("it is what you trust already; nothing was changed");
                return ExitCode.SERVED;
            }
            consent.require(shell, now, "Trust " + now.origin() + " as it is now?");
            pins.add(now);
            shell.say(now.origin() + " is trusted as it is now");
            return ExitCode.SERVED;
        }
    }
}
