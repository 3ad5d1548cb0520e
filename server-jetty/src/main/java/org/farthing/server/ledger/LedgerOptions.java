package org.farthing.server.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * How a ledger is to run. Made by {@link #builder}.
 *
 * @param completions runs the callers' code when operations are done, several one after the other, so that code must not block
 *     ({@link Ledger}). It must not run tasks on the thread that hands them in
 * @param clock the time of an embedded ledger
 * @param queueCapacity how many operations may wait for the writer; more are refused
 * @param mostTogether how many operations one transaction of the store holds at most. 1 gives each a transaction, and a sync of
 *     the disk, of its own: slower, and for comparison
 * @param maxHolds how many charges of one wallet may be in flight. The default of 64 fits holds that last as long as a handler
 *     runs. A wallet service's holds last until the payee collects, an hour or a day: give its ledger a thousand or more
 * @param releasesPerMinute how many charges of one wallet may be released within a minute before it has to wait
 * @param refundWindow how long after its challenge expired a captured charge is kept and can be refunded; a day or more
 * @param walletCacheSize how many wallets are kept in memory
 * @param nodeLease how long a node that shares its store is taken for alive after it was last heard of. It renews its lease
 *     three times as often; once it has lapsed, others may take its holds over
 */
public record LedgerOptions(
        Executor completions,
        InstantSource clock,
        int queueCapacity,
        int mostTogether,
        int maxHolds,
        int releasesPerMinute,
        Duration refundWindow,
        int walletCacheSize,
        Duration nodeLease) {

    /**
     * Checks that the numbers make sense.
     *
     * @param completions as the record says
     * @param clock as the record says
     * @param queueCapacity as the record says
     * @param mostTogether as the record says
     * @param maxHolds as the record says
     * @param releasesPerMinute as the record says
     * @param refundWindow as the record says
     * @param walletCacheSize as the record says
     * @param nodeLease as the record says
     * @throws IllegalArgumentException if a number is not positive or the refund window is shorter than a day
     */
    public LedgerOptions {
        atLeastOne("queueCapacity", queueCapacity);
        atLeastOne("mostTogether", mostTogether);
        atLeastOne("maxHolds", maxHolds);
        atLeastOne("releasesPerMinute", releasesPerMinute);
        atLeastOne("walletCacheSize", walletCacheSize);
        Arguments.positive("nodeLease", nodeLease);
        if (refundWindow.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException(
                    "refundWindow must be a day or more (claims are kept that long), it is " + refundWindow);
        }
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, it is " + value);
        }
    }

    /**
     * Starts from the defaults: 64 holds, 60 releases a minute, refunds for 90 days, the system's clock.
     *
     * @param completions runs the callers' code when an operation is done
     * @return a builder
     */
    public static Builder builder(Executor completions) {
        return new Builder(completions);
    }

    /** Collects options. */
    public static final class Builder {

        private final Executor completions;
        private InstantSource clock = InstantSource.system();
        private int queueCapacity = 4096;
        private int mostTogether = 512;
        private int maxHolds = 64;
        private int releasesPerMinute = 60;
        private Duration refundWindow = Duration.ofDays(90);
        private int walletCacheSize = 10_000;
        private Duration nodeLease = Duration.ofSeconds(30);

        private Builder(Executor completions) {
            this.completions = completions;
        }

        /**
         * Sets the time of an embedded ledger.
         *
         * @param value the clock
         * @return this builder
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * Sets how many operations may wait for the writer.
         *
         * @param value 1 or more
         * @return this builder
         */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /**
         * Sets how many operations one transaction of the store holds at most.
         *
         * @param value 1 or more; 1 gives each a transaction of its own
         * @return this builder
         */
        public Builder mostTogether(int value) {
            mostTogether = value;
            return this;
        }

        /**
         * Sets how many charges of one wallet may be in flight; a thousand or more for a wallet service, whose holds last
         * until the payee collects.
         *
         * @param value 1 or more
         * @return this builder
         */
        public Builder maxHolds(int value) {
            maxHolds = value;
            return this;
        }

        /**
         * Sets how many charges of one wallet may be released within a minute.
         *
         * @param value 1 or more
         * @return this builder
         */
        public Builder releasesPerMinute(int value) {
            releasesPerMinute = value;
            return this;
        }

        /**
         * Sets how long captured charges are kept and can be refunded.
         *
         * @param value a day or more
         * @return this builder
         */
        public Builder refundWindow(Duration value) {
            refundWindow = value;
            return this;
        }

        /**
         * Sets how many wallets are kept in memory.
         *
         * @param value 1 or more
         * @return this builder
         */
        public Builder walletCacheSize(int value) {
            walletCacheSize = value;
            return this;
        }

        /**
         * Sets how long a node that shares its store is taken for alive after it was last heard of.
         *
         * @param value longer than zero
         * @return this builder
         */
        public Builder nodeLease(Duration value) {
            nodeLease = value;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         * @throws IllegalArgumentException if a number is not positive or the refund window is shorter than a day
         */
        public LedgerOptions build() {
            return new LedgerOptions(
                    completions,
                    clock,
                    queueCapacity,
                    mostTogether,
                    maxHolds,
                    releasesPerMinute,
                    refundWindow,
                    walletCacheSize,
                    nodeLease);
        }
    }
}
