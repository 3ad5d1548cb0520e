package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Serves the key document at {@code /.well-known/payment-keys} (specification: keys.md, F-KY-1), without authentication and
 * without a price, and leaves every other path to the handler it wraps. Put it outside the payment handler.
 *
 * <p>{@code GET} and {@code HEAD}; {@code public, max-age=3600} with an {@code ETag}; an authority that is none of the
 * document's origins is 421. A document from a supplier may change at any time; the next request gets the new one.
 * Never blocks.
 */
public final class KeysHandler extends Handler.Wrapper {

    private static final String MEDIA_TYPE = "application/jwk-set+json";
    private static final String CACHE_CONTROL = "public, max-age=3600";

    private final Supplier<KeyDirectory> source;
    private volatile Published published;

    /** A document as it is sent. Never compared, and nobody else has its bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Published(KeyDirectory directory, byte[] body, String etag, List<Origin> origins) {

        static Published of(KeyDirectory directory) {
            byte[] body = directory.format().getBytes(StandardCharsets.UTF_8);
            return new Published(
                    directory,
                    body,
                    '"' + ContentDigest.of(body).base64() + '"',
                    directory.origins().stream().map(Origin::new).toList());
        }
    }

    /**
     * Creates the handler; set the handler it wraps, or put it before others in a sequence.
     *
     * @param directory what to publish
     */
    public KeysHandler(KeyDirectory directory) {
        this(directory, null);
    }

    /**
     * Creates the handler around another.
     *
     * @param directory what to publish
     * @param handler serves all other paths, or null
     */
    public KeysHandler(KeyDirectory directory, @Nullable Handler handler) {
        this(() -> directory, handler);
    }

    /**
     * Creates the handler around another, with a document that changes (specification: keys.md, F-KY-34).
     *
     * @param source what to publish: the same object until it changes; asked for each request, so it must not block or throw
     * @param handler serves all other paths, or null
     */
    public KeysHandler(Supplier<KeyDirectory> source, @Nullable Handler handler) {
        super(handler);
        this.source = source;
        this.published = Published.of(source.get());
    }

    /** The source gives the same object until it changes. */
    @SuppressWarnings("ReferenceEquality")
    private Published current() {
        KeyDirectory directory = source.get();
        Published last = published;
        if (last.directory() == directory) {
            return last;
        }
        Published made = Published.of(directory);
        published = made;
        return made;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!KeyDirectory.WELL_KNOWN_PATH.equals(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        Published document = current();
        if (document.origins().stream().noneMatch(origin -> KnownAuthority.is(request, origin))) {
            Problem problem = Problem.of(ProblemType.MISDIRECTED_REQUEST, "This server does not serve this host.");
            ProblemReply.write(request, response, callback, problem);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            Problem problem = Problem.of(ProblemType.METHOD_NOT_ALLOWED, "The key document can only be read.");
            ProblemReply.write(request, response, callback, problem);
        } else {
            serve(document, request, response, callback);
        }
        return true;
    }

    private static void serve(Published document, Request request, Response response, Callback callback) {
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(HttpHeader.CACHE_CONTROL, CACHE_CONTROL);
        fields.put(HttpHeader.ETAG, document.etag());
        if (isCurrent(document.etag(), request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH))) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            callback.succeeded();
            return;
        }
        fields.put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
        fields.put(HttpHeader.CONTENT_LENGTH, document.body().length);
        response.write(true, ByteBuffer.wrap(document.body()).asReadOnlyBuffer(), callback);
    }

    /** RFC 9110 section 13.1.2: the comparison is weak, and {@code *} matches what exists. */
    static boolean isCurrent(String etag, List<String> ifNoneMatch) {
        for (String field : ifNoneMatch) {
            for (String tag : field.split(",", -1)) {
                String opaque = tag.strip();
                if (opaque.equals("*") || opaque.equals(etag) || opaque.equals("W/" + etag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
