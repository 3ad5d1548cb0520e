package org.farthing.server.trust;

/**
 * A key document that could not be had: the origin did not answer, answered something else, or must not be asked. The message
 * is a sentence for the operator. It has no stack trace, because what causes it is outside this program.
 */
public final class KeysUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message whose keys, and why they could not be had; nothing of what was answered
     */
    public KeysUnavailableException(String message) {
        super(message, null, false, false);
    }
}
