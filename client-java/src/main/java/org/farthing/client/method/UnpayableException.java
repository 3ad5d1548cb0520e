package org.farthing.client.method;

/** A well-formed challenge that this payer has no means to answer. */
public final class UnpayableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what is asked and not there, for people
     */
    public UnpayableException(String message) {
        super(message, null, false, false);
    }
}
