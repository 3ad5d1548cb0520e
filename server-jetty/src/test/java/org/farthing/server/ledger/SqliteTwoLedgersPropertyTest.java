package org.farthing.server.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.lifecycle.AfterTry;
import org.farthing.server.ledger.kit.TwoLedgersProperties;
import org.jspecify.annotations.Nullable;

/** The random programs of two ledgers on the embedded store. */
class SqliteTwoLedgersPropertyTest extends TwoLedgersProperties {

    private @Nullable Path folder;

    @Override
    protected Ledger open(String name, LedgerOptions options, boolean first) {
        try {
            Path own = folder;
            if (own == null) {
                own = Files.createTempDirectory("farthing-ledgers");
                folder = own;
            }
            return SqliteLedger.open(own.resolve(name + ".db"), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterTry
    void removeTheBooks() throws IOException {
        Path own = folder;
        if (own != null) {
            try (var files = Files.list(own)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(own);
            folder = null;
        }
    }
}
