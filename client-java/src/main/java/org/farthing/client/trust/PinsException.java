package org.farthing.client.trust;

import java.io.IOException;

/** The pins cannot be relied on. */
final class PinsException extends IOException {

    private static final long serialVersionUID = 1L;

    PinsException(String message) {
        super(message);
    }
}
