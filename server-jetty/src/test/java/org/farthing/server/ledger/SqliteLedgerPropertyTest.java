package org.farthing.server.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.lifecycle.AfterTry;
import org.farthing.server.ledger.kit.LedgerProperties;
import org.jspecify.annotations.Nullable;

/** The random programs on the embedded store. */
class SqliteLedgerPropertyTest extends LedgerProperties {

    private @Nullable Path folder;

    @Override
    protected Ledger open(LedgerOptions options, boolean first) {
        try {
            Path own = folder;
            if (first || own == null) {
                own = Files.createTempDirectory("farthing-ledger");
                folder = own;
            }
            return SqliteLedger.open(own.resolve("ledger.db"), options);
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
