package org.farthing.client.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.concurrent.ForkJoinPool;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.trust.OriginPins;

/** Purse and journal of the home folder; or throw-away ones, to look at prices before there is a home. */
final class Payments implements AutoCloseable {

    private final Shell shell;
    private final Purse purse;
    private final boolean throwAway;

    private Payments(Shell shell, Purse purse, boolean throwAway) {
        this.shell = shell;
        this.purse = purse;
        this.throwAway = throwAway;
    }

    static boolean hasPurse(Shell shell) {
        return Files.exists(shell.home().resolve("purse.json"));
    }

    static Payments open(Shell shell) throws IOException, CommandException {
        if (!hasPurse(shell)) {
            throw CommandException.error(
                    "there are no keys in " + shell.home() + " yet; make them with: farthing wallet new");
        }
        return new Payments(shell, Purse.open(shell.home()), false);
    }

    /** For looking only: what has no home folder yet uses keys that are thrown away afterwards. */
    static Payments toLook(Shell shell) throws IOException {
        if (hasPurse(shell)) {
            return new Payments(shell, Purse.open(shell.home()), false);
        }
        Path folder = Files.createTempDirectory("farthing-look");
        return new Payments(shell, Purse.create(folder, new SecureRandom()), true);
    }

    Purse purse() {
        return purse;
    }

    SpendingJournal journal() throws IOException {
        return SpendingJournal.open(purse.directory().resolve("journal.jsonl"), shell.clock());
    }

    OriginPins pins() throws IOException {
        return OriginPins.open(purse.directory().resolve("pins.json"));
    }

    PayingClient.Builder client(SpendingPolicy policy, SpendingJournal journal) {
        return PayingClient.builder(purse, policy)
                .journal(journal)
                .clock(shell.clock())
                .timer(shell.timer())
                .keyFetcher(
                        like -> new KeyFetcher(like, shell.clock(), ForkJoinPool.commonPool(), shell.keyPatience()));
    }

    @Override
    public void close() throws IOException {
        if (throwAway) {
            delete(purse.directory());
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException failure) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
