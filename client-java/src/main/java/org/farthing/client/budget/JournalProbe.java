package org.farthing.client.budget;

/** Lets tests stop the process between two steps of the journal that no caller could tell apart. */
@FunctionalInterface
interface JournalProbe {

    /** Lets every step pass. */
    JournalProbe NONE = step -> {};

    /** Called when {@code step} has been reached. */
    void at(String step);
}
