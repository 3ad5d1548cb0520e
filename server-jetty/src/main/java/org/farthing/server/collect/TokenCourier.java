package org.farthing.server.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.Timers;
import org.farthing.server.gate.Timers.Timer;
import org.farthing.server.ledger.TokenBooks;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presents the tokens a payee took to the issuers that owe for them, until each has an answer that counts (specification:
 * token-remote.md, F-TK-110 to F-TK-114).
 *
 * <p><b>Guarantees.</b> A token is finished only on the issuer's own word; what is not known is asked again, with growing
 * pauses, and asking again is harmless. A token the issuer will not redeem is marked failed, logged as an error and counted as
 * {@link org.farthing.server.gate.PaymentEvent.Kind#COLLECT_FAILED}. Nothing is kept here that the ledger does not have: a
 * process may end at any time. Tokens rest until many are there, so that an issuer does not learn when each was paid with.
 *
 * <p><b>Threads.</b> Thread-safe; never blocks. One call at a time: tokens have days to be presented in.
 */
public final class TokenCourier implements AutoCloseable {

    /** How many tokens one call presents, and how many have no reason to rest any longer. */
    static final int BATCH = 100;

    /** How long the ledger keeps tokens from others: some calls long, and what a restart may have to wait for. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** How often the books are looked at, unless tokens rest for less. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TokenCourier.class);
    private static final int MOST_REASON = 200;

    private final TokenBooks books;
    private final TokenCalls calls;
    private final Rest rest;
    private final Timers timers;
    private final InstantSource clock;
    private final PaymentEvents events;
    private final Map<Line, Pause> pauses = new HashMap<>();
    private boolean open;
    private boolean working;
    private boolean woken;
    private Instant nextRound = Instant.MIN;
    private @Nullable Timer timer;

    /** Whom tokens are presented to, and by whom. */
    private record Line(String issuer, String payee) {}

    /**
     * How long tokens rest before they are presented.
     *
     * @param most at most so long
     * @param isPressing tells from how the books stand with an issuer that they must not rest any longer
     */
    public record Rest(Duration most, Predicate<UploadStatus> isPressing) {}

    /**
     * Creates a courier that does nothing until {@link #start}.
     *
     * @param books what is to be presented
     * @param calls how issuers are spoken to
     * @param rest how long tokens rest
     * @param timers delayed work
     * @param clock the time
     * @param events who hears what was redeemed and what was refused; a listener that throws is only logged
     */
    public TokenCourier(
            TokenBooks books, TokenCalls calls, Rest rest, Timers timers, InstantSource clock, PaymentEvents events) {
        this.books = books;
        this.calls = calls;
        this.rest = rest;
        this.timers = timers;
        this.clock = clock;
        this.events = events;
    }

    /** Starts to work: first on what an earlier process left. */
    public void start() {
        synchronized (this) {
            open = true;
        }
        wake();
    }

    /** Presents whatever waits, without letting it rest. Cheap: several calls make one round. */
    public void wake() {
        synchronized (this) {
            nextRound = Instant.MIN;
            woken |= working;
        }
        look();
    }

    /** Stops. What is under way ends by itself; what is not done stays in the ledger. */
    @Override
    public void close() {
        synchronized (this) {
            open = false;
            stopTimer();
        }
    }

    private void look() {
        boolean round;
        synchronized (this) {
            if (!open || working) {
                return;
            }
            working = true;
            woken = false;
            stopTimer();
            Instant now = clock.instant();
            round = !now.isBefore(nextRound);
            if (round) {
                nextRound = now.plus(rest.most());
            }
        }
        if (round) {
            present();
            return;
        }
        staged(books::uploadStatus).whenComplete((all, failure) -> {
            if (failure != null) {
                away(failure);
            } else if (all.stream()
                    .anyMatch(status ->
                            status.waiting() >= BATCH || rest.isPressing().test(status))) {
                present();
            } else {
                restNow();
            }
        });
    }

    private void present() {
        staged(() -> books.uploads().due(BATCH, LEASE)).whenComplete((due, failure) -> {
            if (failure != null) {
                away(failure);
            } else if (due.isEmpty() || !isOpen()) {
                restNow();
            } else {
                present(due);
            }
        });
    }

    private synchronized boolean isOpen() {
        return open;
    }

    private void away(Throwable failure) {
        LOG.warn(
                "The tokens to be presented cannot be read: {}",
                Causes.of(failure).getMessage());
        restNow();
    }

    private void restNow() {
        boolean again;
        synchronized (this) {
            working = false;
            again = woken;
            if (open && !again) {
                stopTimer();
                timer = timers.after(rest.most().compareTo(LOOK_EVERY) < 0 ? rest.most() : LOOK_EVERY, this::look);
            }
        }
        if (again) {
            look();
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    // ---- one batch -----------------------------------------------------------------------------------------------

    private void present(List<TokenUpload> batch) {
        Line line = new Line(batch.get(0).issuer(), batch.get(0).payee());
        Duration wait = pause(line).remaining(clock.instant());
        if (!wait.isZero()) {
            putOff(batch, wait, "the issuer is away");
            return;
        }
        staged(() -> calls.redeem(new Origin(line.issuer()), new Origin(line.payee()), tokens(batch)))
                .thenApply(answer -> TokenVerdict.of(batch, answer))
                .whenComplete((verdict, failure) -> {
                    if (failure == null) {
                        pause(line).succeeded();
                        note(verdict);
                    } else {
                        failed(line, batch, Causes.of(failure));
                    }
                });
    }

    private synchronized Pause pause(Line line) {
        return pauses.computeIfAbsent(line, unused -> new Pause());
    }

    private static List<BlindToken> tokens(List<TokenUpload> batch) {
        List<BlindToken> tokens = new ArrayList<>();
        for (TokenUpload upload : batch) {
            try {
                tokens.add(BlindToken.parse(upload.token()));
            } catch (MalformedException e) {
                throw new IllegalStateException(
                        "The ledger holds a token that does not parse, number " + upload.seq(), e);
            }
        }
        return tokens;
    }

    private void note(TokenVerdict verdict) {
        staged(() -> books.uploads().done(verdict.answers())).whenComplete((ended, failure) -> {
            if (failure == null) {
                verdict.announce(events);
            } else {
                // Their lease runs out, then they are presented again, and the issuer says that it has them.
                LOG.warn(
                        "What an issuer said cannot be noted: {}",
                        Causes.of(failure).getMessage());
            }
            present();
        });
    }

    /** Nobody knows what the issuer did, or it did nothing. */
    private void failed(Line line, List<TokenUpload> batch, Throwable cause) {
        Instant now = clock.instant();
        Duration wait = pause(line).failed(now, cause);
        if (cause instanceof ServiceCallException call) {
            TokenVerdict.log(call, batch, wait, now);
        } else {
            LOG.error("Presenting tokens to {} failed in the payment code", line.issuer(), cause);
        }
        putOff(batch, wait, String.valueOf(cause.getMessage()));
    }

    private void putOff(List<TokenUpload> batch, Duration wait, String why) {
        List<Long> seqs = batch.stream().map(TokenUpload::seq).toList();
        String said = why.length() > MOST_REASON ? why.substring(0, MOST_REASON) : why;
        staged(() -> books.uploads().again(seqs, wait, said)).whenComplete((waiting, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "The tokens to be presented cannot be put off: {}",
                        Causes.of(failure).getMessage());
            }
            retryAfter(wait);
            // What else waits for an issuer that is away would only be given out to be put off.
            restNow();
        });
    }

    /** What was put off does not rest once more. */
    private synchronized void retryAfter(Duration wait) {
        Instant due = clock.instant().plus(wait);
        if (due.isBefore(nextRound)) {
            nextRound = due;
        }
        timers.after(wait, this::look);
    }

    private static <T> CompletionStage<T> staged(Supplier<CompletionStage<T>> action) {
        try {
            return action.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
