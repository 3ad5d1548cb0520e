package org.farthing.conformance.server;

import java.net.URI;
import java.util.List;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.RawRequest;
import org.jspecify.annotations.Nullable;

/**
 * One URL of the server that is checked, and how to ask for it.
 *
 * @param name what it is
 * @param uri where it is, absolute
 * @param method how to ask for it
 * @param fields field lines it needs, such as {@code Content-Type}
 * @param body the body it needs, or null
 */
public record Page(
        PageName name,
        URI uri,
        String method,
        List<FieldLine> fields,
        @Nullable String body) {

    /** Copies the list. */
    public Page {
        fields = List.copyOf(fields);
    }

    /** A page that GET gets. */
    public static Page get(PageName name, URI uri) {
        return new Page(name, uri, "GET", List.of(), null);
    }

    /** The request for it, without credential. */
    public RawRequest request() {
        RawRequest request = RawRequest.of(method, target());
        for (FieldLine line : fields) {
            request = request.with(line);
        }
        return body == null ? request : request.withBody(body);
    }

    /** Its path and query as they stand in the request. */
    public String target() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
