package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The ledger could not do what it was asked: it is closed, its queue is full, or its store failed. Nothing is authorised by
 * it. Failed and unknown are not the same (T47), so {@link #effect()} says which it is.
 */
public final class LedgerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the operation may have done. */
    public enum Effect {
        /** Certainly nothing: it never ran, or was rolled back. */
        NONE,
        /** It may have been committed. Ask {@link Ledger#charge} before telling anyone what became of the money. */
        UNKNOWN
    }

    /** What the operation may have done. */
    private final Effect effect;

    /**
     * Creates the error.
     *
     * @param effect what the operation may have done
     * @param message what happened and what to do
     * @param cause the store's error, or null
     */
    public LedgerUnavailableException(Effect effect, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.effect = effect;
    }

    /**
     * Returns what the operation may have done.
     *
     * @return nothing, or unknown
     */
    public Effect effect() {
        return effect;
    }
}
