package org.farthing.server.app;

import java.util.concurrent.Callable;
import org.farthing.server.ledger.SchemaChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger migrate}: brings a store to this program's version. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Brings the tables of the books to this program's version, in one step or not at all.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the store has this program's version now",
            "1:failed, and nothing was changed; standard error says why",
            "2:wrong use of the command line"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing-server ledger backup --store shop.db shop-before.db",
            "  farthing-server ledger migrate --store shop.db",
            "%nStop the server first. A server does the same by itself when it starts; commands that only look into the",
            "books never do. An older program refuses the store afterwards."
        })
final class LedgerMigrate implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Override
    public Integer call() {
        StoreAddress address = ledger.address(spec);
        SchemaChange change = ledger.store(spec).migrate();
        spec.commandLine()
                .getOut()
                .println(
                        change.from() == change.to()
                                ? address + " has schema version " + change.to() + " already; nothing was changed."
                                : address + " is brought from schema version " + change.from() + " to " + change.to()
                                        + ".");
        return 0;
    }
}
