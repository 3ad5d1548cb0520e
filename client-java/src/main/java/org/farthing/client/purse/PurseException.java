package org.farthing.client.purse;

import java.io.IOException;

/** The purse cannot be used. The message says why and what to do, and holds nothing of what the purse holds. */
public final class PurseException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what is wrong, where, and what to do
     */
    public PurseException(String message) {
        super(message);
    }
}
