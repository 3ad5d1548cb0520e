package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet service add URL}. */
@Command(
        name = "add",
        header = "Put a wallet service on your list.",
        description = {
            "",
            "Choose a service as you would choose a bank: it keeps your money, and its word about your money is believed."
                    + " Nobody is asked now; open a wallet there next.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing wallet service add https://wallet.example",
            "  farthing wallet service add --first https://other.example"
        })
final class ServiceAddCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "URL", converter = OriginConverter.class, description = "The wallet service.")
    private @Nullable Origin service;

    @Option(names = "--first", description = "Put it first: use it wherever a seller takes it.")
    private boolean first;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    ServiceAddCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        if (service == null) {
            throw CommandException.usage("say which wallet service");
        }
        loopback.require(service);
        try (Payments payments = Payments.open(shell)) {
            boolean added = payments.purse().services().add(service, first);
            shell.print(service.text());
            if (added) {
                shell.say("on your list now. Open a wallet there, if you have none:  farthing wallet new --at "
                        + service + (service.isHttps() ? "" : " --loopback"));
            }
            return ExitCode.SERVED;
        }
    }
}
