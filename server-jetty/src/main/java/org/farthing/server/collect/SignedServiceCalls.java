package org.farthing.server.collect;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.protocol.wallet.ServicePayment;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to wallet services over the network, each call signed by the payee's key as a wallet request (specification:
 * wallet-request.md). It goes to configured origins only, follows no redirect, keeps no cookie, waits 10 seconds, and reads no
 * more than an answer can have.
 *
 * <p>Safe to share between threads; never blocks, but for opening and closing. Stages complete on a thread of this object.
 */
public final class SignedServiceCalls implements ServiceCalls, AutoCloseable {

    /** How long one call may take in all. */
    public static final Duration TIMEOUT = SignedCalls.TIMEOUT;

    static final String CURSOR = "[A-Za-z0-9._~-]{1,512}";

    private final SignedCalls calls;

    private SignedServiceCalls(SignedCalls calls) {
        this.calls = calls;
    }

    /**
     * Opens connections as they are needed.
     *
     * @param key a key of the payee's key document
     * @param clock the time of the requests
     * @return the calls; close them last
     */
    public static SignedServiceCalls open(SigningKey key, InstantSource clock) {
        return open(key, clock, new SslContextFactory.Client());
    }

    /**
     * Opens connections as they are needed, for a payee whose keys change meanwhile.
     *
     * @param keys the key of the payee's key document that signs at a time, or empty if none may be used then: such a call is
     *     not made and fails as one that did not reach the service
     * @param clock the time of the requests
     * @return the calls; close them last
     */
    public static SignedServiceCalls open(Function<Instant, Optional<SigningKey>> keys, InstantSource clock) {
        return new SignedServiceCalls(SignedCalls.open(keys, clock, new SslContextFactory.Client()));
    }

    static SignedServiceCalls open(SigningKey key, InstantSource clock, SslContextFactory.Client tls) {
        return new SignedServiceCalls(SignedCalls.open(now -> Optional.of(key), clock, tls));
    }

    @Override
    public CompletionStage<CaptureResults> settle(Origin service, Origin payee, CaptureBatch batch) {
        RequestTarget target = RequestTarget.of("POST", service, "/v1/captures", null);
        return call(target, payee, batch.format(), CaptureBatch.MAX_BYTES, body -> CaptureResults.parse(body, batch));
    }

    @Override
    public CompletionStage<ServicePayment> refund(Origin service, Origin payee, RefundOrder order) {
        RequestTarget target = RequestTarget.of("POST", service, "/v1/refunds", null);
        return call(target, payee, order.format(), CaptureBatch.MAX_BYTES, ServicePayment::parse);
    }

    @Override
    public CompletionStage<PaymentsPage> payments(Origin service, Origin payee, @Nullable String cursor, int limit) {
        if (cursor != null && !cursor.matches(CURSOR)) {
            return CompletableFuture.failedFuture(
                    ServiceCallException.unreachable(service + " gave a cursor that no URL can carry"));
        }
        String query = "limit=" + limit + (cursor == null ? "" : "&cursor=" + cursor);
        RequestTarget target = RequestTarget.of("GET", service, "/v1/captures", query);
        return call(target, payee, "", PaymentsPage.MAX_BYTES, PaymentsPage::parse);
    }

    private <T> CompletionStage<T> call(
            RequestTarget target, Origin payee, String text, int mostBytes, SignedCalls.Reading<T> reading) {
        return calls.call(target, payee, text.getBytes(StandardCharsets.UTF_8), mostBytes, reading);
    }

    /** Ends the calls under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        calls.close();
    }
}
