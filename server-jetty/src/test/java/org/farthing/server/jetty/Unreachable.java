package org.farthing.server.jetty;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerUnavailableException;

/** Ledgers that do not answer. */
final class Unreachable {

    private Unreachable() {}

    /** Every operation fails at once. */
    static Ledger ledger() {
        return answering(() -> CompletableFuture.failedFuture(
                new LedgerUnavailableException(LedgerUnavailableException.Effect.NONE, "the disk is full", null)));
    }

    /** Every operation answers with what the test hands out. */
    static Ledger answering(Supplier<CompletionStage<?>> answer) {
        return answering(Ledger.class, answer);
    }

    private static <T> T answering(Class<T> books, Supplier<CompletionStage<?>> answer) {
        return books.cast(Proxy.newProxyInstance(
                Unreachable.class.getClassLoader(), new Class<?>[] {books}, (proxy, method, args) -> {
                    Class<?> result = method.getReturnType();
                    if (result == void.class) {
                        return null;
                    }
                    // The books have parts; a part answers as the whole does.
                    return result == CompletionStage.class ? answer.get() : answering(result, answer);
                }));
    }
}
