package org.farthing.client.trust;

import java.io.IOException;

/** The keys of an origin could not be had. */
public final class KeysUnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message which origin, and why
     */
    public KeysUnavailableException(String message) {
        super(message);
    }
}
