package org.farthing.server.jetty;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.farthing.server.gate.PaymentEvent;

/**
 * Counts what happens at a paywall: by kind, and answers by problem code and route (F-SV-61). Never an amount of a person.
 *
 * <p>Thread-safe. The numbers are this process's, since its {@link PaymentHandler} was made.
 */
@ManagedObject("What happened at a paywall")
public final class PaymentStatistics {

    private final ConcurrentMap<PaymentEvent.Kind, LongAdder> kinds = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> reasons = new ConcurrentHashMap<>();

    PaymentStatistics() {}

    void record(PaymentEvent event) {
        kinds.computeIfAbsent(event.kind(), kind -> new LongAdder()).increment();
        if (event.reason() != null) {
            String key = event.reason().code() + ' ' + event.routeId();
            reasons.computeIfAbsent(key, name -> new LongAdder()).increment();
        }
    }

    private long count(PaymentEvent.Kind kind) {
        LongAdder adder = kinds.get(kind);
        return adder == null ? 0 : adder.sum();
    }

    /**
     * Returns how many 402 went out.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("402 answers")
    public long getDemanded() {
        return count(PaymentEvent.Kind.DEMANDED);
    }

    /**
     * Returns how many other refusals went out.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("other refusals")
    public long getRefused() {
        return count(PaymentEvent.Kind.REFUSED);
    }

    /**
     * Returns how many requests were told to wait: 429, or 503 where the whole server was busy.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("requests told to wait")
    public long getLimited() {
        return count(PaymentEvent.Kind.LIMITED);
    }

    /**
     * Returns how many answers were charged.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("charged answers")
    public long getCaptured() {
        return count(PaymentEvent.Kind.CAPTURED);
    }

    /**
     * Returns how many reservations were given back.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("reservations given back")
    public long getReleased() {
        return count(PaymentEvent.Kind.RELEASED);
    }

    /**
     * Returns how many stored answers went out again.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("answers sent again")
    public long getReplayed() {
        return count(PaymentEvent.Kind.REPLAYED);
    }

    /**
     * Returns how many answers had to leave open what became of the money.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("answers with an unknown outcome")
    public long getPending() {
        return count(PaymentEvent.Kind.PENDING);
    }

    /**
     * Returns how many captures wallet services have confirmed.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("captures confirmed by wallet services")
    public long getCollected() {
        return count(PaymentEvent.Kind.COLLECTED);
    }

    /**
     * Returns how many captures and refunds wallet services do not honour. Anything but zero is for somebody to look at.
     *
     * @return the number since the handler was made
     */
    @ManagedAttribute("captures and refunds wallet services do not honour")
    public long getCollectFailed() {
        return count(PaymentEvent.Kind.COLLECT_FAILED);
    }

    /**
     * Returns how often each problem was answered on each route.
     *
     * @return counts by code and route id, such as {@code PAYMENT_REQUIRED docs}
     */
    @ManagedAttribute("problems by code and route")
    public Map<String, Long> getProblems() {
        Map<String, Long> counts = new TreeMap<>();
        reasons.forEach((name, adder) -> counts.put(name, adder.sum()));
        return counts;
    }
}
