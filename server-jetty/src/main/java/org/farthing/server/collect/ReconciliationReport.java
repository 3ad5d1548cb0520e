package org.farthing.server.collect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@link Reconciliation} or {@link TokenReconciliation} found.
 *
 * @param agreed what both sides say the payee has earned, after refunds, by currency id
 * @param pending what waits in the outbox, is in work, or was not presented yet, by currency id
 * @param differences where both sides say different things; at most 1000 of them
 * @param differing how many there are in all
 * @param tooOld payments, or tokens, that are older than what the payee's ledger keeps
 */
public record ReconciliationReport(
        SortedMap<String, Sum> agreed,
        SortedMap<String, Sum> pending,
        List<Difference> differences,
        long differing,
        long tooOld) {

    private static final int MOST_LISTED = 1000;

    /**
     * Copies everything.
     *
     * @param agreed as the record says
     * @param pending as the record says
     * @param differences as the record says
     * @param differing as the record says
     * @param tooOld as the record says
     */
    public ReconciliationReport {
        agreed = Collections.unmodifiableSortedMap(new TreeMap<>(agreed));
        pending = Collections.unmodifiableSortedMap(new TreeMap<>(pending));
        differences = List.copyOf(differences);
    }

    /**
     * A sum of payments, or of tokens.
     *
     * @param payments how many
     * @param amount their sum in base units
     */
    public record Sum(long payments, long amount) {

        private static final Sum ZERO = new Sum(0, 0);

        private Sum plus(long more) {
            return new Sum(payments + 1, Math.addExact(amount, more));
        }
    }

    /**
     * One payment, or one token, about which both sides differ.
     *
     * @param tokenId the {@code jti} of the receipt token, or the serial of the token
     * @param challengeId the challenge, or what else the payee used the token for; empty if it does not know it
     * @param currency the currency id
     * @param here what the payee has booked as earned, after refunds, in base units
     * @param there what the service has, in base units
     * @param what in which way
     */
    public record Difference(String tokenId, String challengeId, String currency, long here, long there, String what) {}

    /** Adds up. For one thread. */
    static final class Collector {

        private final SortedMap<String, Sum> agreed = new TreeMap<>();
        private final SortedMap<String, Sum> pending = new TreeMap<>();
        private final List<Difference> differences = new ArrayList<>();
        private long differing;
        private long tooOld;
        private int matched;

        void matched() {
            matched++;
        }

        int matchedSoFar() {
            return matched;
        }

        void agreed(String currency, long amount) {
            agreed.merge(currency, Sum.ZERO.plus(amount), (old, one) -> old.plus(amount));
        }

        void pending(String currency, long amount) {
            pending.merge(currency, Sum.ZERO.plus(amount), (old, one) -> old.plus(amount));
        }

        void differs(Difference difference) {
            differing++;
            if (differences.size() < MOST_LISTED) {
                differences.add(difference);
            }
        }

        void tooOld() {
            tooOld++;
        }

        ReconciliationReport report() {
            return new ReconciliationReport(agreed, pending, differences, differing, tooOld);
        }
    }
}
