package org.farthing.server.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue that serves its keys in turn (F-ST-61): one wallet with a thousand requests delays another wallet's first by
 * one request, and may fill its own share of the places only. What ends a charge goes before what begins one: it gives places
 * and money back, and there is never more of it than was begun.
 */
final class FairQueue<T> {

    /** The key of what belongs to no wallet. */
    static final String NOBODY = "";

    private final int capacity;
    private final int capacityOfOne;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Queue<T> first = new ArrayDeque<>();
    private final Map<String, Queue<T>> turns = new LinkedHashMap<>();
    private int size;
    private boolean closed;

    FairQueue(int capacity) {
        this.capacity = capacity;
        this.capacityOfOne = Math.min(capacity, Math.max(64, capacity / 16));
    }

    /** Adds at the end of the key's own queue; false if it, or the whole, is full or closed. */
    boolean offer(String key, T element) {
        lock.lock();
        try {
            Queue<T> own = turns.get(key);
            if (closed || size >= capacity || (own != null && own.size() >= capacityOfOne)) {
                return false;
            }
            if (own == null) {
                own = new ArrayDeque<>();
                turns.put(key, own);
            }
            own.add(element);
            return added();
        } finally {
            lock.unlock();
        }
    }

    /** Adds what goes before everything that waits for its turn; false if the whole is full or closed. */
    boolean offerFirst(T element) {
        lock.lock();
        try {
            if (closed || size >= capacity) {
                return false;
            }
            first.add(element);
            return added();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses everything from now on; what is in it can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean added() {
        size++;
        filled.signal();
        return true;
    }

    /** Waits for the next element, and takes more with it if they are there already; none once the queue is closed and empty. */
    List<T> take(int most) {
        lock.lock();
        try {
            while (size == 0 && !closed) {
                filled.awaitUninterruptibly();
            }
            return nextUpTo(most);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is there, or what comes within so many nanoseconds; with 0, does not wait. */
    List<T> poll(int most, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (size == 0 && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            return nextUpTo(most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private List<T> nextUpTo(int most) {
        List<T> taken = new ArrayList<>(Math.min(size, most));
        while (size > 0 && taken.size() < most) {
            taken.add(next());
        }
        return taken;
    }

    private T next() {
        size--;
        T element = first.poll();
        if (element != null) {
            return element;
        }
        Map.Entry<String, Queue<T>> turn = turns.entrySet().iterator().next();
        element = turn.getValue().remove();
        turns.remove(turn.getKey());
        if (!turn.getValue().isEmpty()) {
            turns.put(turn.getKey(), turn.getValue());
        }
        return element;
    }

    /** Takes all that is left. */
    List<T> drain() {
        lock.lock();
        try {
            List<T> all = new ArrayList<>(size);
            while (size > 0) {
                all.add(next());
            }
            return all;
        } finally {
            lock.unlock();
        }
    }
}
