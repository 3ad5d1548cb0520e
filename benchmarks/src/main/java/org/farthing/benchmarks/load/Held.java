package org.farthing.benchmarks.load;

import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.benchmarks.ledger.Purchases;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Transition;

/**
 * Holds every answer until a charge of its own is durable: money set aside, then captured, as two operations. No credential is
 * read and no signature verified, so that nothing but the ledger and the hand-off stands between this and the plain document.
 */
final class Held extends Handler.Wrapper {

    /** Charges once; completes when that is durable. */
    interface Till {
        CompletionStage<?> charge(HoldRequest purchase);
    }

    private final Purchases purchases = new Purchases();
    private final Till till;

    Held(Till till, Handler document) {
        super(document);
        this.till = till;
    }

    static Till at(Ledger ledger, Purchases purchases) {
        return purchase -> ledger.reserve(purchase)
                .thenCompose(reserved -> {
                    if (reserved instanceof Reserved.Held held) {
                        return ledger.capture(held.ref(), Purchases.PRICE, purchases.outcome());
                    }
                    throw new IllegalStateException("not held: " + reserved);
                })
                .thenAccept(transition -> {
                    if (!(transition instanceof Transition.Done)) {
                        throw new IllegalStateException("not captured: " + transition);
                    }
                });
    }

    static Till at(EchoLane echo) {
        return purchase -> echo.operation().thenCompose(done -> echo.operation());
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        till.charge(purchases.next()).whenComplete((done, failure) -> {
            if (failure == null) {
                answer(request, response, callback);
            } else {
                callback.failed(failure);
            }
        });
        return true;
    }

    private void answer(Request request, Response response, Callback callback) {
        try {
            super.handle(request, response, callback);
        } catch (Exception e) {
            callback.failed(e);
        }
    }
}
