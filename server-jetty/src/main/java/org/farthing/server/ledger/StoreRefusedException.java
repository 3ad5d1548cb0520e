package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/** The store cannot be opened safely. The message is a sentence for the operator: which store, what is wrong, what to do. */
public final class StoreRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message which store, what is wrong, what to do
     * @param cause the underlying error, or null
     */
    public StoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
