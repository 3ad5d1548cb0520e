package org.farthing.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.method.ExchangingMethod;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.purse.Purse;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.TrustMode;
import org.farthing.client.trust.TrustQuestion;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything one paying client works with. Immutable, shared by its conversations. */
record Payer(
        Purse purse,
        SpendingPolicy policy,
        SpendingJournal journal,
        OriginPins pins,
        KeyFetcher keys,
        List<PaymentMethod> methods,
        TrustQuestion trust,
        InstantSource clock,
        PaymentTimer timer,
        Executor executor,
        PaymentListener listener,
        PassBook passes,
        Settings settings) {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);

    /**
     * The numbers and switches.
     *
     * @param loopback whether the loopback profile is on
     * @param replaceAuthorization whether a credential may take the place of the caller's own Authorization
     * @param announces whether requests carry {@code Accept-Payment}
     * @param trustMode whether origins that are not pinned may be paid; the pins themselves may be stricter
     * @param mostBody bytes of a request body that are held to be sent again
     * @param patience how long an answer to a credential is waited for in all
     * @param answerTimeout how long one attempt waits, if the request does not say
     * @param currencies the codes of the currencies to pay in, the most wanted first; others come after them
     */
    record Settings(
            boolean loopback,
            boolean replaceAuthorization,
            boolean announces,
            TrustMode trustMode,
            int mostBody,
            Duration patience,
            Duration answerTimeout,
            List<String> currencies) {}

    /** A step that may block: on the disk, on a lock, on a person. */
    @FunctionalInterface
    interface BlockingStep<T> {
        T run() throws IOException;
    }

    /** Runs it where blocking does no harm. An executor that refuses is a failure of the future, like any other. */
    <T> CompletableFuture<T> blocking(BlockingStep<T> step) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return step.run();
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    },
                    executor);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The first method of the challenge's name that takes it; where none does, one that can say why. */
    Optional<PaymentMethod> methodFor(Challenge challenge) {
        List<PaymentMethod> named =
                methods.stream().filter(method -> speaks(method, challenge)).toList();
        return named.stream()
                .filter(method -> takes(method, challenge))
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    private static boolean speaks(PaymentMethod method, Challenge challenge) {
        try {
            return method.speaks(challenge.method(), challenge.intent());
        } catch (RuntimeException e) {
            LOG.warn("a payment method failed: {}", e.getClass().getName());
            return false;
        }
    }

    private static boolean takes(PaymentMethod method, Challenge challenge) {
        try {
            return method.takes(challenge);
        } catch (RuntimeException e) {
            LOG.warn("a payment method failed: {}", e.getClass().getName());
            return false;
        }
    }

    /** The method that may ask a payment's wallet service; empty if the owner wants that service no more. */
    Optional<ExchangingMethod> exchanging(Origin service) {
        return methods.stream()
                .filter(ExchangingMethod.class::isInstance)
                .map(ExchangingMethod.class::cast)
                .filter(method -> method.contacts(service))
                .findFirst();
    }

    /** What this client can pay with, the most wanted first; empty if it is not to be told. */
    Optional<String> acceptPayment() {
        return settings.announces() ? Optional.of(ranges()) : Optional.empty();
    }

    private String ranges() {
        return new AcceptPayment(methods.stream()
                        .map(method -> new AcceptPayment.Range(method.method(), method.intent(), 1000))
                        .distinct()
                        .toList())
                .format();
    }

    /** What to show in {@code Payment-Pass}: where the same request was paid for, and its pass still holds. */
    Optional<String> pass(String method, URI uri) {
        return passes.find(method, uri, clock.instant()).map(PassBook.Kept::pass);
    }

    void tell(PaymentEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn("a payment listener failed: {}", e.getClass().getName());
        }
    }
}
