package org.farthing.client.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.farthing.client.PaymentTimer;

/** Where a command runs: what it writes to, the time, and the folder that purse and journal are kept in. */
final class Shell {

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource clock;
    private final PaymentTimer timer;
    private final boolean watched;
    private Path home;

    /**
     * @param out where results go
     * @param err where people are told things
     * @param clock the time
     * @param timer what waits before an order is sent again
     * @param home the folder unless {@code --home} names another
     * @param watched whether {@code err} is a terminal, so that progress may be painted on it
     */
    Shell(PrintStream out, PrintStream err, InstantSource clock, PaymentTimer timer, Path home, boolean watched) {
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.timer = timer;
        this.home = home;
        this.watched = watched;
    }

    static Shell ofProcess() {
        return new Shell(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                InstantSource.system(),
                PaymentTimer.SYSTEM,
                Path.of(System.getProperty("user.home"), ".farthing"),
                isTerminal(Path.of("/proc/self/fd/2")));
    }

    /** Java cannot tell where standard error leads; Linux can. Elsewhere there is no progress, and nothing is lost. */
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

    boolean isWatched() {
        return watched;
    }

    Path home() {
        return home;
    }

    void useHome(Path folder) {
        this.home = folder;
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
