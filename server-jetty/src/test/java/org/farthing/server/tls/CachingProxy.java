package org.farthing.server.tls;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.protocol.binding.Origin;

/**
 * A shared cache that keeps every answer it is not forbidden to keep, whatever its status, for ever (RFC 9111 leaves that to a
 * cache), and asks the origin once for all who want the same at the same time. Rules can be left out, as real caches do.
 */
final class CachingProxy implements AutoCloseable {

    /** What a cache in front may have been built, or configured, not to know. */
    enum Ignorance {
        /** Any stored answer of a target is good for everybody. */
        VARY,
        /** Answers to requests with credentials are kept as others are. */
        AUTHORIZATION
    }

    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length");

    private final Server server = new Server();
    private final ServerConnector connector;
    private final HttpClient upstream = new HttpClient();
    private final Set<Ignorance> ignorance;
    private final int port;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    /** All that is kept of one target; whoever asks for it waits for who asked before. */
    private static final class Shelf {

        private final Map<String, Stored> variants = new TreeMap<>();
        private List<String> selecting = List.of();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(int status, HttpFields fields, byte[] body) {}

    CachingProxy(Set<Ignorance> ignorance, int upstreamPort) throws Exception {
        this.ignorance = ignorance;
        this.port = upstreamPort;
        connector = TlsConnectors.open(server, TestCertificate.shared());
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setTrustStore(TestCertificate.shared().trusted());
        upstream.setSslContextFactory(tls);
        upstream.setFollowRedirects(false);
        upstream.setRequestBufferSize(32 * 1024);
        upstream.setMaxResponseHeadersSize(32 * 1024);
        upstream.setUserAgentField(null);
        server.addBean(upstream);
        server.setHandler(new Cache());
        server.start();
        upstream.getProtocolHandlers().clear();
        upstream.getContentDecoderFactories().clear();
    }

    Origin origin() {
        return new Origin("https://localhost:" + connector.getLocalPort());
    }

    private final class Cache extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String method = request.getMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                send(ask(request), "MISS", response, callback);
                return true;
            }
            Shelf shelf = shelves.computeIfAbsent(request.getHttpURI().getPathQuery(), target -> new Shelf());
            synchronized (shelf) {
                Stored kept = shelf.variants.get(variant(shelf, request));
                Stored usable = request.getHeaders().contains(HttpHeader.RANGE) ? null : kept;
                boolean hit = usable != null;
                Stored answer = usable != null ? usable : ask(request);
                if (!hit && mayKeep(request, answer)) {
                    shelf.selecting = new QuotedCSV(
                                    false,
                                    answer.fields()
                                            .getValuesList(HttpHeader.VARY)
                                            .toArray(String[]::new))
                            .getValues();
                    shelf.variants.put(variant(shelf, request), answer);
                }
                send(answer, hit ? "HIT" : "MISS", response, callback);
            }
            return true;
        }
    }

    private String variant(Shelf shelf, Request request) {
        StringBuilder key = new StringBuilder(request.getMethod());
        if (!ignorance.contains(Ignorance.VARY)) {
            for (String field : shelf.selecting) {
                key.append('\n').append(request.getHeaders().getValuesList(field));
            }
        }
        return key.toString();
    }

    private boolean mayKeep(Request request, Stored answer) {
        List<String> directives = new QuotedCSV(
                        false,
                        answer.fields().getValuesList(HttpHeader.CACHE_CONTROL).toArray(String[]::new))
                .getValues();
        if (directives.contains("no-store") || directives.contains("private") || answer.status() == 304) {
            return false;
        }
        if (answer.fields().getValuesList(HttpHeader.VARY).contains("*")) {
            return ignorance.contains(Ignorance.VARY);
        }
        boolean allowed = directives.stream()
                .anyMatch(directive -> directive.equals("public")
                        || directive.startsWith("s-maxage")
                        || directive.equals("must-revalidate"));
        return allowed
                || ignorance.contains(Ignorance.AUTHORIZATION)
                || !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
    }

    private Stored ask(Request request) throws Exception {
        var out = upstream.newRequest("localhost", port)
                .scheme("https")
                .method(request.getMethod())
                .path(request.getHttpURI().getPathQuery());
        out.headers(fields -> {
            fields.clear();
            fields.put(HttpHeader.HOST, origin().text().substring("https://".length()));
            copy(request.getHeaders(), fields);
        });
        ByteBuffer body = Content.Source.asByteBuffer(request);
        if (body.hasRemaining()) {
            out.body(new BytesRequestContent(BufferUtil.toArray(body)));
        }
        ContentResponse answer = out.send();
        HttpFields.Mutable kept = HttpFields.build();
        copy(answer.getHeaders(), kept);
        return new Stored(answer.getStatus(), kept.asImmutable(), answer.getContent());
    }

    private static void copy(HttpFields from, HttpFields.Mutable to) {
        for (HttpField field : from) {
            if (!HOP_BY_HOP.contains(field.getLowerCaseName()) && field.getHeader() != HttpHeader.HOST) {
                to.add(field);
            }
        }
    }

    private static void send(Stored answer, String how, Response response, Callback callback) {
        response.setStatus(answer.status());
        copy(answer.fields(), response.getHeaders());
        response.getHeaders().put("X-Cache", how);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
