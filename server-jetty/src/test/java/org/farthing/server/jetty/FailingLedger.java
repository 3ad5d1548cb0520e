package org.farthing.server.jetty;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.ledger.LedgerUnavailableException.Effect;
import org.jspecify.annotations.Nullable;

/** A ledger whose operations fail when a test says so, before or after they did their work. */
final class FailingLedger {

    private final Map<String, Effect> failing = new ConcurrentHashMap<>();
    private final Ledger real;

    FailingLedger(Ledger real) {
        this.real = real;
    }

    /** From now on the operation certainly does nothing and fails. */
    void failBefore(String operation) {
        failing.put(operation, Effect.NONE);
    }

    /** From now on the operation does its work, and its caller never hears of it. */
    void failAfter(String operation) {
        failing.put(operation, Effect.UNKNOWN);
    }

    void heal() {
        failing.clear();
    }

    Ledger ledger() {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    Effect effect = failing.get(method.getName());
                    if (effect == Effect.NONE) {
                        return failed(effect);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return effect == null ? result : after(result, failed(effect));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static CompletionStage<Object> after(@Nullable Object stage, CompletionStage<Object> then) {
        return ((CompletionStage<?>) Objects.requireNonNull(stage)).thenCompose(done -> then);
    }

    private static CompletionStage<Object> failed(Effect effect) {
        return CompletableFuture.failedFuture(
                new LedgerUnavailableException(effect, "the disk is full", new IllegalStateException("SQLITE_FULL")));
    }
}
