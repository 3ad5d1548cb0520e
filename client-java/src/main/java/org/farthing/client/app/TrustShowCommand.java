package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.OriginPins.Sight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farthing trust show ORIGIN}. */
@Command(
        name = "show",
        header = "Compare what you trust of a server with what it publishes now.",
        description = {
            "",
            "Shows payee and keys, as they are pinned and as the server's key document has them now. Compare the keys'"
                    + " thumbprints with what the payee told you another way. Changes nothing.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {ExitCode.TEXT_0, ExitCode.TEXT_1, ExitCode.TEXT_2, "3:it is not what it was when you pinned it"
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing trust show https://api.example.com")
final class TrustShowCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private TrustLook look = new TrustLook();

    TrustShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        Sight now = look.published(shell);
        try (Payments payments = Payments.open(shell)) {
            OriginPins pins = payments.pins();
            if (look.show(shell, pins, now).isPresent()) {
                shell.say("If the payee told you so another way: farthing trust accept " + now.origin());
                return ExitCode.DECLINED;
            }
            if (pins.of(now.origin()).isEmpty()) {
                shell.say("To trust it before you pay it: farthing trust add " + now.origin());
            }
            return ExitCode.SERVED;
        }
    }
}
