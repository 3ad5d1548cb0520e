package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo keeps its things, for its owner alone: the store, the server's keys, and wallets. Without a store of the
 * user's it is a temporary folder that goes away with the demo.
 */
final class DemoFolder implements AutoCloseable {

    private final Path temporary;
    private final Path kept;
    private final Path store;

    private DemoFolder(Path temporary, Path kept, Path store) {
        this.temporary = temporary;
        this.kept = kept;
        this.store = store;
    }

    /** Makes a temporary folder, and beside a store that was named one that stays. */
    static DemoFolder make(@Nullable Path store) throws IOException {
        Path temporary = Files.createTempDirectory("farthing-demo-");
        if (store == null) {
            return new DemoFolder(temporary, temporary, temporary.resolve("ledger.db"));
        }
        Path beside = store.toAbsolutePath().resolveSibling(store.getFileName() + ".demo");
        if (!Files.isDirectory(beside)) {
            Files.createDirectory(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return new DemoFolder(temporary, beside, store.toAbsolutePath());
    }

    Path store() {
        return store;
    }

    /** What is for sale; written anew each time. */
    Path site() {
        return temporary.resolve("site");
    }

    Path keys() {
        return kept.resolve("keys");
    }

    /** The wallet for whoever plays with the running demo. */
    Path wallet() {
        return kept.resolve("wallet");
    }

    /** The wallet of the tour, new each time. */
    Path tourWallet() {
        return temporary.resolve("tour-wallet");
    }

    /** The wallet service's books; beside a store of the user's they stay too. */
    Path serviceStore() {
        return kept.resolve("wallet-service.db");
    }

    Path serviceKeys() {
        return kept.resolve("wallet-service-keys");
    }

    /** The wallet at the service for whoever plays with the running demo. */
    Path serviceWallet() {
        return kept.resolve("service-wallet");
    }

    /** The tour's wallet at the service, new each time. */
    Path serviceTourWallet() {
        return temporary.resolve("service-tour-wallet");
    }

    /**
     * The mint's books, keys and page. Tokens name the mint by its origin, so one at another port is another mint, and one at any
     * free port does not outlive the demo.
     */
    Path mint(int port) {
        return port == 0 ? temporary.resolve("mint") : kept.resolve("mint-" + port);
    }

    /** The purse of the tour with tokens, new each time. */
    Path tokenTourWallet() {
        return temporary.resolve("token-tour-wallet");
    }

    Path receipt() {
        return kept.resolve("receipt.json");
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(temporary)) {
            return;
        }
        Files.walkFileTree(temporary, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
