package org.farthing.server.app;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger}: what an operator does with the books. One class a subcommand. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = "Looks into the books, copies them, and brings them up to this program's version.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LedgerCheck.class,
            LedgerStatement.class,
            LedgerExport.class,
            LedgerReconcile.class,
            LedgerBackup.class,
            LedgerMigrate.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server ledger check --store shop.db",
            "  farthing-server ledger statement --store shop.db w_kPrK_qmxVWaYVA9wwBF6Ig",
            "  farthing-server ledger export --store shop.db --format csv --out transfers.csv",
            "  farthing-server ledger reconcile --store shop.db --from 2026-11-01 --until 2026-12-01 --by day",
            "  farthing-server ledger backup --store shop.db /backup/shop-2026-11-22.db",
            "%nAll but migrate work while a server serves from the store, and change nothing in it: each sees the books of",
            "the moment at which it begins to read. --store stands before or after the command's name."
        })
final class LedgerCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--store",
            paramLabel = "FILE_OR_URL",
            scope = ScopeType.INHERIT,
            description = StoreAddress.WHAT + " Required.")
    private @Nullable StoreAddress store;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Name what to do with the ledger: check, statement, export, reconcile, backup or migrate.");
    }

    /** Where the ledger lies, for a subcommand. */
    StoreAddress address(CommandSpec subcommand) {
        if (store == null) {
            throw new ParameterException(subcommand.commandLine(), "Missing required option: '--store=FILE_OR_URL'");
        }
        return store;
    }

    /** The ledger, for a subcommand. */
    Store store(CommandSpec subcommand) {
        return new Store(address(subcommand), "Stop the server first.");
    }
}
