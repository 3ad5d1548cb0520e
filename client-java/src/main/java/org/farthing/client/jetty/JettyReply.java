package org.farthing.client.jetty;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.ResponseListeners;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.farthing.client.Reply;
import org.jspecify.annotations.Nullable;

/** An answer of Jetty's client: held, or on its way to the application. */
final class JettyReply implements Reply {

    private final Response response;
    private final HttpFields headers;
    private final byte @Nullable [] held;
    private final CompletableFuture<Boolean> arrived;

    private JettyReply(Response response, byte @Nullable [] held, CompletableFuture<Boolean> arrived) {
        this.response = response;
        // An application may take fields away as it hears of them.
        this.headers = HttpFields.build(response.getHeaders()).asImmutable();
        this.held = held;
        this.arrived = arrived;
    }

    static JettyReply held(Response response, HeldContent content) {
        return new JettyReply(response, content.bytes(), CompletableFuture.completedFuture(true));
    }

    static JettyReply streamed(Response response, CompletableFuture<Boolean> arrived) {
        return new JettyReply(response, null, arrived);
    }

    @Override
    public int status() {
        return response.getStatus();
    }

    @Override
    public List<String> values(String field) {
        return headers.getValuesList(field);
    }

    @Override
    public byte @Nullable [] heldBody() {
        return held == null ? null : held.clone();
    }

    @Override
    public CompletableFuture<Boolean> arrived() {
        return arrived;
    }

    Response response() {
        return response;
    }

    /** Gives a held answer to the application as if it came just now. */
    void handTo(ResponseListeners application) {
        String type = response.getHeaders().get(HttpHeader.CONTENT_TYPE);
        ContentResponse whole = ContentResponse.from(
                response,
                held,
                type == null ? null : MimeTypes.getContentTypeWithoutCharset(type),
                type == null ? null : MimeTypes.getCharsetFromContentType(type));
        application.emitSuccessComplete(new Result(response.getRequest(), whole));
    }
}
