package org.farthing.conformance.client;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;

/**
 * What whoever is checked is sent to do, once.
 *
 * @param kind which command: {@code get}, {@code post}, or another the config file names
 * @param url what to ask for
 * @param body what to send; empty for none
 * @param patience how long it may take
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its content
record Errand(String kind, URI url, byte[] body, Duration patience) {

    static final String GET = "get";
    static final String POST = "post";
    /** Buys a bundle of blind tokens at an issuer, for its own pages. */
    static final String BUY = "buy";
    /** Fetches a page, and pays with blind tokens alone. */
    static final String TOKENS = "tokens";

    @Override
    public boolean equals(Object other) {
        return other instanceof Errand errand
                && kind.equals(errand.kind)
                && url.equals(errand.url)
                && Arrays.equals(body, errand.body)
                && patience.equals(errand.patience);
    }

    @Override
    public int hashCode() {
        return url.hashCode();
    }

    @Override
    public String toString() {
        return kind + " " + url;
    }
}
