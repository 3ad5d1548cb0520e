package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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
    private static final long SLOW_MILLIS = 500;

    /** The one member of {@link ReferencePage#SIGNED_IN}: user and password of RFC 7617's example. */
    static final String LOGIN = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";

    private final Map<ReferencePage, AtomicLong> made = new EnumMap<>(ReferencePage.class);

    ReferenceApplication() {
        for (ReferencePage page : ReferencePage.values()) {
            made.put(page, new AtomicLong());
        }
    }

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
            case COUNTER -> count(ReferencePage.PAID, response, callback);
            case COUNTER_POST -> count(ReferencePage.PAID_POST, response, callback);
            case MISSING -> Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            case DENIED -> Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            case FAILING -> Response.writeError(request, response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500);
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
        body.put("served", Long.toString(made(page).incrementAndGet()));
        if (page == ReferencePage.LARGE) {
            body.put("text", "0123456789".repeat(LARGE / 10));
        }
        write("application/json", CanonicalJson.write(body), response, callback);
    }

    private void count(ReferencePage page, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        write("text/plain", made(page).toString(), response, callback);
    }

    private AtomicLong made(ReferencePage page) {
        return Objects.requireNonNull(made.get(page), "every page has a number");
    }

    private static void write(String type, String text, Response response, Callback callback) {
        byte[] bytes = text.getBytes(UTF_8);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }
}
