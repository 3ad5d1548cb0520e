package org.farthing.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farthing-server mint rotate}: makes the next keys before the mint does it itself. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description =
                "Makes the keys that come after the newest ones, with the same values and lengths of time. A mint does"
                        + " this itself a week ahead; do it by hand when a key was closed, or to copy the folder to several servers.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  farthing-server mint rotate --dir token-keys          sold when the newest keys are not any more",
            "  farthing-server mint rotate --dir token-keys --now    sold at once, beside the others",
            "%nA running mint publishes new keys within half a minute. Those who buy before all others took the new keys",
            "are few, and so easier to guess: use --now only if a key was closed."
        })
final class MintRotate implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MintKeyFolder folder = new MintKeyFolder();

    @Option(names = "--now", description = "They are sold at once, not after the newest ones.")
    private boolean now;

    private final InstantSource clock;

    MintRotate(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<MintKey> keys = folder.keys();
        Instant time = clock.instant();
        PublishedKey newest = keys.get(keys.size() - 1).published();
        if (!now && newest.notBefore().isAfter(time)) {
            out.println("The next keys are there already, to be sold from " + newest.notBefore() + " on.");
            return 0;
        }
        boolean over = !newest.notAfter().isAfter(time);
        Instant begin = now || over ? time.truncatedTo(ChronoUnit.SECONDS) : newest.notAfter();
        for (PublishedKey made : make(folder.files(), keys, newest.notBefore(), begin)) {
            out.println(MintKeysList.line(made, time));
        }
        out.println("A running mint publishes them within half a minute.");
        return 0;
    }

    /** One key for each value of the newest epoch, moved to another begin. What is there already is not made again. */
    private static List<PublishedKey> make(MintKeyFiles files, List<MintKey> keys, Instant newest, Instant begin)
            throws IOException {
        Set<Integer> lastBytes = files.lastBytes();
        SecureRandom random = new SecureRandom();
        for (MintKey like : keys) {
            if (like.published().notBefore().equals(newest)) {
                TokenSecretKey secret = TokenSecretKey.generate(random);
                while (!lastBytes.add(secret.publicKey().truncatedId())) {
                    secret = TokenSecretKey.generate(random);
                }
                var unused = files.add(new MintKey(secret, moved(like.published(), secret, begin)));
            }
        }
        return files.read().stream()
                .map(MintKey::published)
                .filter(key -> key.notBefore().equals(begin))
                .sorted(MintKeyFolder.BY_BEGIN_AND_VALUE)
                .toList();
    }

    private static PublishedKey moved(PublishedKey key, TokenSecretKey secret, Instant begin) {
        Duration by = Duration.between(key.notBefore(), begin);
        return new PublishedKey(
                secret.publicKey(),
                key.value(),
                key.currency(),
                begin,
                key.notAfter().plus(by),
                key.spendUntil().plus(by),
                key.redeemUntil().plus(by),
                key.swapUntil().plus(by));
    }
}
