package org.farthing.client.files;

import java.io.IOException;

/** An append-only log cannot be relied on: damaged, gone, or not written. The message holds nothing of what the log holds. */
public final class LogException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates the error. */
    public LogException(String message) {
        super(message);
    }
}
