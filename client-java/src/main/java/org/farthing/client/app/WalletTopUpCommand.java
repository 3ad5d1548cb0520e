package org.farthing.client.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.wallet.Account;
import org.farthing.client.wallet.WalletRefusedException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing wallet topup ORIGIN MONEY --admin FILE}. */
@Command(
        name = "topup",
        sortOptions = false,
        header = "Fill your wallet at a server that is yours.",
        description = {
            "",
            "For demos and own servers: needs the server's administrator file. At anybody else's server, its operator fills"
                    + " your wallet when you have paid.",
            ""
        },
        footerHeading = "%nExample:%n",
        footer = "  farthing wallet topup https://api.example.com 5usd --admin keys/admin.bearer")
final class WalletTopUpCommand implements Callable<Integer> {

    private static final int MOST_BYTES = 4096;
    private static final int KEY_BYTES = 16;

    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "The server with the wallet.")
    private @Nullable Origin origin;

    @Parameters(
            index = "1",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "How much, such as 5usd.")
    private @Nullable Money money;

    @Option(
            names = "--admin",
            paramLabel = "FILE",
            required = true,
            description = "The file with the server's administrator secret. It is sent, and kept nowhere.")
    private @Nullable Path admin;

    @Option(
            names = "--currency",
            paramLabel = "ID",
            description = "The currency id of the account. Default: millionths, such as usd.e6.")
    private @Nullable String currency;

    @Option(
            names = "--key",
            paramLabel = "TEXT",
            description = "Name of this top-up; the same name fills the wallet once, however often it is sent.")
    private @Nullable String key;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletTopUpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        if (origin == null || money == null || admin == null) {
            throw CommandException.usage("say which server, how much, and --admin FILE");
        }
        loopback.require(origin);
        CurrencyId id = currencyId(money);
        Amount amount = amount(money, id);
        String name = key == null ? newKey() : key;
        String secret = new String(OwnerOnly.read(admin, MOST_BYTES), StandardCharsets.US_ASCII).strip();
        try (Payments payments = Payments.open(shell)) {
            Account account = loopback.wallets(shell, payments.purse()).topUp(origin, id, amount, name, secret);
            shell.print("available  "
                    + Money.of(account.available(), account.currency()).format());
            return ExitCode.SERVED;
        } catch (WalletRefusedException e) {
            throw e;
        } catch (IOException e) {
            throw CommandException.error(
                    Sentence.of(e) + "; if it is not clear whether the money arrived, repeat it with" + " --key " + name
                            + " and it arrives once");
        }
    }

    private CurrencyId currencyId(Money amount) throws CommandException {
        String usual = amount.code().startsWith("unit:") ? amount.code() : amount.code() + ".e6";
        try {
            return CurrencyId.parse(currency == null ? usual : currency, "--currency");
        } catch (MalformedException e) {
            throw CommandException.usage("--currency takes a currency id such as usd.e6");
        }
    }

    private static Amount amount(Money money, CurrencyId id) throws CommandException {
        try {
            return money.toAmount(id);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw CommandException.usage(money.format() + " cannot be written in " + id.text());
        }
    }

    private static String newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64Url.encode(bytes);
    }
}
