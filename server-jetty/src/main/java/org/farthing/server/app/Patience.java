package org.farthing.server.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for what may take long, and says on standard error how far it is: nothing of it when it is quick. */
final class Patience {

    private final PrintWriter err;
    private final Duration first;
    private final Duration then;

    Patience(PrintWriter err) {
        this(err, Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    /** With how long it waits for the first line, and between the others. */
    Patience(PrintWriter err, Duration first, Duration then) {
        this.err = err;
        this.first = first;
        this.then = then;
    }

    /** Waits for the end; fails as the stage fails. */
    <T> T await(CompletionStage<T> stage, Supplier<String> howFar) {
        Future<T> result = stage.toCompletableFuture();
        Duration wait = first;
        while (true) {
            try {
                return result.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                err.println(howFar.get());
                err.flush();
                wait = then;
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("Interrupted before the end.", e);
            }
        }
    }
}
