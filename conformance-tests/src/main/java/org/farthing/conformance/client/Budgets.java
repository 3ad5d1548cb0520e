package org.farthing.conformance.client;

/** What the command {@code budget} spent so far: it keeps its budget from visit to visit, and from case to case. */
final class Budgets {

    /** The command whose budget is 0.025 USD in all. */
    static final String KIND = "budget";
    /** How many payments of 0.01 USD that is. */
    static final int MOST = 2;

    private int paid;

    /** Adds the payments of a visit. */
    void count(Visit visit) {
        paid += Count.payments(visit).size();
    }

    /** How many payments it made. */
    int paid() {
        return paid;
    }
}
