package org.farthing.benchmarks.ledger;

/**
 * What a ledger did for some callers within some seconds.
 *
 * @param operations how many were durable
 * @param seconds how long it took
 * @param writerNanos the CPU time of the ledger's writers
 * @param processNanos the CPU time of the process: the ledger's writers, and the callers, which make their requests
 * @param batches how many group commits the writers made; 0 if they cannot be seen
 * @param batchMedian how long the median one took, in nanoseconds
 * @param batchP99 how long 99 of 100 took at most
 * @param median the median latency of an operation, in nanoseconds
 * @param p99 the latency 99 of 100 operations keep
 * @param tasks how many tasks the callers' executor was given
 */
record Sample(
        long operations,
        double seconds,
        long writerNanos,
        long processNanos,
        long batches,
        long batchMedian,
        long batchP99,
        long median,
        long p99,
        long tasks) {

    double rate() {
        return operations / seconds;
    }

    /** The writer's CPU time for one operation, in microseconds. */
    double cpuMicros() {
        return writerNanos / 1e3 / operations;
    }

    /** The CPU time of the whole process for one charge, which is two operations, in microseconds. */
    double chargeMicros() {
        return 2 * processNanos / 1e3 / operations;
    }

    /** Which part of what one writer could do with nothing but its own CPU time was done. */
    double ofCpuBound() {
        return rate() * cpuMicros() / 1e6;
    }

    double together() {
        return batches == 0 ? Double.NaN : (double) operations / batches;
    }

    double p99InBatches() {
        return (double) p99 / batchMedian;
    }

    double resultsATask() {
        return (double) operations / tasks;
    }
}
