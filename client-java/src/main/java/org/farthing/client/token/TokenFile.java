package org.farthing.client.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.farthing.client.files.LogException;
import org.farthing.client.files.LogFile;
import org.farthing.client.files.LogLine;
import org.farthing.client.files.ProcessLock;
import org.farthing.client.purse.PurseException;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;

/**
 * The file of a purse's tokens: lines that are only ever appended, and now and then rewritten as a whole, under another name, then
 * renamed. What it says is read and changed under the lock of the operating system.
 */
final class TokenFile {

    private static final String FILE = "tokens.jsonl";
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final int ID_BYTES = 16;

    private final Path path;
    private final InstantSource clock;
    private final SecureRandom random;
    private final LogFile file;
    private final ProcessLock lock;
    private @Nullable TokenState state;

    /** Opens the file of a purse's directory, or begins one without tokens. */
    TokenFile(Path directory, InstantSource clock, SecureRandom random) throws IOException {
        this.path = directory.resolve(FILE);
        this.clock = clock;
        this.random = random;
        this.file = new LogFile(path);
        this.lock = new ProcessLock(directory.resolve("tokens.lock"), LOCK_PATIENCE);
        try {
            lock.holding(() -> {
                if (!Files.exists(path)) {
                    file.rewrite(List.of(TokenState.firstLine(newId(), 0, clock.instant())));
                    file.forget();
                }
                return refresh();
            });
        } catch (LogException e) {
            throw new PurseException(String.valueOf(e.getMessage()));
        }
    }

    /** What is done with all that is on disk. */
    @FunctionalInterface
    interface Work<T> {
        T run(TokenState current) throws IOException;
    }

    /** Does something while no other process or thread reads or writes, after reading what they appended. */
    <T> T locked(Work<T> work) throws IOException {
        try {
            return lock.holding(() -> work.run(refresh()));
        } catch (LogException e) {
            throw new PurseException(String.valueOf(e.getMessage()));
        }
    }

    /** Adds lines, which are on disk when it returns. Only within {@link #locked}. */
    void append(List<LogLine> lines) throws IOException {
        TokenState current = current();
        file.append(lines);
        for (LogLine line : lines) {
            current.apply(line);
        }
        if (current.isLoose()) {
            file.rewrite(current.compacted(clock.instant()));
            file.forget();
            refresh();
        }
    }

    /** Brings what is known up to what the file says. A file that cannot be read is forgotten, not half believed. */
    private TokenState refresh() throws IOException {
        boolean done = false;
        try {
            LogFile.News news = file.refresh();
            List<LogLine> lines = news.lines();
            if (news.fromStart()) {
                state = TokenState.start(lines.get(0));
                lines = lines.subList(1, lines.size());
            }
            TokenState current = current();
            for (LogLine line : lines) {
                current.apply(line);
            }
            done = true;
            return current;
        } finally {
            if (!done) {
                state = null;
                file.forget();
            }
        }
    }

    private TokenState current() {
        if (state == null) {
            throw new IllegalStateException("the file is read before it is used");
        }
        return state;
    }

    /** A name that nothing else in the file has. */
    String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** Shows where it is, and nothing of what is in it. */
    @Override
    public String toString() {
        return path.toString();
    }
}
