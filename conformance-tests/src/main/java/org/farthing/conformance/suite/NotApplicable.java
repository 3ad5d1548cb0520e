package org.farthing.conformance.suite;

/** The case does not concern this subject, or was not told what it needs. */
public final class NotApplicable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why not, and what would make it run: {@code the config names no "several" URL: …}. */
    public NotApplicable(String why) {
        super(why);
    }

    /** Why not. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
