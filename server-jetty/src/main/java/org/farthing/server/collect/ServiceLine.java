package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.server.collect.Verdict.Told;
import org.farthing.server.ledger.OutboxAnswer;
import org.farthing.server.ledger.OutboxItem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One payee's way to one wallet service: one call at a time, so that a service in trouble is not given more, and a pause that
 * doubles while calls fail. Between calls it rests, so that what is sold meanwhile goes along; a whole batch that waits has
 * nothing to gain by that and goes at once, until the service says that it counts calls. The items of one token come here one after the other: the outbox gives out none before the earlier
 * ones are done.
 */
final class ServiceLine {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureCourier.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;
    private static final int MOST_REASON = 200;
    private static final int MOST_PUT_OFF = 1000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String AWAY = "the service is away";
    private static final Duration URGENT = Duration.ofMinutes(10);

    private final Origin service;
    private final Origin payee;
    private final CaptureCourier courier;
    private final Deque<OutboxItem> queue = new ArrayDeque<>();
    private final Set<Long> here = new HashSet<>();
    private boolean calling;
    private int rests;
    private boolean counted;
    private int failures;
    private int most = CaptureBatch.MAX_ITEMS;
    private @Nullable Instant pausedUntil;

    ServiceLine(CaptureCourier.Counter counter, CaptureCourier courier) {
        this.service = new Origin(counter.service());
        this.payee = new Origin(counter.payee());
        this.courier = courier;
    }

    /**
     * Takes items over, but for those it has: their lease ran out while they waited for their turn. While the service is known
     * to be away they go straight back to the outbox.
     */
    void add(List<OutboxItem> items) {
        List<OutboxItem> fresh = new ArrayList<>();
        Duration pause;
        synchronized (this) {
            for (OutboxItem item : items) {
                if (here.add(item.seq())) {
                    fresh.add(item);
                }
            }
            pause = remainingPause();
            if (pause == null) {
                queue.addAll(fresh);
            }
        }
        courier.laidDown(items.size() - fresh.size());
        if (pause == null) {
            next();
        } else {
            putOff(fresh, pause, AWAY);
        }
    }

    private @Nullable Duration remainingPause() {
        Instant until = pausedUntil;
        Instant now = courier.clock().instant();
        return until == null || !now.isBefore(until) ? null : Duration.between(now, until);
    }

    private void next() {
        List<OutboxItem> batch = new ArrayList<>();
        synchronized (this) {
            boolean wait = rests > 0 && (counted || !wholeBatchWaits());
            if (calling || wait || queue.isEmpty() || !courier.isOpen()) {
                return;
            }
            take(batch);
            calling = true;
            rests++;
        }
        courier.after(CaptureCourier.BETWEEN_CALLS, this::rested);
        staged(() -> tell(batch)).whenComplete((answers, failure) -> {
            if (failure == null) {
                answered(batch, answers);
            } else {
                failed(batch, Causes.of(failure));
            }
        });
    }

    private void rested() {
        synchronized (this) {
            rests--;
        }
        next();
    }

    private boolean wholeBatchWaits() {
        return most == CaptureBatch.MAX_ITEMS
                && queue.size() >= most
                && queue.stream().limit(most).noneMatch(item -> item.kind() == OutboxItem.Kind.REFUND);
    }

    /** A refund by itself, or as many captures and releases as one call takes. */
    private void take(List<OutboxItem> batch) {
        while (!queue.isEmpty() && batch.size() < most) {
            boolean refund = queue.element().kind() == OutboxItem.Kind.REFUND;
            if (refund && !batch.isEmpty()) {
                return;
            }
            batch.add(queue.remove());
            if (refund) {
                return;
            }
        }
    }

    private CompletionStage<List<Told>> tell(List<OutboxItem> batch) {
        OutboxItem first = batch.get(0);
        if (first.kind() == OutboxItem.Kind.REFUND) {
            return refund(first).thenApply(List::of);
        }
        CaptureBatch asked =
                new CaptureBatch(batch.stream().map(ServiceLine::item).toList());
        return courier.calls().settle(service, payee, asked).thenApply(results -> Verdict.of(batch, results.results()));
    }

    private static CaptureBatch.Item item(OutboxItem item) {
        return item.kind() == OutboxItem.Kind.CAPTURE
                ? CaptureBatch.Item.capture(item.tokenId(), Amount.of(item.amount()), item.rb())
                : CaptureBatch.Item.release(item.tokenId(), item.rb());
    }

    private CompletionStage<Told> refund(OutboxItem item) {
        RefundOrder order = new RefundOrder(item.tokenId(), Amount.of(item.amount()), key(item), item.reason());
        return courier.calls().refund(service, payee, order).handle((payment, failure) -> {
            if (failure == null) {
                return Verdict.ofRefund(item, payment);
            }
            return Verdict.ofRefund(item, Causes.of(failure));
        });
    }

