package org.farthing.protocol;

/**
 * Input that does not follow the grammar: the one error every parser of this library throws.
 *
 * <p>It says what is wrong ({@link #fault()}), where ({@link #where()}) and in words ({@link #getMessage()}). It never
 * carries the input itself, because credentials and receipts are secrets (S40). It has no stack trace: malformed input is
 * an everyday event that an attacker can cause at will, and filling a trace costs more than the parse.
 */
public final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of rule the input broke. The names are stable: conformance vectors use them. */
    public enum Fault {
        /** The text does not follow the grammar of its header field or of JSON. */
        SYNTAX,
        /** Not canonical base64url, or not UTF-8. */
        ENCODING,
        /** A name that must stand once stands twice. */
        DUPLICATE,
        /** A required member or parameter is absent or empty. */
        MISSING,
        /** A member has another JSON type than its definition says. */
        TYPE,
        /** The type is right and the value is not allowed. */
        VALUE,
        /** Readable, but not in the one canonical form that is required here. */
        NOT_CANONICAL,
        /** Longer, deeper or more numerous than the limits of the specification. */
        TOO_LARGE
    }

    /** Which rule was broken. */
    private final Fault fault;

    /** The place, as a path of member names, or a name and an offset. */
    private final String where;

    /**
     * Creates the error.
     *
     * @param fault which kind of rule was broken
     * @param where the place: a path such as {@code challenge.request.amount}, or a name with an offset such as
     *     {@code WWW-Authenticate@17} (offset in characters from 0)
     * @param what what is wrong there, without quoting the input
     */
    public MalformedException(Fault fault, String where, String what) {
        super(fault + " at " + where + ": " + what, null, false, false);
        this.fault = fault;
        this.where = where;
    }

    /**
     * Returns which kind of rule was broken.
     *
     * @return the fault
     */
    public Fault fault() {
        return fault;
    }

    /**
     * Returns the place of the fault.
     *
     * @return a path of member names, or a name and an offset in characters
     */
    public String where() {
        return where;
    }
}
