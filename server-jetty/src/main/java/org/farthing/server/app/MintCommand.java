package org.farthing.server.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farthing-server mint}: what an operator does with the keys of a mint and the books of its tokens. */
@Command(
        name = "mint",
        mixinStandardHelpOptions = true,
        description = "Looks after a mint (serve --mint): its keys, how many tokens are out, and what to do if a key is"
                + " stolen.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MintKeysList.class, MintRotate.class, MintStatus.class, MintClose.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server mint keys --dir token-keys",
            "  farthing-server mint rotate --dir token-keys",
            "  farthing-server mint status --store shop.db",
            "  farthing-server mint close --store shop.db --reason \"backup stolen\" KEY",
            "%nA mint makes its keys itself when the server starts, and those of the next 30 days a week ahead. Keep a",
            "copy of their folder where only you can read it: whoever has a key can make money, and a payer whose key",
            "is lost has lost his tokens. A token is sold for 30 days, spent for 60, and changed into a new one for 90."
        })
final class MintCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do: keys, rotate, status or close.");
    }
}
