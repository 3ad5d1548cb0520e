package org.farthing.conformance.reference;

import java.time.Duration;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.farthing.server.ledger.Housekeeping;
import org.farthing.server.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/** The books as a part of a server: swept while it runs, closed after its last request and before its threads end. */
final class LedgerLife extends AbstractLifeCycle {

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);

    private final Ledger ledger;
    private @Nullable Housekeeping housekeeping;

    LedgerLife(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        housekeeping = Housekeeping.start(ledger, SWEEP_EVERY);
    }

    @Override
    protected void doStop() throws Exception {
        if (housekeeping != null) {
            housekeeping.close();
        }
        ledger.close();
        super.doStop();
    }
}
