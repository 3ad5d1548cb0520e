package org.farthing.conformance.adapter;

import org.jspecify.annotations.Nullable;

/** An answer that is {@code {"ok":false,"error":{"type":…,"message":…}}}. */
final class AdapterException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The question itself is none. */
    static final String REQUEST = "invalid_request";
    /** An operation that is not in the contract. */
    static final String UNSUPPORTED = "unsupported_operation";
    /** The result is one that JSON cannot carry. */
    static final String ANSWER = "invalid_answer";

    private final String type;

    AdapterException(String type, String message) {
        this(type, message, null);
    }

    AdapterException(String type, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.type = type;
    }

    /** Its type, a word the contract knows. */
    String type() {
        return type;
    }
}
