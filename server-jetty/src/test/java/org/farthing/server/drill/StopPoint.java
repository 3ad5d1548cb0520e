package org.farthing.server.drill;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Outbox;
import org.farthing.server.ledger.ServicePayments;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that stops for ever at one armed step, {@code before} it reaches the books or {@code after} they are durable, and
 * says so: then the process can be killed exactly there.
 */
final class StopPoint {

    private volatile String armed = "";

    void arm(String step) {
        armed = step;
    }

    /** Stops here if this step is armed; for steps that are not the ledger's. */
    boolean stops(String step) {
        if (!armed.equals(step)) {
            return false;
        }
        armed = "";
        Lines.say("at " + step);
        return true;
    }

    Ledger watch(Ledger ledger) {
        return watch("ledger", Ledger.class, ledger);
    }

    private <T> T watch(String name, Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String step = name + "." + method.getName();
                    boolean asynchronous = method.getReturnType() == CompletionStage.class;
                    if (asynchronous && stops("before " + step)) {
                        return new CompletableFuture<>();
                    }
                    Object result = invoke(target, method, arguments);
                    if (result instanceof Outbox outbox) {
                        return watch("outbox", Outbox.class, outbox);
                    }
                    if (result instanceof ServicePayments payments) {
                        return watch("payments", ServicePayments.class, payments);
                    }
                    return result instanceof CompletionStage<?> stage ? after(step, stage) : result;
                }));
    }

    private CompletionStage<Object> after(String step, CompletionStage<?> stage) {
        return stage.thenCompose(value -> {
            // Looking into an empty outbox is no step.
            boolean nothing = value instanceof List<?> list && list.isEmpty();
            return !nothing && stops("after " + step)
                    ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(value);
        });
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
