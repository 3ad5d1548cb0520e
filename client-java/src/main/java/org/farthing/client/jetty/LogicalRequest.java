package org.farthing.client.jetty;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaymentEngine;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.Settlement;
import org.farthing.client.budget.JournalEntry;
import org.jspecify.annotations.Nullable;

/**
 * What the application sees as one request, whatever the client sends for it. It hangs on Jetty's conversation and not on a
 * request: Jetty copies requests for redirects and passwords, and leaves their attributes behind.
 */
final class LogicalRequest {

    private static final String ATTRIBUTE = LogicalRequest.class.getName();

    private final HttpConversation conversation;
    private final CompletableFuture<PaymentOutcome> outcome = new CompletableFuture<>();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile byte @Nullable [] body;
    private volatile @Nullable PaidAnswer paying;
    private volatile @Nullable HttpRequest first;
    private volatile boolean showsPass;

    private LogicalRequest(HttpConversation conversation) {
        this.conversation = conversation;
    }

    static LogicalRequest of(HttpRequest request) {
        HttpConversation conversation = request.getConversation();
        synchronized (conversation) {
            if (conversation.getAttribute(ATTRIBUTE) instanceof LogicalRequest known) {
                return known;
            }
            LogicalRequest started = new LogicalRequest(conversation);
            Object unused = conversation.setAttribute(ATTRIBUTE, started);
            return started;
        }
    }

    /** What became of the money; a copy, so that nobody else completes it. */
    CompletableFuture<PaymentOutcome> outcome() {
        return outcome.copy();
    }

    /** Whether the request in {@code Payment-Pass} shows a pass of ours, and not what the application wrote. */
    boolean showsPass() {
        return showsPass;
    }

    void showsPass(boolean shown) {
        showsPass = shown;
    }

    void hold(byte @Nullable [] bytes) {
        body = bytes;
    }

    /** The body, held to be sent again; null if there is none or it cannot be. */
    byte @Nullable [] body() {
        return body;
    }

    void pays(PaidAnswer answer) {
        paying = answer;
    }

    /** The answer to come to a request with a credential; null for any other request. */
    @Nullable
    PaidAnswer paidBy(Object request) {
        PaidAnswer answer = paying;
        return answer != null && answer.isFor(request) ? answer : null;
    }

    boolean isSettling() {
        return settling.get();
    }

    /** Claims the one answer the application hears of; false if it heard of one. */
    boolean tell() {
        return told.compareAndSet(false, true);
    }

    /** Looks how the request ends if no payment is asked for. */
    void watch(HttpRequest request, PaymentEngine engine) {
        if (!watched.compareAndSet(false, true)) {
            return;
        }
        HttpExchange exchange = conversation.getExchanges().peekLast();
        if (exchange != null && exchange.isResponseComplete() && !isSettling()) {
            unpaid(engine, request, exchange.getResponse().getStatus(), exchange.getResponseFailure());
            return;
        }
        Request unused = request.onComplete(result ->
                unpaid(engine, result.getRequest(), result.getResponse().getStatus(), result.getFailure()));
    }

    private void unpaid(PaymentEngine engine, Request request, int status, @Nullable Throwable failure) {
        if (isSettling() || outcome.isDone()) {
            return;
        }
        if (failure != null) {
            boolean unused = outcome.completeExceptionally(failure);
        } else if (status == HttpStatus.PAYMENT_REQUIRED_402) {
            boolean unused = outcome.complete(new PaymentOutcome.Declined(
                    DeclineReason.REQUEST_UNSUPPORTED, "the request has no URI that can be bound to a payment", null));
        } else {
            if (request.getURI() != null) {
                engine.free(request.getURI());
            }
            boolean unused = outcome.complete(new PaymentOutcome.Free());
        }
    }

    /** When the application's own timeout for the whole of it ends; {@link Long#MAX_VALUE} if there is none. */
    long endNanoTime() {
        HttpRequest start = first;
        return start == null ? Long.MAX_VALUE : start.getTimeoutNanoTime();
    }

