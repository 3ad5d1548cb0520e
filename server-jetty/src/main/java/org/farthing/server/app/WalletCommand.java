package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Books;
import org.farthing.server.ledger.Statement;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.TopUpResult;
import org.farthing.server.ledger.Transfer;
import org.farthing.server.ledger.Wallet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server wallet}: the operator's view of the wallets. */
@Command(
        name = "wallet",
        mixinStandardHelpOptions = true,
        description = "Tops wallets up and looks at them, as the operator of the ledger.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server wallet list --store shop.db",
            "  farthing-server wallet show --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig",
            "  farthing-server wallet topup --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig 5usd",
            "  farthing-server wallet topup --url http://127.0.0.1:8402 --admin keys/admin.bearer w_kPrK... 5usd"
        })
final class WalletCommand implements Runnable {

    private static final int PAGE = 1000;
    private static final int SHOWN_TRANSFERS = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with wallets: topup, list or show.");
    }

    /** Where a top-up goes: to the file, or through the server that has it open. */
    static final class Where {

        @Option(
                names = "--store",
                paramLabel = "FILE_OR_URL",
                required = true,
                description = StoreAddress.WHAT + " A file must not be in use.")
        private @Nullable StoreAddress store;

        @ArgGroup(exclusive = false)
        private @Nullable Remote remote;

        /** A running server. */
        static final class Remote {

            @Option(names = "--url", paramLabel = "URL", required = true, description = "A running server's origin.")
            private String url = "";

            @Option(
                    names = "--admin",
                    paramLabel = "FILE",
                    required = true,
                    description = "The administrator's bearer: admin.bearer in the server's key folder.")
            private Path admin = Path.of("admin.bearer");
        }
    }

    @Command(
            name = "topup",
            mixinStandardHelpOptions = true,
            description = "Credits a wallet with money you received outside the ledger.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  farthing-server wallet topup --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig 5usd",
                "  farthing-server wallet topup --store shop.db w_kPrK... 5usd --idempotency-key bank-2026-11-22-0007",
                "  farthing-server wallet topup --url https://shop.example --admin keys/admin.bearer w_kPrK... 12.50eur",
                "%nThe same idempotency key moves money once, however often it is used. Money is counted in",
                "millionths (usd.e6); choose another scale with --currency if your prices use one."
            })
    int topUp(
            @ArgGroup(multiplicity = "1") Where where,
            @Parameters(paramLabel = "WALLET", description = "The wallet id: w_ and 22 characters.") String wallet,
            @Parameters(paramLabel = "MONEY", description = "How much, such as 5usd or 0.50usd.") String money,
            @Option(
                            names = "--idempotency-key",
                            paramLabel = "KEY",
                            description =
                                    "This top-up's identity, such as a bank reference. Default: a new random one.")
                    @Nullable
                    String key,
            @Option(names = "--currency", paramLabel = "ID", description = "The currency id; default: usd.e6 for usd.")
                    @Nullable
                    String currency)
            throws IOException {
        Money amount = Shown.money(money);
        CurrencyId counted = currency == null ? Shown.usualCurrency(amount) : currencyId(currency);
        TopUp order = new TopUp(
                wallet,
                counted.text(),
                baseUnits(amount, counted).baseUnits(),
                key == null ? UUID.randomUUID().toString() : key);
        Where.Remote remote = where.remote;
        StoreAddress store = where.store;
        Account after;
        if (remote != null) {
            after = new RemoteLedger(remote.url, AdminBearer.readText(remote.admin)).topUp(order);
        } else if (store != null) {
            after = account(new Store(store).ask(ledger -> ledger.topUp(order)), order, store);
        } else {
            throw new IllegalStateException("picocli demands one of --store and --url");
        }
        out().println(wallet + " has " + Shown.amount(after.available(), after.currency()) + " available ("
                + after.available() + " " + after.currency() + ").");
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all wallets with what they have.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server wallet list --store shop.db")
    int list(
            @Option(names = "--store", paramLabel = "FILE_OR_URL", required = true, description = StoreAddress.WHAT)
                    StoreAddress store) {
        return new Store(store).look(books -> {
            int count = 0;
            List<Wallet> page = join(books, null);
            while (!page.isEmpty()) {
                for (Wallet wallet : page) {
                    out().println(line(books, wallet));
                    count++;
                }
                page = join(books, page.get(page.size() - 1).id());
            }
            out().println(count + (count == 1 ? " wallet." : " wallets."));
            return 0;
        });
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a wallet: status, keys, accounts and its last transfers.",
            footerHeading = "%nExample:%n",
            footer = "  farthing-server wallet show --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig")
    int show(
            @Option(names = "--store", paramLabel = "FILE_OR_URL", required = true, description = StoreAddress.WHAT)
                    StoreAddress store,
            @Parameters(paramLabel = "WALLET", description = "The wallet id.") String id) {
        return new Store(store).look(books -> {
            Optional<Wallet> found = books.wallet(id).toCompletableFuture().join();
            Wallet wallet = found.orElseThrow(() -> noSuchWallet(id, store));
            out().println(line(books, wallet));
            out().println("opened " + wallet.createdAt());
            wallet.keys().forEach(key -> out().println("key    " + key.thumbprint()));
            Statement statement = books.statement(id, null, SHOWN_TRANSFERS)
                    .toCompletableFuture()
                    .join();
            statement.transfers().forEach(transfer -> out().println(line(transfer)));
            if (statement.next() != null) {
                out().println("(the last " + SHOWN_TRANSFERS + " transfers)");
            }
            return 0;
        });
    }

    private static List<Wallet> join(Books books, @Nullable String after) {
        return books.wallets(after, PAGE).toCompletableFuture().join();
    }

    private static String line(Books books, Wallet wallet) {
        StringBuilder line = new StringBuilder(wallet.id()).append("  ").append(wallet.status());
        for (Account account : books.accounts(wallet.id()).toCompletableFuture().join()) {
            line.append("  ").append(Shown.amount(account.available(), account.currency()));
            if (account.held() > 0) {
                line.append(" (+ ")
                        .append(Shown.amount(account.held(), account.currency()))
                        .append(" set aside)");
            }
        }
        return line.toString();
    }

    private static String line(Transfer transfer) {
        return transfer.at() + "  " + transfer.kind() + "  " + Shown.amount(transfer.amount(), transfer.currency())
                + (transfer.challengeId() == null ? "" : "  charge " + transfer.challengeId());
    }

    private static Account account(TopUpResult result, TopUp order, StoreAddress store) {
        if (result instanceof TopUpResult.Credited credited) {
            return credited.account();
        }
        if (result instanceof TopUpResult.Repeated repeated) {
            return repeated.account();
        }
        if (result instanceof TopUpResult.KeyConflict) {
            throw new CommandFailedException("The idempotency key " + order.idempotencyKey()
                    + " was used for another amount or currency; nothing moved.");
        }
        if (result instanceof TopUpResult.TooMuch) {
            throw new CommandFailedException("The wallet would hold more than an amount can say; nothing moved.");
        }
        throw noSuchWallet(order.wallet(), store);
    }

    private static CommandFailedException noSuchWallet(String id, StoreAddress store) {
        return new CommandFailedException(
                "There is no wallet " + id + " in " + store + ". Its owner opens it, with: farthing wallet new");
    }

    private static CurrencyId currencyId(String text) {
        try {
            return CurrencyId.parse(text, "--currency");
        } catch (MalformedException e) {
            throw new CommandFailedException(text + " is no currency id; write one like usd.e6.", e);
        }
    }

    private static Amount baseUnits(Money money, CurrencyId currency) {
        try {
            return money.toAmount(currency);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new CommandFailedException(
                    money.format() + " cannot be counted exactly in " + currency.text() + ".", e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
