package org.farthing.server.jetty;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvents;

/** Counts what happens at the gate: by kind, and answers by problem code and route (F-SV-61). Never an amount of a person. */
final class GateStatistics implements PaymentEvents {

    private final ConcurrentMap<PaymentEvent.Kind, LongAdder> kinds = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> reasons = new ConcurrentHashMap<>();

    @Override
    public void record(PaymentEvent event) {
        kinds.computeIfAbsent(event.kind(), kind -> new LongAdder()).increment();
        if (event.reason() != null) {
            String key = event.reason().code() + ' ' + event.routeId();
            reasons.computeIfAbsent(key, name -> new LongAdder()).increment();
        }
    }

    long count(PaymentEvent.Kind kind) {
        LongAdder adder = kinds.get(kind);
        return adder == null ? 0 : adder.sum();
    }

    /** Counts by code and route, such as {@code PAYMENT_REQUIRED docs}. */
    Map<String, Long> reasons() {
        Map<String, Long> counts = new TreeMap<>();
        reasons.forEach((name, adder) -> counts.put(name, adder.sum()));
        return counts;
    }
}
