package org.farthing.server.drill;

import java.nio.file.Path;
import org.farthing.server.postgres.TestPostgres;

/** The drill on a store that processes share: a lease that lapses says that one of them is dead. */
class PostgresDrillTest extends EmbeddedDrill {

    @Override
    String emptyStore(Path inFolder) {
        return TestPostgres.emptyStore();
    }

    /** Another node, which keeps house meanwhile. */
    @Override
    Child sweeper(Child paused) {
        return seller(KeptPort.take());
    }
}
