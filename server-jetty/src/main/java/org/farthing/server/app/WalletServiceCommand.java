package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Payee;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server wallet-service}: holds money for payers and vouches for it, until it is stopped. */
@Command(
        name = "wallet-service",
        mixinStandardHelpOptions = true,
        description =
                "Runs a wallet service: payers keep money here and pay many payees from it; a payee serves against the"
                        + " service's signed receipt and collects later.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server keys init --wallet-service --dir service-keys",
            "  farthing-server wallet-service --keys service-keys --store wallets.db --port 8403 \\",
            "      --payee http://127.0.0.1:8402",
            "  farthing-server wallet-service --keys service-keys --store wallets.db --port 8403 \\",
            "      --origin https://wallet.example --payee https://shop.example --daily-limit 5usd",
            "%nIt makes payments to registered payees only: those named here, and those that farthing-server payee add",
            "registers while it runs. A payee accepts its receipts when it is started with this service's origin.",
            "It listens on 127.0.0.1 and speaks plain http there. For the world, put a TLS proxy in front on the",
            "same machine and name its origin with --origin. The origin must never change: orders and receipts name it."
        })
final class WalletServiceCommand implements Runnable {

    private static final int SHOWN_PAYEES = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--store",
            paramLabel = "FILE_OR_URL",
            required = true,
            description = StoreAddress.WHAT + " Made if there is none. Keep it: it is the money.")
    private StoreAddress store = StoreAddress.of(Path.of("wallets.db"));

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8403",
            description = "The port, 0 for any free one (default: 8403).")
    private int port;

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            defaultValue = "farthing-service-keys",
            description = "The key folder, made with keys init --wallet-service (default: ${DEFAULT-VALUE}).")
    private Path keys = Path.of("farthing-service-keys");

    @Option(
            names = "--payee",
            paramLabel = "ORIGIN",
            description =
                    "Whom payments are made to, such as https://shop.example. Repeat it. Its keys are fetched from"
                            + " there when they are needed.")
    private List<String> payees = new ArrayList<>();

    @Option(
            names = "--daily-limit",
            paramLabel = "MONEY",
            description = "What a new wallet may spend in a day, such as 5usd, unless its owner opens it with another"
                    + " limit. The wallet's recovery key alone raises it later.")
    private @Nullable String dailyLimit;

    @Option(
            names = "--top-up-page",
            paramLabel = "URL",
            description = "Where a person tops up a wallet; told to payers whose money does not suffice.")
    private @Nullable String topUpPage;

    @Override
    public void run() {
        try (RunningWalletService service = RunningWalletService.open(config())) {
            Thread closer = new Thread(service::close, "farthing-stop");
            Runtime.getRuntime().addShutdownHook(closer);
            introduce(service);
            service.join();
        } catch (IOException e) {
            throw new CommandFailedException(Sentence.of(e), e);
        } catch (InterruptedException e) {
            // Asked to stop: the service closes on the way out.
            Thread.currentThread().interrupt();
        }
    }

    private WalletServiceConfig config() {
        List<Origin> named = new ArrayList<>();
        for (String payee : payees) {
            named.add(listen.origin("--payee", payee));
        }
        return new WalletServiceConfig(
                store,
                KeyFiles.in(keys),
                listen.at(port),
                named,
                Optional.ofNullable(dailyLimit).map(Shown::money),
                Optional.ofNullable(topUpPage),
                InstantSource.system());
    }

    private void introduce(RunningWalletService service) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wallet service " + service.origin() + ", ledger " + store + ".");
        List<Payee> known = service.ledger()
                .payees()
                .list(null, SHOWN_PAYEES + 1)
                .toCompletableFuture()
                .join();
        if (known.isEmpty()) {
            out.println("No payee is registered yet, so nothing can be paid.");
        } else {
            out.println("Payments are made to:");
        }
        known.stream()
                .limit(SHOWN_PAYEES)
                .forEach(payee -> out.println("  " + payee.origin()
                        + (payee.status() == Payee.Status.FROZEN ? "  FROZEN" : "")
                        + (payee.deferred() ? "  deferred" : "")));
        if (known.size() > SHOWN_PAYEES) {
            out.println("  and more: farthing-server payee list");
        }
        String admin = " --url " + service.origin() + " --admin " + keys.resolve("admin.bearer");
        out.println("Next:");
        out.println("  farthing-server payee add" + admin + " https://shop.example");
        out.println("  farthing-server wallet topup" + admin + " WALLET 5usd");
        if (!service.origin().isHttps()) {
            out.println(
                    "This is development on this machine. For the world: a TLS proxy in front, and --origin https://...");
        }
        out.println("Stop it with Ctrl-C.");
        out.println("ready " + service.local() + "/");
        out.flush();
    }
}
