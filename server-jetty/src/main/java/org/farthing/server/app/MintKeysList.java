package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.farthing.protocol.Money;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code farthing-server mint keys}: which keys the folder has, and what each is good for now. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description =
                "Lists the token keys of a folder: value, what they are good for now, deadlines. No secret is printed.",
        footerHeading = "%nExample:%n",
        footer = "  farthing-server mint keys --dir token-keys")
final class MintKeysList implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MintKeyFolder folder = new MintKeyFolder();

    private final InstantSource clock;

    MintKeysList(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (MintKey key : folder.keys()) {
            out.println(line(key.published(), clock.instant()));
        }
        return 0;
    }

    static String line(PublishedKey key, Instant now) {
        return String.format(
                "%-14s  %-32s  %s",
                Money.of(key.value(), key.currency()).format(),
                stage(key, now),
                key.key().keyId());
    }

    private static String stage(PublishedKey key, Instant now) {
        if (now.isBefore(key.notBefore())) {
            return "sold from " + key.notBefore();
        }
        if (key.sellableAt(now)) {
            return "sold until " + key.notAfter();
        }
        if (key.spendableAt(now)) {
            return "taken until " + key.spendUntil();
        }
        return key.swappableAt(now) ? "changed until " + key.swapUntil() : "over";
    }
}
