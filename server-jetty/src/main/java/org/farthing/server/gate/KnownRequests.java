package org.farthing.server.gate;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;

/**
 * What the challenges of this server ask for, read once: all challenges of one offer at one price have the same text. Memory is
 * bounded; thread-safe.
 */
final class KnownRequests {

    /** More than a price list has; a price function may make more, which then are read anew. */
    private static final int MOST = 256;

    private final ConcurrentMap<String, PaymentRequest> known = new ConcurrentHashMap<>();

    /** Reads a text that a challenge id of ours binds: what strangers write must not fill the memory. */
    PaymentRequest parse(String text) throws MalformedException {
        PaymentRequest request = known.get(text);
        if (request == null) {
            request = PaymentRequest.parse(text);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(text, request);
        }
        return request;
    }

    int size() {
        return known.size();
    }
}
