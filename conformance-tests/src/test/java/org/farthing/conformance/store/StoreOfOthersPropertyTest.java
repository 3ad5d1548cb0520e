package org.farthing.conformance.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import net.jqwik.api.lifecycle.AfterTry;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.kit.LedgerProperties;
import org.farthing.testing.Requirement;

/** The published random programs, from another module. */
@Requirement({"F-ST-132"})
class StoreOfOthersPropertyTest extends LedgerProperties {

    private Path folder = Path.of("");

    @Override
    protected Ledger open(LedgerOptions options, boolean first) {
        try {
            folder = first ? Files.createTempDirectory("farthing-store") : folder;
            return SqliteLedger.open(folder.resolve("ledger.db"), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterTry
    void removeTheBooks() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
