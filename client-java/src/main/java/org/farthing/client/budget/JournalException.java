package org.farthing.client.budget;

import java.io.IOException;

/**
 * The journal cannot be relied on: damaged, gone, or not written. As long as that is so, nothing is paid with it. The
 * message says what was found and what to do, and holds nothing of what the journal holds.
 */
public final class JournalException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was found, where, and what to do
     */
    public JournalException(String message) {
        super(message);
    }
}
