package org.farthing.server.collect;

import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Calls that a payee's key signs, as wallet requests (specification: wallet-request.md). They go to configured origins only,
 * follow no redirect, keep no cookie, wait 10 seconds, and read no more than an answer can have.
 *
 * <p>Safe to share between threads; never blocks, but for opening and closing. Stages complete on a thread of this object.
 */
final class SignedCalls implements AutoCloseable {

    /** How long one call may take in all. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String JSON = "application/json";
    private static final int MOST_THREADS = 8;
    private static final int TOKEN_ID_BYTES = 16;
    private static final int MOST_WAIT_SECONDS = 3600;

    private final HttpClient client;
    private final Function<Instant, Optional<SigningKey>> keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    private SignedCalls(HttpClient client, Function<Instant, Optional<SigningKey>> keys, InstantSource clock) {
        this.client = client;
        this.keys = keys;
        this.clock = clock;
    }

    static SignedCalls open(
            Function<Instant, Optional<SigningKey>> keys, InstantSource clock, SslContextFactory.Client tls) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("farthing-collect");
        threads.setDaemon(true);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setSslContextFactory(tls);
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setExecutor(threads);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "farthing"));
        client.setConnectTimeout(TIMEOUT.toMillis());
        LifeCycle.start(client);
        // They would answer 401 and redirects by themselves, and unpack what was packed to be unpacked.
        client.getProtocolHandlers().clear();
        client.getContentDecoderFactories().clear();
        return new SignedCalls(client, keys, clock);
    }

    /** How a body becomes an answer. */
    interface Reading<T> {
        T read(byte[] body) throws MalformedException;
    }

    /** Calls, and reads an answer 200; every other end is a {@link ServiceCallException}. */
    <T> CompletionStage<T> call(RequestTarget target, Origin payee, byte[] body, int mostBytes, Reading<T> reading) {
        return send(target, payee, body, mostBytes).thenApply(answer -> understand(target.origin(), answer, reading));
    }

    /** Calls, and returns whatever was answered; the stage fails with {@link ServiceCallException} if nothing was. */
    CompletionStage<ContentResponse> send(RequestTarget target, Origin payee, byte[] body, int mostBytes) {
        Instant now = clock.instant();
        Optional<SigningKey> key = keys.apply(now);
        if (key.isEmpty()) {
            return CompletableFuture.failedFuture(ServiceCallException.unreachable(
                    target.origin() + " was not asked: no signing key may be used at this time"));
        }
        String token = WalletRequest.sign(key.get(), payee.text(), target.origin(), target, body, now, tokenId());
        Request request = client.newRequest(URI.create(target.url()))
                .method(HttpMethod.fromString(target.method()))
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .headers(fields -> fields.put(HttpHeader.AUTHORIZATION, "Bearer " + token)
                        .put(HttpHeader.ACCEPT, JSON + ", application/problem+json"));
        if (body.length > 0) {
            request.body(new BytesRequestContent(JSON, body));
        }
        return new CompletableResponseListener(request, mostBytes).send().handle((answer, failure) -> {
            if (failure != null) {
                throw new CompletionException(
                        ServiceCallException.unreachable(target.origin() + " cannot be reached: " + why(failure)));
            }
            return answer;
        });
    }

    private static <T> T understand(Origin service, ContentResponse answer, Reading<T> reading) {
        if (answer.getStatus() != HttpStatus.OK_200) {
            throw new CompletionException(refused(service, answer));
        }
        try {
            return reading.read(answer.getContent());
        } catch (MalformedException e) {
            throw new CompletionException(ServiceCallException.unreachable(
                    service + " answered something else than this call's answer: " + e.getMessage()));
        }
    }

    private static ServiceCallException refused(Origin service, ContentResponse answer) {
        int status = answer.getStatus();
        Duration wait = retryAfter(answer);
        try {
            Problem problem = Problem.parse(answer.getContent());
            String code = problem.type().code();
            return ServiceCallException.refused(
                    service + " refused: " + status + " " + code, status, problem.type(), wait);
        } catch (MalformedException e) {
            return ServiceCallException.refused(service + " refused: " + status, status, null, wait);
        }
    }

    private static @Nullable Duration retryAfter(ContentResponse answer) {
        String field = answer.getHeaders().get(HttpHeader.RETRY_AFTER);
        if (field == null || !field.matches("[0-9]{1,6}")) {
            return null;
        }
        return Duration.ofSeconds(Math.min(MOST_WAIT_SECONDS, Integer.parseInt(field)));
    }

    private String tokenId() {
        byte[] bytes = new byte[TOKEN_ID_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** A word for the operator; the messages of other libraries may quote what was answered, so they stay out. */
    static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // The second where the time was up before there was a connection.
        return cause instanceof TimeoutException || cause instanceof SocketTimeoutException
                ? "no answer within " + TIMEOUT.toSeconds() + " seconds"
                : cause.getClass().getSimpleName();
    }

    /** Ends the calls under way and frees the threads. Blocks until done. */
    @Override
    public void close() {
        LifeCycle.stop(client);
    }
}
