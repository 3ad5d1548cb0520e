package org.farthing.server.app;

import org.jspecify.annotations.Nullable;

/** A command that could not do what it was asked. The message is what the person at the terminal reads, and enough. */
final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailedException(String message) {
        this(message, null);
    }

    CommandFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
