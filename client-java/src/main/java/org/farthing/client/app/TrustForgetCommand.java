package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code farthing trust forget ORIGIN}. */
@Command(
        name = "forget",
        header = "Forget what you trust of a payee.",
        description = {
            "",
            "Its next payment trusts whatever it is then; or it is not paid any more, where only trusted payees are. The server"
                    + " is not asked.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing trust forget https://api.example.com")
final class TrustForgetCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "ORIGIN", converter = OriginConverter.class, description = "The server, as https://host.")
    private @Nullable Origin origin;

    TrustForgetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        if (origin == null) {
            throw CommandException.usage("say which server");
        }
        try (Payments payments = Payments.open(shell)) {
            if (!payments.pins().forget(origin)) {
                throw CommandException.error(origin + " is not on your list; see: farthing trust list");
            }
            shell.say(origin + " is forgotten");
            return ExitCode.SERVED;
        }
    }
}
