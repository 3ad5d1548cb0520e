package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.farthing.protocol.MalformedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a purchase from start to end on this machine: a server that sells documents, a program that buys some"
                    + " within a budget, the receipt, and the books that balance. Ends with 1 if anything is not right.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server demo                 a few seconds, and nothing is left behind",
            "  farthing-server demo --via-wallet    and the same document again, paid at a wallet service",
            "  farthing-server demo --tokens        and one paid with blind tokens: nobody learns who pays",
            "  farthing-server demo --serve         the server stays for you to play with, and so do the others"
        })
final class DemoCommand implements Callable<Integer> {

    private static final int USUAL_PORT = 8402;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--serve", description = "Leave the server running on 127.0.0.1, and print lines to try.")
    private boolean serve;

    @Option(
            names = "--via-wallet",
            description = "Also start a wallet service, at an origin of its own on the next port, and show the same"
                    + " purchase paid there.")
    private boolean viaWallet;

    @Option(
            names = "--tokens",
            description =
                    "Also start a mint, at an origin of its own on the next port but one; buy blind tokens there and"
                            + " pay the shop with them, without saying who pays.")
    private boolean tokens;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port on 127.0.0.1. Default: " + USUAL_PORT
                    + " with --serve, else any free one; 0 for any free one.")
    private @Nullable Integer port;

    @Option(
            names = "--store",
            paramLabel = "FILE",
            description =
                    "Keep the ledger in this file, and keys and wallet in FILE.demo beside it. Default: a temporary"
                            + " folder, removed at the end.")
    private @Nullable Path store;

    private final InstantSource clock;

    DemoCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, MalformedException {
        // The story is told on standard output; the server's own log speaks up only if something is wrong.
        System.setProperty("farthing.log.level", System.getProperty("farthing.log.level", "WARN"));
        int chosen = port != null ? port : serve ? USUAL_PORT : 0;
        new Demo(spec.commandLine().getOut(), clock).run(chosen, store, new Demo.Scenes(serve, viaWallet, tokens));
        return 0;
    }
}
