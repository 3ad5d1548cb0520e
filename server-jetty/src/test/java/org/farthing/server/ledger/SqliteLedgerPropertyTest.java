package org.farthing.server.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.lifecycle.AfterTry;
import org.farthing.server.ledger.kit.LedgerProperties;
import org.jspecify.annotations.Nullable;

/** The random programs on the embedded store. */
class SqliteLedgerPropertyTest extends LedgerProperties {

    private @Nullable Path folder;
    private int crashes;

    @Override
    protected Ledger open(LedgerOptions options, boolean first) {
        try {
            Path own = folder;
            if (first || own == null) {
                own = Files.createTempDirectory("farthing-ledger");
                folder = own;
                crashes = 0;
                Files.createDirectory(books(own));
            }
            return SqliteLedger.open(books(own).resolve("ledger.db"), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The books of the life after so many crashes. */
    private Path books(Path own) {
        return own.resolve("life-" + crashes);
    }

    /** What is on the disk at this moment, nothing closed and nothing written back, is what a crash would leave. */
    @Override
    protected Ledger crash(Ledger running, LedgerOptions options) {
        Path own = folder;
        if (own == null) {
            throw new IllegalStateException("not open");
        }
        Path before = books(own);
        crashes++;
        try {
            Files.createDirectory(books(own));
            for (String file : List.of("ledger.db", "ledger.db-wal")) {
                if (Files.exists(before.resolve(file))) {
                    Files.copy(before.resolve(file), books(own).resolve(file));
                }
            }
            return open(options, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            running.close();
        }
    }

    @AfterTry
    void removeTheBooks() throws IOException {
        Path own = folder;
        if (own != null) {
            try (var files = Files.walk(own)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            folder = null;
        }
    }
}
