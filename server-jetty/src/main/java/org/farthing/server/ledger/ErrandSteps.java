package org.farthing.server.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.server.ledger.ErrandKind.Debt;
import org.farthing.server.ledger.ErrandKind.Ended;
import org.farthing.server.ledger.Operation.Step;

/** Gives errands out, puts them off and ends them, of whatever kind. */
final class ErrandSteps {

    private static final Comparator<Debt> ORDER =
            Comparator.comparing(Debt::party).thenComparing(Debt::currency);

    private ErrandSteps() {}

    static <E, A> Operation<List<E>> due(ErrandKind<E, A> kind, int limit, Duration lease) {
        return (session, now) -> {
            long until = Math.addExact(now, lease.toMillis());
            List<E> taken = new ArrayList<>();
            for (E errand : kind.due(session, now, limit)) {
                // Another node may have taken it since; then it is not this one's.
                if (session.update(kind.lease(), until, kind.seq(errand), now) == 1) {
                    taken.add(kind.leased(errand, until));
                }
            }
            return new Step<>(List.copyOf(taken), !taken.isEmpty());
        };
    }

    /** All errands before any debt, and both in order, so that two such steps do not wait for each other. */
    static <E, A> Operation<Integer> done(ErrandKind<E, A> kind, List<A> answers) {
        List<A> ordered =
                answers.stream().sorted(Comparator.comparingLong(kind::seqOf)).toList();
        return (session, now) -> {
            Map<Debt, Long> paid = new TreeMap<>(ORDER);
            int count = 0;
            for (A answer : ordered) {
                Ended ended = kind.end(session, answer);
                if (ended != null) {
                    count++;
                    paid.merge(ended.debt(), ended.amount(), Math::addExact);
                }
            }
            for (Map.Entry<Debt, Long> debt : paid.entrySet()) {
                if (debt.getValue() > 0) {
                    kind.lower(session, debt.getKey(), debt.getValue());
                }
            }
            return new Step<>(count, count > 0);
        };
    }

    /** In order, as {@link #done}. */
    static <E, A> Operation<Integer> again(ErrandKind<E, A> kind, List<Long> seqs, Duration wait, String why) {
        List<Long> ordered = seqs.stream().sorted().distinct().toList();
        return (session, now) -> {
            long due = Math.addExact(now, wait.toMillis());
            int waiting = 0;
            for (Long seq : ordered) {
                waiting += session.update(kind.again(), due, why, seq);
            }
            return new Step<>(waiting, waiting > 0);
        };
    }
}
