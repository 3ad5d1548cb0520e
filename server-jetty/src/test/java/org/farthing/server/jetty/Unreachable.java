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
        return (Ledger) Proxy.newProxyInstance(
                Unreachable.class.getClassLoader(),
                new Class<?>[] {Ledger.class},
                (proxy, method, args) -> method.getReturnType() == void.class ? null : answer.get());
    }
}
