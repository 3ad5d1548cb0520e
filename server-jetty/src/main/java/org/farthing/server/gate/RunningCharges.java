package org.farthing.server.gate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.farthing.server.gate.Timers.Timer;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.StoredOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The charges this node is working on, so that the same bytes, sent again meanwhile, wait for the first answer instead of
 * asking the ledger in turns (F-RE-10, S46). It decides nothing about money: the ledger's claim does.
 */
final class RunningCharges {

    /** How many may wait for one charge: as many as one wallet may have holds. A waiter keeps no thread, only a request. */
    static final int MAX_WAITERS = 64;

    /** How long they wait. */
    static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private final Timers timers;
    private final ConcurrentMap<String, Run> runs = new ConcurrentHashMap<>();

    RunningCharges(Timers timers) {
        this.timers = timers;
    }

    /** How one may take part in a charge. */
    sealed interface Entry {}

    /** Nobody works on it: go on, and {@link Run#end} it. */
    record Owner(Run run) implements Entry {}

    /** Somebody does, with the same bytes: wait for how it ends. */
    record Waiter(CompletableFuture<Ended> ended) implements Entry {}

    /** Somebody does, and waiting is not for this one: enough are, the bytes are others, or it has waited before. */
    record Busy() implements Entry {}

    /** Somebody does, and has been waiting for the ledger longer than anybody should: do not begin to wait, too. */
    record Stuck() implements Entry {}

    /** How waiting ended. */
    sealed interface Ended {}

    /** The answer was captured and is this one. */
    record Answered(StoredOutcome outcome) implements Ended {}

    /** It ended in another way: ask the ledger. */
    record LookAgain() implements Ended {}

    /** It still runs. */
    record StillRunning() implements Ended {}

    Entry enter(String challengeId, String credentialHash, boolean mayWait) {
        Run mine = new Run(challengeId, credentialHash);
        Run other = runs.putIfAbsent(challengeId, mine);
        if (other == null) {
            return new Owner(mine);
        }
        if (other.stuck && other.credentialHash.equals(credentialHash)) {
            return new Stuck();
        }
        return mayWait && other.credentialHash.equals(credentialHash) ? other.await() : new Busy();
    }

    int size() {
        return runs.size();
    }

    /** Gives back what is still held, because the node stops. */
    void abandonAll() {
        for (Run run : List.copyOf(runs.values())) {
            Reservation reservation = run.reservation();
            if (reservation != null) {
                reservation.abandon(ReleaseReason.SHUTDOWN, Execution.UNKNOWN);
            }
        }
    }

    /** One charge being worked on. */
    final class Run {

        private final String challengeId;
        private final String credentialHash;
        private final CompletableFuture<Ended> ended = new CompletableFuture<>();
        private int waiters;
        private volatile boolean stuck;
        private @Nullable Reservation reservation;

        private Run(String challengeId, String credentialHash) {
            this.challengeId = challengeId;
            this.credentialHash = credentialHash;
        }

        /** Says under which reservation the handler runs now. */
        synchronized void serving(Reservation held) {
            this.reservation = held;
        }

        private synchronized @Nullable Reservation reservation() {
            return reservation;
        }

        /** Says that whoever waited for the ledger here was sent away, and the ledger has still to answer. */
        void stuck() {
            stuck = true;
        }

        /** Ends the work: whoever waits is told, whoever comes is told by the ledger. */
        void end(Ended how) {
            runs.remove(challengeId, this);
            ended.complete(how);
        }

        private Entry await() {
            synchronized (this) {
                if (waiters == MAX_WAITERS) {
                    return new Busy();
                }
                waiters++;
            }
            CompletableFuture<Ended> mine = new CompletableFuture<>();
            Timer timer = timers.after(MAX_WAIT, () -> mine.complete(new StillRunning()));
            CompletionStage<Ended> first = ended;
            first.thenAccept(mine::complete);
            return new Waiter(mine.whenComplete((how, failure) -> {
                timer.cancel();
                leave();
            }));
        }

        private synchronized void leave() {
            waiters--;
        }
    }
}
