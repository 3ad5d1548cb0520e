package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PayeeRegistration;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.farthing.server.keys.AdminBearer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server payee}: whom a wallet service makes payments to. */
@Command(
        name = "payee",
        mixinStandardHelpOptions = true,
        description = "Says whom a running wallet service makes payments to.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server payee add --url http://127.0.0.1:8403 --admin service-keys/admin.bearer \\",
            "      https://shop.example",
            "  farthing-server payee freeze --url http://127.0.0.1:8403 --admin service-keys/admin.bearer \\",
            "      https://shop.example"
        })
final class PayeeCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with payees: add, freeze, unfreeze or list.");
    }

    /** The running service. */
    static final class Service {

        @Option(names = "--url", paramLabel = "URL", required = true, description = "The running service's origin.")
        private String url = "";

        @Option(
                names = "--admin",
                paramLabel = "FILE",
                required = true,
                description = "The administrator's bearer: admin.bearer in the service's key folder.")
        private Path admin = Path.of("admin.bearer");

        RemotePayees payees() throws IOException {
            return new RemotePayees(new AdminCalls(url, AdminBearer.readText(admin)));
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Registers a payee, or reads its keys again. A new one must be up: its keys are fetched.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server payee add --url URL --admin FILE https://shop.example",
                "  farthing-server payee add --url URL --admin FILE --deferred https://shop.example",
                "%nA payee that was frozen stays frozen until: farthing-server payee unfreeze"
            })
    int add(
            @Mixin Service service,
            @Option(
                            names = "--deferred",
                            description = "It may collect within a day after a receipt expired, not within an hour.")
                    boolean deferred,
            @Parameters(paramLabel = "ORIGIN", description = "The payee, such as https://shop.example.") String origin)
            throws IOException {
        RemotePayees payees = service.payees();
        Origin payee = origin(origin);
        boolean frozen = payees.all().stream()
                .map(RegisteredPayee::registration)
                .anyMatch(known -> known.origin().equals(payee) && known.frozen());
        print(payees.put(new PayeeRegistration(payee, deferred, frozen)));
        return 0;
    }

    @Command(
            name = "freeze",
            mixinStandardHelpOptions = true,
            description = "Makes no new payments to a payee; it still collects and refunds what was paid before.",
            footerHeading = "%nExample:%n",
            footer = {
                "  farthing-server payee freeze --url URL --admin FILE https://shop.example",
                "%nFor a payee whose keys were stolen, until it has published the theft."
            })
    int freeze(@Mixin Service service, @Parameters(paramLabel = "ORIGIN", description = "The payee.") String origin)
            throws IOException {
        return setFrozen(service, origin, true);
    }

    @Command(
            name = "unfreeze",
            mixinStandardHelpOptions = true,
            description = "Makes payments to a payee again.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server payee unfreeze --url URL --admin FILE https://shop.example")
    int unfreeze(@Mixin Service service, @Parameters(paramLabel = "ORIGIN", description = "The payee.") String origin)
            throws IOException {
        return setFrozen(service, origin, false);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the registered payees with their keys.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server payee list --url http://127.0.0.1:8403 --admin service-keys/admin.bearer")
    int list(@Mixin Service service) throws IOException {
        List<RegisteredPayee> all = service.payees().all();
        all.forEach(this::print);
        out().println(all.size() + (all.size() == 1 ? " payee." : " payees."));
        return 0;
    }

    private int setFrozen(Service service, String text, boolean frozen) throws IOException {
        RemotePayees payees = service.payees();
        Origin origin = origin(text);
        PayeeRegistration known = payees.all().stream()
                .map(RegisteredPayee::registration)
                .filter(payee -> payee.origin().equals(origin))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "There is no payee " + origin + " (see: farthing-server payee list). Nothing changed."));
        print(payees.put(new PayeeRegistration(origin, known.deferred(), frozen)));
        return 0;
    }

    private Origin origin(String text) {
        try {
            return Origin.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (MalformedException e) {
            throw new ParameterException(
                    spec.commandLine(), "A payee is https://host or https://host:port, not " + text + ".");
        }
    }

    private void print(RegisteredPayee payee) {
        PayeeRegistration registration = payee.registration();
        out().println(registration.origin() + "  " + (registration.frozen() ? "FROZEN" : "ACTIVE") + "  "
                + (registration.deferred() ? "deferred" : "prompt") + "  "
                + (payee.keys().isEmpty()
                        ? "no keys fetched yet"
                        : "keys of " + payee.fetched() + ": " + String.join(" ", payee.keys())));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
