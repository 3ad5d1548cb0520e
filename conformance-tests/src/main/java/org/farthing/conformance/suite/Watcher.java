package org.farthing.conformance.suite;

/** Is told how a run goes on, to show it. Called on the run's thread. */
public interface Watcher {

    /** Shows nothing. */
    Watcher NONE = new Watcher() {
        @Override
        public void begins(CaseInfo info, int at, int of) {
            // Nobody looks.
        }

        @Override
        public void ended(CaseResult result) {
            // Nobody looks.
        }
    };

    /** A case begins; {@code at} counts from 0. */
    void begins(CaseInfo info, int at, int of);

    /** A case ended. */
    void ended(CaseResult result);
}
