package org.farthing.server.app;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farthing-server mint close}: stops a key that somebody else has. */
@Command(
        name = "close",
        mixinStandardHelpOptions = true,
        preprocessor = HyphenatedId.Alone.class,
        description =
                "Closes a token key for good: nothing of it is sold, taken or changed any more, by any server with"
                        + " these books. Who bought its tokens gets others for them (farthing tokens recall) until they would have"
                        + " ended, but what payees with books of their own took and have not presented yet is lost to them: do it"
                        + " only if the key is stolen.",
        footerHeading = "%nExample:%n",
        footer = {
            "  farthing-server mint close --store shop.db --reason \"backup stolen\" KEY",
            "%nKEY is what mint status and mint keys show. With a PostgreSQL store, servers go on running and notice it",
            "within a minute; a store that is a file must not be in use."
        })
final class MintClose implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--store", paramLabel = "FILE_OR_URL", required = true, description = StoreAddress.WHAT)
    private @Nullable StoreAddress store;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for the books.")
    private String reason = "";

    @Parameters(paramLabel = "KEY", description = "The key, as mint status shows it.")
    private String key = "";

    @Override
    public Integer call() {
        if (store == null) {
            throw new IllegalStateException("picocli requires --store");
        }
        boolean known = new Store(store, "Stop the server first.")
                .ask(ledger -> ledger.tokens().closeKey(key, reason));
        if (!known) {
            throw new CommandFailedException("These books know no token key " + Shown.line(key)
                    + ". See: farthing-server mint status --store " + store);
        }
        spec.commandLine()
                .getOut()
                .println("Closed " + key
                        + ". What its tokens were worth stays in the account of the mint, for who bought them:"
                        + " farthing tokens recall gets them others.");
        return 0;
    }
}
