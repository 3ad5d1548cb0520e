package org.farthing.client.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.protocol.binding.Origin;
import picocli.CommandLine.Command;

/** {@code farthing wallet service list}. */
@Command(
        name = "list",
        header = "List the wallet services that you pay through.",
        description = {"", "The most wanted first. Nobody is asked; only services on this list are ever contacted.", ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet service list")
final class ServiceListCommand implements Callable<Integer> {

    private final Shell shell;

    ServiceListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            List<Origin> services = payments.purse().services().list();
            services.forEach(service -> shell.print(service.text()));
            if (services.isEmpty()) {
                shell.say("no wallet service; add one with: farthing wallet service add URL");
            }
            return ExitCode.SERVED;
        }
    }
}
