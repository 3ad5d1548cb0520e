package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.wallet.Wallet;
import org.farthing.client.wallet.WalletApi;
import org.farthing.client.wallet.WalletRefusedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.LimitChange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet limit ORIGIN [MONEY]}. */
@Command(
        name = "limit",
        sortOptions = false,
        header = "Show or set what a wallet may spend in a day.",
        description = {
            "",
            "The wallet service itself keeps this limit, whoever has your keys. You may lower it at any time; to raise or"
                    + " remove it takes the recovery key, which a thief of your home folder does not have.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing wallet limit https://wallet.example",
            "  farthing wallet limit https://wallet.example 1usd",
            "  farthing wallet limit https://wallet.example 20usd --recovery-file /media/key/farthing.json"
        })
final class WalletLimitCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "The wallet service.")
    private @Nullable Origin origin;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "The most per day (UTC), such as 5usd.")
    private @Nullable Money money;

    @Option(names = "--none", paramLabel = "CURRENCY", description = "Remove the limit of this currency, such as usd.")
    private @Nullable String none;

    @Mixin
    private RecoveryOption recovery = new RecoveryOption();

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletLimitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        if (origin == null || (money != null && none != null)) {
            throw CommandException.usage("say which wallet service, and one limit at most");
        }
        loopback.require(origin);
        try (Payments payments = Payments.open(shell)) {
            WalletApi wallets = loopback.wallets(shell, payments.purse());
            LimitChange change = change();
            Wallet wallet = change == null
                    ? wallets.wallet(origin)
                    : set(wallets, origin, change, recovery.key(payments.purse(), origin));
            new WalletLines(shell).limits(wallet);
            return ExitCode.SERVED;
        }
    }

    private static Wallet set(WalletApi wallets, Origin origin, LimitChange change, @Nullable SigningKey recovery)
            throws IOException, InterruptedException, CommandException {
        try {
            return wallets.limit(origin, change, recovery);
        } catch (WalletRefusedException e) {
            if (recovery == null && e.status() == 403) {
                throw CommandException.error(
                        "the wallet service lowers a limit only; to raise or remove it:" + " --recovery-file FILE");
            }
            throw e;
        }
    }

    private @Nullable LimitChange change() throws CommandException {
        if (money == null && none == null) {
            return null;
        }
        try {
            return money == null ? new LimitChange(String.valueOf(none), null) : new LimitChange(money.code(), money);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--none takes a currency such as usd");
        }
    }
}
