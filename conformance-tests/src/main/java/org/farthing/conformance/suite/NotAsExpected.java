package org.farthing.conformance.suite;

/** The requirement is not met. Both texts are for people, hold no secret and may have several lines. */
public final class NotAsExpected extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String seen;

    /** What should have come, and what came. */
    public NotAsExpected(String expected, String seen) {
        super("expected " + expected + "; got " + seen);
        this.expected = expected;
        this.seen = seen;
    }

    /** Fails unless something holds. */
    public static void unless(boolean holds, String expected, String seen) {
        if (!holds) {
            throw new NotAsExpected(expected, seen);
        }
    }

    /** What should have come. */
    public String expected() {
        return expected;
    }

    /** What came. */
    public String seen() {
        return seen;
    }
}
