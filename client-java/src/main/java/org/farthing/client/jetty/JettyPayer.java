package org.farthing.client.jetty;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.ProtocolHandlers;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEngine;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingJournal;

/**
 * Answers the 402s of a Jetty {@link HttpClient}, within what its owner allowed (spec/client.md). The application goes on to
 * use the client as it does: its listeners hear of one answer, the last, and of a paid one as its bytes come.
 *
 * <pre>{@code
 * HttpClient client = new HttpClient();
 * client.start();
 * JettyPayer payer = JettyPayer.install(client, PayingClient.builder(purse, policy));
 * Request request = client.newRequest("https://shop.example/report");
 * ContentResponse answer = request.send();
 * PaymentOutcome outcome = payer.outcome(request).get();
 * }</pre>
 *
 * <p>One request pays at most once by itself, whatever Jetty sends for it on its own; a 402 that was reached by a redirect
 * from another origin is not paid, and a request with a credential follows no redirect and answers no 401. A request body that
 * can be rewound, up to the limit (8 MiB), is held in memory; others are sent, and never paid for. A client that was told to
 * trust any certificate, or not to look at host names, pays nothing. Where an application breaks a request off between two
 * exchanges, it hears of it before the next step. Answers that may not be the last (402, 409, 5xx, and any that says the payment is pending) are cut off after 64 KiB.
 * A {@code ProtocolHandler} of the application's own that takes 402s goes first.
 *
 * <p>Jetty's own log at DEBUG shows what goes over the wire, credentials too; nothing of ours is written there.
 *
 * <p>After {@link HttpClient#stop} and {@link HttpClient#start} it is there again. Safe to share between threads; it never
 * blocks a thread of the client.
 */
public final class JettyPayer implements HttpClient.Aware {

    /** A receipt token, or four blind tokens, and what else a request says. */
    private static final int LEAST_HEADERS_SIZE = 16 * 1024;

    /** Jetty's own for final answers; the first that accepts one gets it, so ours must stand before them. */
    private static final List<String> OTHERS = List.of(
            ContinueProtocolHandler.NAME,
            RedirectProtocolHandler.NAME,
            WWWAuthenticationProtocolHandler.NAME,
            ProxyAuthenticationProtocolHandler.NAME);

    private final HttpClient client;
    private final PaymentEngine engine;
    private final Announcement announcement;

    private JettyPayer(HttpClient client, PaymentEngine engine) {
        this.client = client;
        this.engine = engine;
        this.announcement = new Announcement(engine);
    }

    /**
     * Makes a client pay. Its limit for the headers of a request is raised to 16 KiB if it is lower.
     *
     * @param client a started client
     * @param options what a {@link PayingClient} would be made with: purse, policy, and the rest. Key documents and wallet
     *     services are asked with the TLS settings of the Jetty client, unless {@link PayingClient.Builder#httpClient} was set
     * @return what pays
     * @throws IOException if the journal, the pins or the purse's lists cannot be relied on
     * @throws IllegalStateException if the client is not started, or pays already
     */
    public static JettyPayer install(HttpClient client, PayingClient.Builder options) throws IOException {
        if (!client.isStarted()) {
            throw new IllegalStateException("start the HttpClient first");
        }
        if (!client.getContainedBeans(JettyPayer.class).isEmpty()) {
            throw new IllegalStateException("this HttpClient pays already");
        }
        JettyPayer payer = new JettyPayer(
                client, options.buildEngine(client.getSslContextFactory().getSslContext()));
        client.addBean(payer);
        payer.setHttpClient(client);
        return payer;
    }

    /** Called by Jetty at each start, when its own handlers are there. */
    @Override
    public void setHttpClient(HttpClient started) {
        if (started != client) {
            throw new IllegalStateException("installed in another HttpClient");
        }
        if (client.getMaxRequestHeadersSize() < LEAST_HEADERS_SIZE) {
            client.setMaxRequestHeadersSize(LEAST_HEADERS_SIZE);
        }
        ProtocolHandlers handlers = client.getProtocolHandlers();
        List<ProtocolHandler> after =
                OTHERS.stream().map(handlers::remove).filter(Objects::nonNull).toList();
        ProtocolHandler unusedOurs = handlers.put(new PaymentProtocolHandler(client, engine));
        for (ProtocolHandler handler : after) {
            ProtocolHandler unusedNone = handlers.put(handler);
        }
        boolean unused = client.getRequestListeners().addBeginListener(announcement);
    }

    /** Leaves the client as it was. Requests under way should be over: a payment of theirs stays in the journal. */
    public void uninstall() {
        ProtocolHandler unusedOurs = client.getProtocolHandlers().remove(PaymentProtocolHandler.NAME);
        boolean unusedListener = client.getRequestListeners().removeBeginListener(announcement);
        boolean unusedBean = client.removeBean(this);
    }

    /**
     * What became of the money of a request.
     *
     * @param request a request of this client, before it is sent, while it is under way, or after
     * @return completes when the last byte is there: with {@link PaymentOutcome.Free} if nothing was asked for, with
     *     {@link PaymentOutcome.Unknown} also where a paid answer broke off, which can be resumed. It fails if no answer came to
     *     the request without a payment; what happens to a payment is an outcome and no failure. Cancelling it changes nothing
     */
    public CompletableFuture<PaymentOutcome> outcome(Request request) {
        LogicalRequest logical = LogicalRequest.of((HttpRequest) request);
        logical.watch((HttpRequest) request, engine);
        return logical.outcome();
    }

    /**
     * Takes up an open payment: sends the stored bytes again, and gets what was paid for.
     *
     * @param payment an open payment of the {@link #journal}
     * @param request a new request like the one that was paid for, with its headers and body; it must not be sent otherwise
     * @param listener hears of the answer, as do the request's own listeners; of a failure if no answer came
     * @return what became of the money. It fails with an {@link IllegalStateException} if the payment is over, with an
     *     {@link IllegalArgumentException} if the request is another, and with an {@link IOException} if the journal cannot
     *     be relied on
     */
    public CompletableFuture<PaymentOutcome> resume(
            JournalEntry payment, Request request, Response.CompleteListener listener) {
        HttpRequest given = (HttpRequest) request;
        LogicalRequest logical = LogicalRequest.of(given);
        announcement.announce(given, logical);
        boolean unused = given.getResponseListeners().addCompleteListener(listener, true);
        logical.resume(client, engine, given, payment);
        return logical.outcome();
    }

    /**
     * The journal of the payments.
     *
     * @return the journal
     */
    public SpendingJournal journal() {
        return engine.journal();
    }

    /** Shows the purse's directory, and nothing of what is in it. */
    @Override
    public String toString() {
        return "JettyPayer[" + engine + "]";
    }
}
