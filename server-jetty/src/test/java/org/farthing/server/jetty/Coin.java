package org.farthing.server.jetty;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.farthing.protocol.PaymentRequest;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Intent;
import org.farthing.server.method.MethodId;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.Presentation;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/** A payment method from elsewhere: takes whatever comes as a coin of Alice, unless told otherwise. */
final class Coin implements PaymentMethod {

    final AtomicInteger verified = new AtomicInteger();

    @Nullable
    Function<Presentation, @Nullable CompletionStage<Authorization>> answer;

    Map<String, @Nullable Object> details = Map.of();
    String payer = "";
    String paymentId = "";
    long version = 1;

    @Override
    public MethodId id() {
        return new MethodId("coin");
    }

    @Override
    public Set<Intent> intents() {
        return Set.of(Intent.CHARGE);
    }

    @Override
    public PaymentRequest offer(Offer offer, RequestFacts facts) {
        return new PaymentRequest(
                offer.amount(), offer.currency(), facts.origin().text(), null, null, details, Map.of());
    }

    @Override
    @SuppressWarnings("NullAway") // A method may break its contract; the gate must survive it.
    public CompletionStage<Authorization> verify(Presentation presentation) {
        verified.incrementAndGet();
        if (answer != null) {
            return answer.apply(presentation);
        }
        String id = paymentId.isEmpty() ? presentation.credential().challenge().id() : paymentId;
        PaymentRequest request = presentation.request();
        return CompletableFuture.completedFuture(new Payable(
                new Claim(id, payer, "coin", version),
                new Movement(request.amount(), request.currency(), String.valueOf(request.recipient()))));
    }
}
