package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Challenges made and signed before they are asked for, so that the requests of a busy page do not wait for signatures
 * (spec/challenge.md, F-CH-46 and F-CH-47).
 *
 * <p>For what was asked for twice within a second, as many are kept ready as were asked for in a second, made by one task at a
 * time on the executor. Each is given out once. What lies ready for long, or was made with keys that are not the current ones,
 * is thrown away. Nothing here says who asked, and memory is bounded, so a flood changes no state but this.
 *
 * <p><b>Threads.</b> Thread-safe. Taking holds a lock for some look-ups; signatures are made outside of it.
 */
final class ChallengePool {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentGate.class);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int MOST_TARGETS = 512;
    private static final int ROUND = 16;

    private final Executor executor;
    private final InstantSource clock;
    private final Duration keep;
    private final int mostReady;
    private final Maker maker;
    private final Map<Target, Demand> targets = new LinkedHashMap<>(16, 0.75f, true);
    private int ready;
    private boolean filling;
    private Instant nextCleaning = Instant.MIN;

    /**
     * Creates an empty pool.
     *
     * @param executor where challenges are prepared
     * @param clock the time
     * @param keep how long one may lie ready
     * @param mostReady how many are ready at most, of all targets together
     * @param maker makes them
     */
    ChallengePool(Executor executor, InstantSource clock, Duration keep, int mostReady, Maker maker) {
        this.executor = executor;
        this.clock = clock;
        this.keep = keep;
        this.mostReady = mostReady;
        this.maker = maker;
    }

    /** Makes one challenge. */
    interface Maker {

        /**
         * Makes and signs a fresh challenge.
         *
         * @throws RuntimeException if there is none to be had
         */
        Prepared make(Target target, Instant now);
    }

    /**
     * All that a challenge without a body depends on, beside its nonce and the time.
     *
     * @param method the method that is offered
     * @param route the route
     * @param offer the offer at the price of the request
     * @param request what is asked for
     * @param values the price facts
     * @param facts the same as methods see them; not compared
     */
    record Target(
            PaymentMethod method,
            Route route,
            Offer offer,
            RequestTarget request,
            Map<String, String> values,
            RequestFacts facts) {

        static Target of(PaymentMethod method, Route route, Offer offer, RequestFacts facts) {
            return new Target(
                    method, route, offer, facts.target(), facts.priced().asMap(), facts);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Target that
                    && method.equals(that.method)
                    && route.equals(that.route)
                    && offer.equals(that.offer)
                    && request.equals(that.request)
                    && values.equals(that.values);
        }

        @Override
        public int hashCode() {
            return Objects.hash(method, route, offer.amount(), offer.currency(), request, values);
        }
    }

    /**
     * A challenge and what it was made with.
     *
     * @param challenge the challenge
     * @param secrets what binds its id
     * @param key what signed it
     * @param made when
     */
    record Prepared(Challenge challenge, SecretRing secrets, SigningKey key, Instant made) {

        /** Identity is meant: another set of secrets or another key was loaded meanwhile. */
        @SuppressWarnings("ReferenceEquality")
        boolean isMadeWith(SecretRing current, SigningKey signing) {
            return secrets == current && key == signing;
        }
    }

    private static final class Demand {

        private final ArrayDeque<Prepared> ready = new ArrayDeque<>();
        private Instant window;
        private int asked;
        private int before;

        Demand(Instant now) {
            window = now;
        }

        void ask(Instant now) {
            roll(now);
            asked++;
        }

        private void roll(Instant now) {
            Duration age = Duration.between(window, now);
            if (age.isNegative() || age.compareTo(WINDOW.multipliedBy(2)) >= 0) {
                before = 0;
                asked = 0;
                window = now;
            } else if (age.compareTo(WINDOW) >= 0) {
                before = asked;
                asked = 0;
                window = window.plus(WINDOW);
            }
        }

        /** As many as were asked for in a second; the first one of a second says nothing. */
        int wanted(Instant now) {
            roll(now);
            int most = Math.max(asked, before);
            return most < 2 ? 0 : most;
        }
    }

    /** Takes a challenge that lies ready, and notes that one was asked for. Null if there is none. */
    @Nullable
    Challenge take(Target target, SecretRing secrets, SigningKey key, Instant now) {
        Challenge taken;
        boolean fill;
        synchronized (this) {
            Demand demand = targets.computeIfAbsent(target, created -> new Demand(now));
            demand.ask(now);
            throwAwayStale(now);
            taken = poll(demand, secrets, key, now);
            forgetOldest();
            fill = !filling && isShort(demand, now);
            filling |= fill;
        }
        if (fill) {
            start();
        }
        return taken;
    }

    /** Tells whether one lies ready now; somebody else may take it. */
    synchronized boolean has(Target target) {
        Demand demand = targets.get(target);
        return demand != null && !demand.ready.isEmpty();
    }

    /** Returns how many lie ready. */
    synchronized int size() {
        return ready;
    }

    /** Returns how many targets are known. */
    synchronized int targets() {
        return targets.size();
    }

    private @Nullable Challenge poll(Demand demand, SecretRing secrets, SigningKey key, Instant now) {
        Prepared next = demand.ready.poll();
        while (next != null) {
            ready--;
            if (next.isMadeWith(secrets, key) && now.isBefore(next.made().plus(keep))) {
                return next.challenge();
            }
            next = demand.ready.poll();
        }
        return null;
    }

    /** Half empty: with every one taken a new one to make, each would cost a task of its own. */
    private boolean isShort(Demand demand, Instant now) {
        int wanted = Math.min(demand.wanted(now), mostReady);
        return ready < mostReady && wanted > 0 && demand.ready.size() <= wanted / 2;
    }

    /** What lies ready for pages that nobody asks for any more must not keep the busy ones from having theirs. */
    private void throwAwayStale(Instant now) {
        if (ready < mostReady || now.isBefore(nextCleaning)) {
            return;
        }
        nextCleaning = now.plus(WINDOW);
        for (Demand demand : targets.values()) {
            Prepared oldest = demand.ready.peek();
            while (oldest != null && !now.isBefore(oldest.made().plus(keep))) {
                demand.ready.remove();
                ready--;
                oldest = demand.ready.peek();
            }
        }
    }

    private void forgetOldest() {
        Iterator<Demand> oldest = targets.values().iterator();
        while (targets.size() > MOST_TARGETS) {
            ready -= oldest.next().ready.size();
            oldest.remove();
        }
    }

    // ---- filling -------------------------------------------------------------------------------------------------

    private void start() {
        try {
            executor.execute(this::fill);
        } catch (RuntimeException e) {
            // No thread for it: requests make their own.
            synchronized (this) {
                filling = false;
            }
        }
    }

    private void fill() {
        try {
            for (List<Target> wanting = wanting(); !wanting.isEmpty(); wanting = wanting()) {
                wanting.forEach(this::fill);
            }
        } catch (RuntimeException e) {
            LOG.debug("No challenges are prepared: the requests will say why", e);
            synchronized (this) {
                filling = false;
            }
        }
    }

    /** Who wants more; if nobody does, this task ends. */
    private synchronized List<Target> wanting() {
        Instant now = clock.instant();
        List<Target> wanting = new ArrayList<>();
        if (ready < mostReady) {
            targets.forEach((target, demand) -> {
                if (demand.ready.size() < demand.wanted(now)) {
                    wanting.add(target);
                }
            });
        }
        filling = !wanting.isEmpty();
        return wanting;
    }

    /** A few for each in turn, so that one busy page does not keep the others waiting. */
    private void fill(Target target) {
        for (int i = 0; i < ROUND; i++) {
            Instant now = clock.instant();
            Prepared prepared = maker.make(target, now);
            synchronized (this) {
                Demand demand = targets.get(target);
                if (demand == null || ready >= mostReady) {
                    return;
                }
                demand.ready.add(prepared);
                ready++;
                if (demand.ready.size() >= demand.wanted(now)) {
                    return;
                }
            }
        }
    }
}
