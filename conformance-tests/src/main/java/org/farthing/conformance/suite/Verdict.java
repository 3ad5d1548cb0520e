package org.farthing.conformance.suite;

/** What came of a case. */
public sealed interface Verdict {

    /** Whether it counts against the subject. */
    default boolean isFailure() {
        return this instanceof Failed || this instanceof Broken;
    }

    /** The requirement is met. */
    record Passed() implements Verdict {}

    /**
     * The requirement is not met.
     *
     * @param expected what should have come
     * @param seen what came
     */
    record Failed(String expected, String seen) implements Verdict {}

    /**
     * Not checked.
     *
     * @param why why not, and what would make it run
     */
    record Skipped(String why) implements Verdict {}

    /**
     * The case could not be carried out: no connection, no answer in time. A requirement that could not be checked is not met.
     *
     * @param what what happened
     */
    record Broken(String what) implements Verdict {}
}
