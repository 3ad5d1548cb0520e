package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.internal.CanonicalJson;

/** The application behind the paywall. Each answer has a number of its own, so that a second delivery can be told from a replay. */
final class ReferenceApplication extends Handler.Abstract.NonBlocking {

    private static final int LARGE = 300_000;
    private static final long SLOW_MILLIS = 300;

    private final AtomicLong served = new AtomicLong();

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Optional<ReferencePage> found = Stream.of(ReferencePage.values())
                .filter(page -> page.path().equals(Request.getPathInContext(request)))
                .findFirst();
        if (found.isEmpty()) {
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            return true;
        }
        switch (found.get()) {
            case MISSING -> Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            case DENIED -> Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            case FAILING -> throw new IllegalStateException("this page fails, to show what becomes of the money");
            case SLOW -> {
                var unused = request.getComponents()
                        .getScheduler()
                        .schedule(() -> answer(found.get(), response, callback), SLOW_MILLIS, TimeUnit.MILLISECONDS);
            }
            default -> answer(found.get(), response, callback);
        }
        return true;
    }

    private void answer(ReferencePage page, Response response, Callback callback) {
        Map<String, Object> body = new TreeMap<>();
        body.put("page", page.word());
        body.put("served", Long.toString(served.incrementAndGet()));
        if (page == ReferencePage.LARGE) {
            body.put("text", "0123456789".repeat(LARGE / 10));
        }
        byte[] json = CanonicalJson.write(body).getBytes(UTF_8);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, json.length);
        response.write(true, ByteBuffer.wrap(json), callback);
    }
}
