package org.farthing.server.offer;

/** A request whose declared price facts make no sense, for example a page count that is no number. The client gets 400. */
public final class UnpriceableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message a sentence for the client: which fact is wrong and what is expected, without quoting it
     */
    public UnpriceableException(String message) {
        super(message, null, false, false);
    }

    /**
     * Returns the sentence for the client.
     *
     * @return the message, never null
     */
    public String sentence() {
        String message = getMessage();
        return message == null ? "This request cannot be priced." : message;
    }
}
