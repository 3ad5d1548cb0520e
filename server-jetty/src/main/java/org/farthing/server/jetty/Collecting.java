package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.farthing.server.collect.CaptureCourier;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.Timers;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.ServiceKeys;
import org.farthing.server.method.WalletReceiptMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a payment handler does beside its requests where it accepts wallet services: keeps their keys fresh and collects what
 * they owe. It lives as long as the handler.
 */
final class Collecting extends AbstractLifeCycle implements PaymentEvents {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    /** When keys are asked for again that could not be fetched. */
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final ServiceLinks links;
    private final ServiceKeys keys;
    private final CaptureCourier courier;
    private final PaymentMethod method;
    private final Timers timers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Timers.@Nullable Timer refresh;

    Collecting(
            AcceptedServices services,
            ServiceLinks links,
            Ledger ledger,
            Timers timers,
            InstantSource clock,
            PaymentEvents events) {
        this.links = links;
        this.timers = timers;
        this.keys = new ServiceKeys(services.origins(), links.keys(), services.keyAge(), clock);
        this.courier = new CaptureCourier(ledger.outbox(), links.calls(), timers, clock, events);
        this.method = new WalletReceiptMethod(keys, services.exposure(), services.captureWindow(), clock);
    }

    /** Says what nobody tells any more, because no wallet service is configured now. */
    static void noteUntold(Ledger ledger) {
        ledger.outbox()
                .status()
                .thenAccept(all -> all.stream()
                        .filter(status -> status.waiting() > 0)
                        .forEach(status -> LOG.warn(
                                "{} captures, releases or refunds wait for {}, and no wallet service is configured: name it until they "
                                        + "are told.",
                                status.waiting(),
                                status.service())));
    }

    /** What receipts are paid with. */
    PaymentMethod method() {
        return method;
    }

    /** Tells whether receipts of every service can be verified now. */
    boolean isReady() {
        return keys.isReady();
    }

    /** What was just charged or given back may have to be told to a service. */
    @Override
    public void record(PaymentEvent event) {
        switch (event.kind()) {
            case CAPTURED, DELIVERED, RELEASED -> wake();
            default -> {
                // Nothing a service has to be told.
            }
        }
    }

    /** Looks into the outbox soon. */
    void wake() {
        courier.wake();
    }

    /** Frees what was opened, once: also for a handler that then did not start. */
    void discard() {
        if (closed.compareAndSet(false, true)) {
            links.close().run();
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        refresh();
        courier.start();
    }

    @Override
    protected void doStop() throws Exception {
        courier.close();
        synchronized (this) {
            if (refresh != null) {
                refresh.cancel();
                refresh = null;
            }
        }
        discard();
        super.doStop();
    }

    private void refresh() {
        CompletionStage<Boolean> all = keys.refresh();
        all.thenAccept(fresh -> again(fresh ? ServiceKeys.REFRESH_EVERY : TRY_AGAIN));
    }

    private synchronized void again(Duration wait) {
        if (isStarting() || isStarted()) {
            refresh = timers.after(wait, this::refresh);
        }
    }
}
