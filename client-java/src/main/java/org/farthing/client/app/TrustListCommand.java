package org.farthing.client.app;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.client.trust.TrustMode;
import org.farthing.protocol.binding.Origin;
import picocli.CommandLine.Command;

/** {@code farthing trust list}. */
@Command(
        name = "list",
        header = "List the payees that you trust.",
        description = {"", "One line each: how many keys, and since when. Nobody is asked.", ""},
        footerHeading = "%nExample:%n",
        footer = "  farthing trust list")
final class TrustListCommand implements Callable<Integer> {

    private final Shell shell;

    TrustListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            OriginPins pins = payments.pins();
            Map<Origin, Pin> all = pins.all();
            TrustLines lines = new TrustLines(shell);
            all.forEach(lines::line);
            boolean listedOnly = pins.mode() == TrustMode.LISTED_ONLY;
            if (all.isEmpty()) {
                shell.say(
                        listedOnly
                                ? "nobody yet; to trust a payee: farthing trust add ORIGIN"
                                : "nobody yet; a payee is trusted when it is first paid, or with: farthing trust add ORIGIN");
            }
            if (listedOnly) {
                shell.say("Only these are paid. To change that: farthing trust mode first-use");
            }
            return ExitCode.SERVED;
        }
    }
}
