package org.farthing.conformance.suite;

import java.util.ArrayList;
import java.util.List;

/** Takes down what a case did, for the report. Safe for several threads. */
public final class Trace {

    private static final int KEPT = 40;

    private final List<Exchange> exchanges = new ArrayList<>();
    private final String id;
    private int left;

    /** The trace of a case. */
    public Trace(String id) {
        this.id = id;
    }

    /** A trace of no case, for what is done on the side. */
    public Trace() {
        this("");
    }

    /** The case's name; empty if it is none. */
    public String id() {
        return id;
    }

    /** Takes down an exchange. Beyond the first 40 of a case they are only counted. */
    public synchronized void add(Exchange exchange) {
        if (exchanges.size() < KEPT) {
            exchanges.add(exchange);
        } else {
            left++;
        }
    }

    /** What was taken down, in order. */
    public synchronized List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** How many more there were. */
    public synchronized int left() {
        return left;
    }
}
