package org.farthing.client.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.RecoveryKey;
import org.farthing.client.wallet.Opening;
import org.farthing.client.wallet.Wallet;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farthing wallet new [--at ORIGIN]}. */
@Command(
        name = "new",
        sortOptions = false,
        header = "Make your keys, and open a wallet.",
        description = {
            "",
            "Makes the secret that all your keys come from, unless the home folder has one. With --at, opens a wallet at"
                    + " that server: it learns a public key and nothing else of you. Doing it twice changes nothing.",
            "",
            "A wallet at a service of your list (farthing wallet service add) gets two safeguards. A limit per day, of 5 usd"
                    + " and 5 eur unless you say another: it holds even if your keys are stolen. And a recovery key, in a"
                    + " file of its own: it raises the limit, thaws a frozen wallet, and gets the wallet back if your keys"
                    + " are lost. Move that file to another place than this computer.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing wallet new --at https://api.example.com",
            "  farthing wallet new --home ~/purse",
            "  farthing wallet new --at https://wallet.example --daily-limit 1usd",
            "  farthing wallet new --at https://wallet.example --recovery-file /media/key/farthing.json"
        })
final class WalletNewCommand implements Callable<Integer> {

    private static final List<String> USUAL_LIMITS = List.of("5usd", "5eur");

    private final Shell shell;

    @Option(
            names = "--at",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "Open a wallet at this server.")
    private @Nullable Origin at;

    @Option(
            names = "--daily-limit",
            paramLabel = "MONEY",
            description =
                    "The most the wallet may spend in a day (UTC), such as 1usd; 'none' for no limit. May be repeated,"
                            + " once for each currency.")
    private List<String> limits = new ArrayList<>();

    @Option(
            names = "--recovery-file",
            paramLabel = "FILE",
            description = "Where the recovery key goes, instead of farthing-recovery-HOST.json beside the home folder.")
    private @Nullable Path recoveryFile;

    @Mixin
    private LoopbackOption loopback = new LoopbackOption();

    WalletNewCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        boolean fresh = !Payments.hasPurse(shell);
        if (!fresh && at == null) {
            throw CommandException.error("there are keys in " + shell.home()
                    + " already; they were left as they are. To open a wallet at a server: --at ORIGIN");
        }
        if (at == null && (recoveryFile != null || !limits.isEmpty())) {
            throw CommandException.usage("limits and recovery keys belong to a wallet somewhere: --at ORIGIN");
        }
        if (at != null) {
            loopback.require(at);
        }
        List<Money> daily = dailyLimits(limits.isEmpty() ? USUAL_LIMITS : limits);
        Purse purse = fresh ? Purse.create(shell.home(), new SecureRandom()) : Purse.open(shell.home());
        if (fresh) {
            shell.say("made your keys in " + shell.home() + "; keep a copy of purse.json where nobody else finds it");
        }
        if (at != null) {
            open(purse, at, daily);
        }
        return ExitCode.SERVED;
    }

    private void open(Purse purse, Origin origin, List<Money> daily)
            throws IOException, InterruptedException, CommandException {
        WalletApi wallets = loopback.wallets(shell, purse);
        boolean guarded = recoveryFile != null
                || !limits.isEmpty()
                || purse.services().list().contains(origin);
        Wallet wallet = guarded ? openGuarded(purse, origin, wallets, daily) : wallets.register(origin);
        shell.print(wallet.id() + "  " + origin);
        if (wallet.accounts().isEmpty()) {
            shell.say("The wallet is open and empty. Fill it the way the server says; it knows it by this id.");
        }
    }

    /** The file comes first: a wallet whose recovery key was lost in a crash could never be recovered. */
    private Wallet openGuarded(Purse purse, Origin origin, WalletApi wallets, List<Money> daily)
            throws IOException, InterruptedException {
        Path file = recoveryFile == null ? usualFile(origin) : recoveryFile;
        boolean made = !Files.exists(file);
        RecoveryKey recovery =
                made ? RecoveryKey.create(file, purse, origin, new SecureRandom()) : RecoveryKey.open(file);
        if (!recovery.service().equals(origin) || !recovery.wallet().equals(purse.walletId(origin))) {
            throw new IOException(file + " is the recovery key of another wallet; it was left as it is. Name another"
                    + " file: --recovery-file FILE");
        }
        Wallet wallet = wallets.register(origin, new Opening(recovery.key().publicKey(), daily));
        if (recovery.key().publicKey().thumbprint().equals(wallet.recovery())) {
            shell.say("The wallet's recovery key is in " + file + ".");
            shell.say(
                    "  MOVE IT to another place, such as a stick in a drawer. Whoever has it and your keys has the wallet;"
                            + " without it, lost keys are lost money.");
        } else {
            if (made) {
                Files.delete(file);
            }
            shell.say(
                    wallet.recovery() == null
                            ? "The server gave this wallet no recovery key: it was opened before without one, or has none at all."
                            : "This wallet was opened before, with another recovery key; that one counts.");
        }
        new WalletLines(shell).sayLimits(wallet);
        return wallet;
    }

    private Path usualFile(Origin origin) {
        String name = origin.text().replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
        return shell.home().toAbsolutePath().normalize().resolveSibling("farthing-recovery-" + name + ".json");
    }

    private static List<Money> dailyLimits(List<String> texts) throws CommandException {
        List<Money> money = new ArrayList<>();
        for (String text : texts) {
            if (text.equals("none") && texts.size() == 1) {
                return money;
            }
            try {
                money.add(Money.parse(text));
            } catch (MalformedException e) {
                throw CommandException.usage("--daily-limit takes money such as 1usd, or none");
            }
        }
        if (money.stream().map(Money::code).distinct().count() != money.size()) {
            throw CommandException.usage("one --daily-limit for each currency");
        }
        return money;
    }
}
