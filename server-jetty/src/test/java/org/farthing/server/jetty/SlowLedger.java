package org.farthing.server.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.server.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/** A ledger whose operations wait until a test lets them go on: as a writer with a long queue, or a database that hangs. */
final class SlowLedger {

    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Map<String, Boolean> slow = new ConcurrentHashMap<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Ledger real;

    SlowLedger(Ledger real) {
        this.real = real;
    }

    /** From now on the operation waits before it does anything. */
    void stopBefore(String operation) {
        slow.put(operation, true);
    }

    /** From now on the operation is done, and its caller waits to hear of it. */
    void stopAfter(String operation) {
        slow.put(operation, false);
    }

    /** Lets everything go on, in the order it came. */
    void goOn() {
        slow.clear();
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    /** How often an operation was asked for. */
    int asked(String operation) {
        return asked.computeIfAbsent(operation, name -> new AtomicInteger()).get();
    }

    int waiting() {
        return waiting.size();
    }

    Ledger ledger() {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    asked.computeIfAbsent(method.getName(), name -> new AtomicInteger())
                            .incrementAndGet();
                    Boolean before = slow.get(method.getName());
                    if (before == null) {
                        return invoke(method, arguments);
                    }
                    if (before) {
                        return later(() -> stage(invoke(method, arguments)));
                    }
                    CompletionStage<Object> done = stage(invoke(method, arguments));
                    CompletableFuture<Object> held = new CompletableFuture<>();
                    // It waits only once it is done, so a test that sees it waiting knows that it is.
                    done.whenComplete((value, failure) -> waiting.add(() -> pass(done, held)));
                    return held;
                });
    }

    private CompletionStage<Object> later(Step step) {
        CompletableFuture<Object> held = new CompletableFuture<>();
        waiting.add(() -> {
            try {
                pass(step.run(), held);
            } catch (Throwable e) {
                held.completeExceptionally(e);
            }
        });
        return held;
    }

    private static void pass(CompletionStage<Object> from, CompletableFuture<Object> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private @Nullable Object invoke(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<Object> stage(@Nullable Object result) {
        return (CompletionStage<Object>) Objects.requireNonNull(result);
    }

    private interface Step {
        CompletionStage<Object> run() throws Throwable;
    }
}
