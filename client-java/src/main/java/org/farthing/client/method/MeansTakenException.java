package org.farthing.client.method;

/**
 * What {@link PreparingMethod#prepare} found is not there any more: another payment took it meanwhile. Nothing was signed and
 * nothing is reserved for the payment, so it may be prepared once more.
 */
public final class MeansTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was taken, for people; no secrets
     */
    public MeansTakenException(String message) {
        super(message, null, false, false);
    }
}