    /** Why no further step is taken; null while there may be one. */
    @Nullable
    Throwable stopCause() {
        HttpRequest start = first;
        if (start != null && start.getAbortCause() != null) {
            return start.getAbortCause();
        }
        long end = endNanoTime();
        if (end != Long.MAX_VALUE && NanoTime.until(end) <= 0) {
            return new TimeoutException("the time for the whole request is up");
        }
        return told.get() ? new IllegalStateException("the application has an answer") : null;
    }

    /** The 402 itself broke off: there is no answer. */
    void brokeOff(HttpRequest request, Result result) {
        ResponseListeners application = application();
        Throwable failure = result.getFailure();
        boolean unused = outcome.completeExceptionally(failure);
        if (tell()) {
            application.notifyFailure(result.getResponse(), failure);
            application.notifyComplete(result);
        }
    }

    private ResponseListeners application() {
        return conversation.getExchanges().getFirst().getResponseListeners();
    }

    /** Pays for a 402 if it may, and gives the application the last answer either way. */
    void settle(HttpClient client, PaymentEngine engine, HttpRequest request, JettyReply unpaid) {
        settling.set(true);
        first = conversation.getExchanges().getFirst().getRequest();
        ResponseListeners application = application();
        Scheduler.Task timeUp = timeUp(client, application, unpaid.response());
        JettyCarrier carrier = new JettyCarrier(this, client, request, application);
        CompletableFuture<Settlement<JettyReply>> unused = CompletableFuture.completedFuture(unpaid)
                .thenCompose(answer -> engine.settle(carrier, answer))
                .whenComplete((ended, failure) -> {
                    boolean unusedTask = timeUp.cancel();
                    finish(application, unpaid.response(), ended, failure);
                });
    }

    /** Between two exchanges nobody but us keeps the application's timeout. */
    private Scheduler.Task timeUp(HttpClient client, ResponseListeners application, Response last) {
        long end = endNanoTime();
        return end == Long.MAX_VALUE
                ? () -> true
                : client.getScheduler()
                        .schedule(
                                () -> fail(application, last, stopCause()),
                                Math.max(1, NanoTime.until(end)),
                                TimeUnit.NANOSECONDS);
    }

    /** Takes up a payment with a request that was never sent without a credential. */
    void resume(HttpClient client, PaymentEngine engine, HttpRequest request, JournalEntry payment) {
        settling.set(true);
        watched.set(true);
        first = request;
        ResponseListeners application = request.getResponseListeners();
        JettyCarrier carrier = new JettyCarrier(this, client, request, application);
        CompletableFuture<Settlement<JettyReply>> unused = CompletableFuture.completedFuture(payment)
                .thenCompose(open -> engine.resume(open, carrier))
                .whenComplete((ended, failure) -> finish(application, new HttpResponse(request), ended, failure));
    }

    private void finish(
            ResponseListeners application,
            Response last,
            @Nullable Settlement<JettyReply> ended,
            @Nullable Throwable failure) {
        Throwable stopped = told.get() ? null : stopCause();
        JettyReply answer = ended == null ? null : ended.answer();
        // First: who waits for the answer finds the outcome decided already.
        boolean unused =
                ended == null ? outcome.completeExceptionally(cause(failure)) : outcome.complete(ended.outcome());
        if (stopped != null) {
            fail(application, last, stopped);
        } else if (answer == null) {
            fail(application, last, ended == null ? cause(failure) : noAnswer(ended.outcome()));
        } else if (answer.heldBody() != null && tell()) {
            answer.handTo(application);
        }
    }

    private static Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure == null ? new IllegalStateException("neither an end nor a failure") : failure;
    }

    private static IOException noAnswer(PaymentOutcome outcome) {
        return new IOException(
                outcome instanceof PaymentOutcome.Unknown unknown
                        ? "no answer to a payment: " + unknown.words() + "; the journal has it, to be resumed"
                        : "no answer, and nothing was charged");
    }

    private void fail(ResponseListeners application, Response last, @Nullable Throwable cause) {
        if (tell()) {
            Throwable failure = cause == null ? new IOException("no answer") : cause;
            application.notifyFailure(last, failure);
            application.notifyComplete(new Result(last.getRequest(), last, failure));
        }
    }
}
