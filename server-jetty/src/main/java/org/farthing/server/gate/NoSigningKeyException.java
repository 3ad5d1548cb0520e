package org.farthing.server.gate;

/** No key may sign at this moment: nothing can be offered, and an offer without signature is none (F-CH-43). */
final class NoSigningKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoSigningKeyException() {
        super("No signing key may be used at this time.");
    }
}
