package org.farthing.benchmarks.ledger;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.Transition;

/**
 * Callers that charge one purchase after the other: reserve, then capture, each when the operation before is durable. They are
 * no threads, as the requests of a server are none: they go on where the ledger hands its results on.
 */
final class Callers {

    private final List<Ledger> ledgers;
    private final Supplier<HoldRequest> requests;
    private final StoredOutcome outcome;
    private final LongAdder operations = new LongAdder();
    private final Nanos latencies;
    private final Nanos charges;
    private final AtomicLong left;
    private volatile boolean stopped;

    /** Callers of one sample, for at most so many charges together; they use the ledgers in turn. */
    Callers(List<Ledger> ledgers, Supplier<HoldRequest> requests, StoredOutcome outcome, int most) {
        this.left = new AtomicLong(most);
        this.latencies = Nanos.of(2L * most);
        this.charges = Nanos.of(most);
        this.ledgers = ledgers;
        this.requests = requests;
        this.outcome = outcome;
    }

    /** Begins with so many; what is returned completes when all have stopped. */
    CompletableFuture<Void> start(int count) {
        CompletableFuture<?>[] all = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            Caller caller = new Caller(ledgers.get(i % ledgers.size()));
            all[i] = caller.done;
            caller.reserve();
        }
        return CompletableFuture.allOf(all);
    }

    /** Lets each finish its charge and begin no other. */
    void stop() {
        stopped = true;
    }

    long operations() {
        return operations.sum();
    }

    /** From calling an operation until the caller goes on. */
    Nanos latencies() {
        return latencies;
    }

    /** Of a whole charge: the latencies of its two operations, without what its caller did between them. */
    Nanos charges() {
        return charges;
    }

    private final class Caller {

        private final Ledger ledger;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private long called;
        private long first;

        Caller(Ledger ledger) {
            this.ledger = ledger;
        }

        void reserve() {
            if (stopped || left.getAndDecrement() <= 0) {
                done.complete(null);
                return;
            }
            HoldRequest request = requests.get();
            called = System.nanoTime();
            var unused = ledger.reserve(request).whenComplete((reserved, failure) -> {
                if (failure == null && reserved instanceof Reserved.Held held) {
                    first = answered();
                    capture(held.ref());
                } else {
                    failed("not held: " + reserved, failure);
                }
            });
        }

        private void capture(HoldRef ref) {
            called = System.nanoTime();
            var unused = ledger.capture(ref, Purchases.PRICE, outcome).whenComplete((transition, failure) -> {
                if (failure == null && transition instanceof Transition.Done) {
                    charges.add(first + answered());
                    reserve();
                } else {
                    failed("not captured: " + transition, failure);
                }
            });
        }

        private long answered() {
            long nanos = System.nanoTime() - called;
            latencies.add(nanos);
            operations.increment();
            return nanos;
        }

        private void failed(String what, Throwable failure) {
            done.completeExceptionally(new IllegalStateException(what, failure));
        }
    }
}
