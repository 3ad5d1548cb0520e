package org.farthing.server.drill;

import java.nio.file.Path;

/** The drill on the embedded store, which one process has at a time. */
class SqliteDrillTest extends EmbeddedDrill {

    @Override
    String emptyStore(Path inFolder) {
        return inFolder.resolve("ledger.db").toString();
    }

    /** The paused process itself, after it went on: nobody else has the store. */
    @Override
    Child sweeper(Child paused) {
        paused.resume();
        return paused;
    }
}
