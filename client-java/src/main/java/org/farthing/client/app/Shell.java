package org.farthing.client.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.farthing.client.PaymentTimer;
import org.jspecify.annotations.Nullable;

/** Where a command runs: what it writes to, the time, and the folder that purse and journal are kept in. */
final class Shell {

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;
    private final PaymentTimer timer;
    private final Duration keyPatience;
    private final boolean watched;
    private final @Nullable InputStream answers;
    private Path home;

    /**
     * @param out where results go
     * @param err where people are told things
     * @param clock the time
     * @param timer what waits before an order is sent again
     * @param keyPatience how long fetching a key document may take
     * @param home the folder unless {@code --home} names another
     * @param watched whether {@code err} is a terminal, so that progress may be painted on it
     * @param answers where a person at a terminal answers questions, or null if there is nobody to ask
     */
    Shell(
            PrintStream out,
            PrintStream err,
            InstantSource clock,
            PaymentTimer timer,
            Duration keyPatience,
            Path home,
            boolean watched,
            @Nullable InputStream answers) {
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.timer = timer;
        this.keyPatience = keyPatience;
        this.home = home;
        this.watched = watched;
        this.answers = answers;
    }

    /** With the 3 seconds of F-KY-50 for keys. */
    static Shell ofProcess() {
        boolean watched = isTerminal(Path.of("/proc/self/fd/2"));
        return new Shell(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                InstantSource.system(),
                PaymentTimer.SYSTEM,
                Duration.ofSeconds(3),
                Path.of(System.getProperty("user.home"), ".farthing"),
                watched,
                watched && isTerminal(Path.of("/proc/self/fd/0")) ? System.in : null);
    }

    /**
     * Java cannot tell where a stream leads; Linux can. Elsewhere there is no progress, and questions are answered by options
     * of the command line.
     */
    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    InstantSource clock() {
        return clock;
    }

    PaymentTimer timer() {
        return timer;
    }

    Duration keyPatience() {
        return keyPatience;
    }

    boolean isWatched() {
        return watched;
    }

    Path home() {
        return home;
    }

    void useHome(Path folder) {
        this.home = folder;
    }

    /** Whether there is somebody to ask. */
    boolean canAsk() {
        return answers != null;
    }

    /** Asks at the terminal. Only a typed yes is one. */
    boolean confirms(String question) throws IOException {
        if (answers == null) {
            return false;
        }
        out.flush();
        err.print(question + " [y/N] ");
        err.flush();
        StringBuilder answer = new StringBuilder();
        for (int b = answers.read(); b >= 0 && b != '\n'; b = answers.read()) {
            answer.append((char) b);
        }
        String word = answer.toString().strip().toLowerCase(Locale.ROOT);
        return word.equals("y") || word.equals("yes");
    }

    /** Prints a line of the result. */
    void print(String line) {
        out.println(line);
    }

    /** Tells people something; a pipe does not see it. */
    void say(String line) {
        err.println(line);
    }
}
