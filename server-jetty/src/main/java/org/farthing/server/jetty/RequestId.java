package org.farthing.server.jetty;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * What a request is called in its answer, its problem body and the log (specification: problems.md, F-PR-4): the caller's
 * {@code X-Request-Id} if it is well formed, else the trace id of its {@code traceparent}, else a random UUID.
 *
 * <p>The first handler that asks decides; the id then stays with the request.
 */
final class RequestId {

    /** The field that carries the id, in requests and answers. */
    static final String FIELD = "X-Request-Id";

    private static final String ATTRIBUTE = RequestId.class.getName();
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** W3C Trace Context section 3.2, version 00; the all-zero trace id is invalid there. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private RequestId() {}

    /** Returns the id of a request, the same each time. */
    static String of(Request request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String id = read(request.getHeaders());
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    private static String read(HttpFields fields) {
        List<String> given = fields.getValuesList(FIELD);
        if (given.size() == 1 && WELL_FORMED.matcher(given.get(0)).matches()) {
            return given.get(0);
        }
        List<String> parents = fields.getValuesList("traceparent");
        var trace = TRACE_PARENT.matcher(parents.size() == 1 ? parents.get(0) : "");
        return trace.matches() ? trace.group(1) : UUID.randomUUID().toString();
    }
}
