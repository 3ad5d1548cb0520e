package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet service remove URL}. */
@Command(
        name = "remove",
        header = "Take a wallet service off your list.",
        description = {
            "",
            "From now on nothing is paid through it, and it is not contacted, not even about payments that are open. Your"
                    + " wallet there stays as it is.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet service remove https://wallet.example")
final class ServiceRemoveCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "URL", converter = OriginConverter.class, description = "The wallet service.")
    private @Nullable Origin service;

    ServiceRemoveCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        if (service == null) {
            throw CommandException.usage("say which wallet service");
        }
        try (Payments payments = Payments.open(shell)) {
            if (!payments.purse().services().remove(service)) {
                throw CommandException.error(service + " is not on your list; see: farthing wallet service list");
            }
            Origin gone = service;
            long open = payments.journal().entries().stream()
                    .filter(entry -> entry.state().isOpen() && gone.equals(entry.service()))
                    .count();
            if (open > 0) {
                shell.say(open + " open payments need it to be finished; add it again for: farthing journal resume");
            }
            return ExitCode.SERVED;
        }
    }
}
