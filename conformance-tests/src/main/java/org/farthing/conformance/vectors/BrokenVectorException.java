package org.farthing.conformance.vectors;

/** A vector file or case that cannot be run as it stands. Always a failure of the run, never skipped. */
final class BrokenVectorException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenVectorException(String message) {
        super(message);
    }
}
