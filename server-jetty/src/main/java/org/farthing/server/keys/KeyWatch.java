package org.farthing.server.keys;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key folder that a running server looks at again and again, so that keys and secrets are rotated, revoked and pruned without
 * a restart (specification: keys.md, F-KY-34).
 *
 * <p><b>Guarantees.</b> All or nothing: a folder in which one file is missing, open to others, unreadable, unsafe or refused by
 * a {@link #require check} changes nothing; the server goes on with what it had, and the log says why, once and not at every
 * look. The listeners of {@link #onChange} hear of new keys before {@link #get} gives them out, so a key is published before it
 * signs. A last key that was revoked is taken away also when no other is left.
 *
 * <p><b>Threads.</b> {@link #get} never blocks and never throws. Files are read on a thread of this object once it is
 * {@link #start started}, every 10 seconds.
 *
 * @param <K> {@link ServerKeys} or {@link TokenKeys}
 */
public final class KeyWatch<K> implements Supplier<K>, AutoCloseable {

    /** How often the folder is looked at. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);
    private static final Duration SAY_AGAIN = Duration.ofHours(1);

    /** How a folder is read. */
    private interface Reading<K> {
        K read(Instant now) throws IOException;
    }

    private final KeyFiles files;
    private final InstantSource clock;
    private final Reading<K> reading;
    private final List<Consumer<? super K>> checks = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super K>> listeners = new CopyOnWriteArrayList<>();
    private final Object turn = new Object();
    private volatile K keys;
    private String state;
    private @Nullable String said;
    private Instant saidAt = Instant.EPOCH;
    private @Nullable ScheduledExecutorService thread;

    private KeyWatch(KeyFiles files, InstantSource clock, K keys, String state, Reading<K> reading) {
        this.files = files;
        this.clock = clock;
        this.keys = keys;
        this.state = state;
        this.reading = reading;
    }

    /**
     * Loads the folder of a server that charges.
     *
     * @param files the folder
     * @param clock the time; a signing key must be usable now
     * @return what was loaded, not watched yet
     * @throws IOException as {@link KeyFiles#load}
     */
    public static KeyWatch<ServerKeys> payee(KeyFiles files, InstantSource clock) throws IOException {
        // The digest first: what changes while the keys are read is noticed at the next look.
        String state = files.state();
        return new KeyWatch<>(files, clock, files.load(clock.instant()), state, files::read);
    }

    /**
     * Loads the folder of a wallet service.
     *
     * @param files the folder
     * @param clock the time; a signing key must be usable now
     * @return what was loaded, not watched yet
     * @throws IOException as {@link KeyFiles#loadWalletService}
     */
    public static KeyWatch<TokenKeys> walletService(KeyFiles files, InstantSource clock) throws IOException {
        String state = files.state();
        return new KeyWatch<>(
                files, clock, files.loadWalletService(clock.instant()), state, now -> files.readWalletService());
    }

    /**
     * Returns the keys as of the last look that found nothing wrong.
     *
     * @return always the same object until they change
     */
    @Override
    public K get() {
        return keys;
    }

    /**
     * Adds a check that new keys must pass, and passes the present ones through it.
     *
     * @param check throws an {@link IllegalArgumentException} or {@link IllegalStateException} whose message says what to do
     */
    public void require(Consumer<? super K> check) {
        synchronized (turn) {
            check.accept(keys);
            checks.add(check);
        }
    }

    /**
     * Adds a listener and tells it the present keys.
     *
     * @param listener hears of keys that passed all checks, before they are used; must not throw
     */
    public void onChange(Consumer<? super K> listener) {
        synchronized (turn) {
            listener.accept(keys);
            listeners.add(listener);
        }
    }

    /** Begins to look at the folder, every {@link #INTERVAL}, until it is closed. Once. */
    public void start() {
        synchronized (turn) {
            if (thread != null) {
                throw new IllegalStateException("this folder is watched already");
            }
            ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "farthing-keys");
                made.setDaemon(true);
                return made;
            });
            thread = watching;
            var unused = watching.scheduleWithFixedDelay(
                    this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Looks at the folder now.
     *
     * @return whether something changed and is used from now on
     * @throws IOException if the folder cannot be used as it is; nothing changed then
     * @throws IllegalArgumentException if a check refused the new keys; nothing changed then
     * @throws IllegalStateException if a check refused the new keys; nothing changed then
     */
    public boolean reload() throws IOException {
        synchronized (turn) {
            String found = files.state();
            if (found.equals(state)) {
                said = null;
                return false;
            }
            K read = reading.read(clock.instant());
            if (!files.state().equals(found)) {
                // Somebody is writing: the next look takes it whole.
                return false;
            }
            checks.forEach(check -> check.accept(read));
            listeners.forEach(listener -> listener.accept(read));
            keys = read;
            state = found;
            said = null;
            LOG.info("The keys of {} changed and are in use: {}", files.folder(), read);
            return true;
        }
    }

    /** A look that tells the operator and nobody else. */
    void look() {
        try {
            var unused = reload();
        } catch (IOException | RuntimeException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    private void complain(String sentence) {
        Instant now = clock.instant();
        synchronized (turn) {
            if (sentence.equals(said) && now.isBefore(saidAt.plus(SAY_AGAIN))) {
                return;
            }
            said = sentence;
            saidAt = now;
        }
        LOG.error("The changed keys of {} are not used; the ones before stay in use. {}", files.folder(), sentence);
    }

    /** Looks at the folder no more. The keys stay as they are. */
    @Override
    public void close() {
        synchronized (turn) {
            ScheduledExecutorService watching = thread;
            if (watching != null) {
                watching.shutdownNow();
            }
        }
    }

    /** The folder, and nothing of the keys. */
    @Override
    public String toString() {
        return "KeyWatch[" + files.folder() + "]";
    }
}