    /** The refund's own identity; where the wire cannot carry it, something that stands for it and nothing else. */
    private static String key(OutboxItem item) {
        String key = item.idempotencyKey();
        boolean fits = key != null && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return key != null && fits ? key : "h_" + Sha256.base64url(item.challengeId() + "\n" + key);
    }

    // ---- what came of it -----------------------------------------------------------------------------------------

    private void answered(List<OutboxItem> batch, List<Told> told) {
        synchronized (this) {
            failures = 0;
            pausedUntil = null;
            most = Math.min(CaptureBatch.MAX_ITEMS, most * 2);
        }
        List<OutboxAnswer> answers = told.stream()
                .map(answer -> new OutboxAnswer(answer.item().seq(), answer.result(), answer.lost()))
                .toList();
        staged(() -> courier.outbox().done(answers)).whenComplete((ended, failure) -> {
            if (failure == null) {
                told.forEach(answer -> answer.announce(courier.events()));
            } else {
                // Their lease runs out, then they are told again, and the service says the same.
                LOG.warn(
                        "What {} said cannot be noted: {}",
                        service,
                        Causes.of(failure).getMessage());
            }
            ready(batch);
        });
    }

    /** Nobody knows what the service did, or it did nothing: everything in this line waits. */
    private void failed(List<OutboxItem> batch, Throwable cause) {
        List<OutboxItem> all = new ArrayList<>(batch);
        Duration pause;
        synchronized (this) {
            all.addAll(queue);
            queue.clear();
            pause = pause(cause);
            failures++;
            pausedUntil = courier.clock().instant().plus(pause);
            if (isOddItem(cause)) {
                most = 1;
            }
            counted |= isTooOften(cause);
            // Before anything is put off: what comes back from there may be due at once, and must find the line free.
            calling = false;
        }
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof ServiceCallException call) {
            log(call, all, pause);
        } else {
            LOG.error("Telling {} failed in the payment code", service, cause);
        }
        putOff(all, pause, why);
    }

    /** One item the service cannot take must not keep the others of its batch. */
    private static boolean isOddItem(Throwable cause) {
        return !(cause instanceof ServiceCallException call) || call.problem() == ProblemType.BAD_REQUEST;
    }

    private static boolean isTooOften(Throwable cause) {
        return cause instanceof ServiceCallException call && call.status() == TOO_MANY_REQUESTS;
    }

    private Duration pause(Throwable cause) {
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        Duration own = grown.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : grown;
        Duration asked = cause instanceof ServiceCallException call ? call.retryAfter() : null;
        if (asked == null || asked.compareTo(own) < 0) {
            return own;
        }
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    /** Being away is a warning; being away when money is let go, or not knowing us, is the operator's alarm (T61). */
    private void log(ServiceCallException cause, List<OutboxItem> all, Duration pause) {
        Instant soon = courier.clock().instant().plus(URGENT);
        boolean urgent = all.stream()
                .anyMatch(item -> item.kind() == OutboxItem.Kind.CAPTURE
                        && item.holdExpires().isBefore(soon));
        if (urgent) {
            LOG.error(
                    "Items for a wallet service wait: {}, and it lets money of them go within {}. {} Next try in {}",
                    all.size(),
                    URGENT,
                    cause.getMessage(),
                    pause);
        } else if (cause.status() / 100 == 4 && !isTooOften(cause)) {
            LOG.error(
                    "Items for a wallet service wait: {}, and waiting may not help. {} Next try in {}",
                    all.size(),
                    cause.getMessage(),
                    pause);
        } else {
            LOG.warn("Items for a wallet service wait: {}. {} Next try in {}", all.size(), cause.getMessage(), pause);
        }
    }

    private void putOff(List<OutboxItem> items, Duration pause, String why) {
        String short200 = why.length() > MOST_REASON ? why.substring(0, MOST_REASON) : why;
        List<CompletableFuture<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < items.size(); from += MOST_PUT_OFF) {
            List<Long> part = items.subList(from, Math.min(items.size(), from + MOST_PUT_OFF)).stream()
                    .map(OutboxItem::seq)
                    .toList();
            parts.add(
                    staged(() -> courier.outbox().again(part, pause, short200)).toCompletableFuture());
        }
        CompletionStage<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        all.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("The outbox cannot be written: {}", Causes.of(failure).getMessage());
            }
            leave(items);
            courier.wakeAfter(pause);
        });
    }

    private void ready(List<OutboxItem> batch) {
        synchronized (this) {
            calling = false;
        }
        next();
        leave(batch);
        courier.wake();
    }

    /** A line that stopped at an exception would carry nothing any more. */
    private static <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> action) {
        try {
            return action.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void leave(List<OutboxItem> items) {
        synchronized (this) {
            items.forEach(item -> here.remove(item.seq()));
        }
        courier.laidDown(items.size());
    }
}
