package org.farthing.server.drill;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Outbox;
import org.farthing.server.ledger.ServicePayments;
import org.farthing.server.ledger.TokenBooks;
import org.farthing.server.ledger.TokenUploads;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that stops at one armed step, {@code before} it reaches the books or {@code after} they are durable, and says so:
 * then the process can be killed exactly there, or told to go on.
 */
final class StopPoint {

    private volatile String armed = "";
    private volatile CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** Says so: what is asked for before may pass the step. */
    void arm(String step) {
        stopped = new CompletableFuture<>();
        armed = step;
        Lines.say("armed " + step);
    }

    /** Goes on at once, or when told to if this step is armed. */
    CompletableFuture<Void> at(String step) {
        if (!armed.equals(step)) {
            return CompletableFuture.completedFuture(null);
        }
        armed = "";
        CompletableFuture<Void> here = stopped;
        Lines.say("at " + step);
        return here;
    }

    /** Lets what stopped go on. */
    void goOn() {
        stopped.complete(null);
    }

    Ledger watch(Ledger ledger) {
        return watch("ledger", Ledger.class, ledger);
    }

    private <T> T watch(String name, Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String step = name + "." + method.getName();
                    if (method.getReturnType() == CompletionStage.class) {
                        return at("before " + step).thenCompose(go -> after(step, stage(target, method, arguments)));
                    }
                    Object result = invoke(target, method, arguments);
                    if (result instanceof Outbox outbox) {
                        return watch("outbox", Outbox.class, outbox);
                    }
                    if (result instanceof ServicePayments payments) {
                        return watch("payments", ServicePayments.class, payments);
                    }
                    // One object may be several of these: what counts is what was asked for.
                    if (method.getReturnType() == TokenUploads.class && result instanceof TokenUploads uploads) {
                        return watch("uploads", TokenUploads.class, uploads);
                    }
                    if (result instanceof TokenBooks tokens) {
                        return watch("tokens", TokenBooks.class, tokens);
                    }
                    return result;
                }));
    }

    private CompletionStage<Object> after(String step, CompletionStage<?> stage) {
        return stage.thenCompose(value -> {
            // Looking into an empty outbox is no step.
            boolean nothing = value instanceof List<?> list && list.isEmpty();
            return nothing
                    ? CompletableFuture.completedFuture(value)
                    : at("after " + step).thenApply(go -> value);
        });
    }

    private static CompletionStage<?> stage(Object target, Method method, @Nullable Object @Nullable [] arguments) {
        try {
            return Objects.requireNonNull((CompletionStage<?>) invoke(target, method, arguments));
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
