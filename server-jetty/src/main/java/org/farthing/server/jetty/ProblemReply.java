package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;

/**
 * Writes a refusal (specification: problems.md, F-PR-1 to F-PR-8): status, request id, {@code no-store}, and the body as
 * {@code application/problem+json}, or in the plain form for who strictly prefers {@code application/json}. Fields set on the
 * response before, such as {@code WWW-Authenticate}, stay.
 */
final class ProblemReply {

    private static final String PROBLEM_JSON = "application/problem+json";
    private static final String PLAIN_JSON = "application/json";

    private ProblemReply() {}

    /** Writes the problem and completes the callback; a HEAD request gets the head of it. */
    static void write(Request request, Response response, Callback callback, Problem problem) {
        String id = RequestId.of(request);
        Problem named = problem.withRequestId(id);
        boolean plain = prefersPlain(request.getHeaders());
        HttpFields.Mutable fields = response.getHeaders();
        response.setStatus(problem.status());
        fields.put(RequestId.FIELD, id);
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        fields.put(HttpHeader.CONTENT_TYPE, plain ? PLAIN_JSON : PROBLEM_JSON);
        fields.put(HttpHeader.CONTENT_LANGUAGE, "en");
        fields.add(HttpHeader.VARY, "Accept");
        byte[] body = (plain ? named.toPlainJson() : named.toJson()).getBytes(StandardCharsets.UTF_8);
        fields.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static boolean prefersPlain(HttpFields fields) {
        String accept = String.join(",", fields.getValuesList(HttpHeader.ACCEPT));
        return !accept.isBlank() && quality(accept, PLAIN_JSON) > quality(accept, PROBLEM_JSON);
    }

    /** The quality, in thousandths, that an Accept field gives a media type: by its most specific range (RFC 9110 12.5.1). */
    private static int quality(String accept, String type) {
        int quality = 0;
        int specific = -1;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String name = parts[0].strip();
            int rank = name.equalsIgnoreCase(type)
                    ? 2
                    : name.equalsIgnoreCase("application/*") ? 1 : name.equals("*/*") ? 0 : -1;
            if (rank > specific) {
                specific = rank;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static int weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("q=") || part.startsWith("Q=")) {
                String digits = part.substring(2);
                return digits.matches("[01](\\.[0-9]{0,3})?") ? (int) Math.round(Double.parseDouble(digits) * 1000) : 0;
            }
        }
        return 1000;
    }
}
