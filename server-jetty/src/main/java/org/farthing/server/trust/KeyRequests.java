package org.farthing.server.trust;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;

/**
 * One GET of a document of keys by the rules of F-KY-50 and F-KY-51: status 200 and nothing else, a bounded body in bounded time,
 * no redirect, credential, cookie, proxy or content coding, and a connection of its own to an address that was checked.
 *
 * @param <T> the document as it is read
 */
final class KeyRequests<T> {

    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_THREADS = 8;

    private final HttpClient client;
    private final Kind<T> kind;
    private final boolean loopbackProfile;
    private final Duration timeout;

    /**
     * What can differ between the world and a test.
     *
     * @param names how names become addresses
     * @param allowed which addresses may be connected to
     * @param tls whom to trust
     * @param timeout how long a fetch may take in all
     */
    record Surroundings(
            PinnedAddresses.NameService names,
            Predicate<InetAddress> allowed,
            SslContextFactory.Client tls,
            Duration timeout) {

        /** The world. */
        static Surroundings world() {
            return new Surroundings(
                    InetAddress::getAllByName,
                    PublicAddresses::contain,
                    new SslContextFactory.Client(),
                    Duration.ofSeconds(3));
        }
    }

    /**
     * What is fetched.
     *
     * @param <T> the document as it is read
     * @param path where it stands at every origin
     * @param mediaType what is asked for
     * @param mostBytes how long it may be
     * @param reading how its bytes are read
     */
    record Kind<T>(String path, String mediaType, int mostBytes, Reading<T> reading) {}

    /**
     * How bytes become a document.
     *
     * @param <T> the document
     */
    interface Reading<T> {
        T read(byte[] body, Freshness freshness) throws MalformedException;
    }

    KeyRequests(Kind<T> kind, Surroundings around, boolean loopbackProfile) {
        this.kind = kind;
        this.loopbackProfile = loopbackProfile;
        this.timeout = around.timeout();
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("farthing-keys");
        threads.setDaemon(true);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setSslContextFactory(around.tls());
        client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setExecutor(threads);
        client.setSocketAddressResolver(
                new PinnedAddresses(around.names(), around.allowed(), loopbackProfile, threads));
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "farthing"));
        client.setMaxResponseHeadersSize(MOST_HEADER_BYTES);
        client.setAddressResolutionTimeout(timeout.toMillis());
        client.setConnectTimeout(timeout.toMillis());
        client.setIdleTimeout(timeout.toMillis());
        client.setDestinationIdleTimeout(60_000);
    }

    void start() {
        LifeCycle.start(client);
        // They would answer 401, 407 and redirects by themselves, and unpack what was packed to be unpacked.
        client.getProtocolHandlers().clear();
        client.getContentDecoderFactories().clear();
    }

    void stop() {
        LifeCycle.stop(client);
    }

    /** Fetches; the future fails with {@link KeysUnavailableException} and nothing else. */
    CompletableFuture<T> get(Origin origin) {
        if (!origin.isHttps() && !(loopbackProfile && origin.isLoopback())) {
            return CompletableFuture.failedFuture(
                    unavailable(origin, "are at a plain http origin, which is not asked"));
        }
        Request request = client.newRequest(URI.create(origin.text() + kind.path()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .headers(fields -> fields.put(HttpHeader.ACCEPT, kind.mediaType())
                        .put(HttpHeader.CACHE_CONTROL, "no-cache")
                        .put(HttpHeader.CONNECTION, "close"));
        return new CompletableResponseListener(request, kind.mostBytes()).send().handle((answer, failure) -> {
            if (failure != null) {
                throw new CompletionException(
                        unavailable(origin, "could not be fetched: " + why(failure, kind.mostBytes())));
            }
            return document(origin, answer);
        });
    }

    private T document(Origin origin, ContentResponse answer) {
        if (answer.getStatus() != HttpStatus.OK_200) {
            throw new CompletionException(unavailable(origin, "could not be fetched: status " + answer.getStatus()));
        }
        try {
            Freshness freshness = Freshness.of(
                    answer.getHeaders().get(HttpHeader.AGE), answer.getHeaders().get(HttpHeader.CACHE_CONTROL));
            return kind.reading().read(answer.getContent(), freshness);
        } catch (MalformedException e) {
            throw new CompletionException(unavailable(origin, "are not readable: " + e.getMessage()));
        }
    }

    private static KeysUnavailableException unavailable(Origin origin, String what) {
        return new KeysUnavailableException("The keys of " + origin + " " + what + ".");
    }

    /** A word for the operator; the messages of other libraries may quote what was answered, so they stay out. */
    static String why(Throwable failure, int mostBytes) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof PinnedAddresses.ForbiddenAddressException) {
            return "its name leads to an address that is not public";
        }
        if (cause instanceof UnknownHostException) {
            return "there is no such host";
        }
        // The second where the time was up before there was a connection.
        if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof ConnectException) {
            return "nobody answers there";
        }
        if (cause instanceof SSLException) {
            return "TLS failed, or its certificate is not trusted";
        }
        return cause instanceof IllegalArgumentException
                ? "longer than " + mostBytes + " bytes"
                : cause.getClass().getSimpleName();
    }
}
