package org.farthing.server.app;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.farthing.server.ledger.CheckReport;
import org.farthing.server.ledger.PostgresUrl;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.StoreCopy;
import org.farthing.server.ledger.StoreRefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code farthing-server ledger backup}: a copy of the books, while the server serves. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the books as they are at one moment, also while a server serves from them, and checks the"
                + " copy.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the copy is written and its books are sound",
            "1:failed; standard error says why, and there is no copy",
            "2:wrong use of the command line",
            "4:the copy is written and whole, but its books, and so yours, are NOT sound"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server ledger backup --store shop.db /backup/shop-2026-11-22.db",
            "  farthing-server ledger backup --store shop.db --no-check /backup/shop-2026-11-22.db",
            "%nThe copy is one file, synced to the disk, readable by its owner only. It is a store like any other: to go",
            "back to it, stop the server and start it with --store naming the copy. What was paid since is not in it, so",
            "go back only when the newer books are lost, and keep whatever is left of them.",
            "Do not copy the file of a running server with cp: what it committed last is in another file.",
            "PostgreSQL is copied with pg_dump; for a jdbc:postgresql: store this command says how."
        })
final class LedgerBackup implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private LedgerCommand ledger = new LedgerCommand();

    @Parameters(paramLabel = "TARGET", description = "The copy: a file that does not exist.")
    private Path target = Path.of("copy.db");

    @Option(names = "--no-check", description = "Leave out the check of the copy's books, which reads all of them.")
    private boolean unchecked;

    @Override
    public Integer call() {
        StoreAddress address = ledger.address(spec);
        address.url().ifPresent(this::refuse);
        Path file = address.file().orElseThrow();
        if (!Files.isRegularFile(file)) {
            throw new CommandFailedException("There is no store " + file + ", so there is nothing to copy.");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        StoreCopy copy = new Patience(err)
                .await(
                        CompletableFuture.supplyAsync(() -> SqliteLedger.backup(file, target)),
                        () -> "Copying; " + size(target.resolveSibling(target.getFileName() + ".part")) + " of about "
                                + size(file) + " are written.");
        out.println(file + " is copied to " + copy.file() + ": " + mebibytes(copy.bytes()) + ", schema version "
                + copy.version() + ". SQLite finds it whole.");
        if (unchecked) {
            out.println("Its books were not checked: farthing-server ledger check --store " + copy.file());
            return 0;
        }
        return check(out, err);
    }

    /** PostgreSQL has its own way, which knows more than this program could. */
    private void refuse(PostgresUrl url) {
        List<String> words = new ArrayList<>(List.of("pg_dump", "--format=custom"));
        url.schema().ifPresent(schema -> words.add("--schema=" + schema));
        words.add("--file=" + target);
        words.addAll(url.clientOptions());
        String command = words.stream()
                .map(word -> word.matches("[-=A-Za-z0-9_./:]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        throw new CommandFailedException(
                "PostgreSQL copies its databases itself, also while servers serve: " + command);
    }

    private int check(PrintWriter out, PrintWriter err) {
        try {
            CheckReport report = new Store(StoreAddress.of(target)).look(books -> LedgerCheck.run(books, err));
            LedgerCheck.print(out, report);
            return report.sound() ? 0 : LedgerCheck.NOT_SOUND;
        } catch (StoreRefusedException e) {
            // Copied before it is migrated, which is when a copy is wanted most.
            out.println("Its books were not checked. " + e.getMessage());
            return 0;
        }
    }

    private static String size(Path file) {
        return mebibytes(file.toFile().length());
    }

    private static String mebibytes(long bytes) {
        long tenths = Math.round(bytes / 104857.6);
        return tenths < 10 ? bytes + " bytes" : tenths / 10 + "." + tenths % 10 + " MiB";
    }
}
