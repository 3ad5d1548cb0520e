package org.farthing.conformance.http;

/** No connection, or nothing came over it in time. The message says where and what to look at. */
public final class NoAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What happened, for people. */
    public NoAnswer(String what, Throwable cause) {
        super(what, cause);
    }
}
