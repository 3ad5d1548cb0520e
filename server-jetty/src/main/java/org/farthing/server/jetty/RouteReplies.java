package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.farthing.server.mint.MintRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the answers of routes that are not for sale, whatever became of them (specification: wallets.md, F-WA-27; F-WS-4;
 * token-mint.md, F-TK-70 and F-TK-71).
 */
final class RouteReplies {

    private static final Logger LOG = LoggerFactory.getLogger(WalletHandler.class);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String methods;
    private final int longestBody;

    /**
     * Replies to one request.
     *
     * @param methods what {@code Allow} says
     * @param longestBody how many bytes the request may have
     */
    RouteReplies(Request request, Response response, Callback callback, String methods, int longestBody) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.methods = methods;
        this.longestBody = longestBody;
    }

    /** Ends the request with an answer, or with what a failure means. */
    void finish(@Nullable JsonReply reply, @Nullable Throwable failure) {
        try {
            if (reply != null) {
                write(reply);
            } else {
                Throwable cause = failure;
                while (cause instanceof CompletionException && cause.getCause() != null) {
                    cause = cause.getCause();
                }
                fail(cause);
            }
        } catch (RuntimeException e) {
            // Nobody is behind a stage to catch it, and the request must end.
            callback.failed(e);
        }
    }

    private void write(JsonReply reply) {
        byte[] body = reply.json().getBytes(StandardCharsets.UTF_8);
        HttpFields.Mutable fields = response.getHeaders();
        response.setStatus(reply.status());
        fields.put(RequestId.FIELD, RequestId.of(request));
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        fields.put(HttpHeader.CONTENT_TYPE, "application/json");
        fields.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private void fail(@Nullable Throwable cause) {
        if (cause instanceof Refusal refusal) {
            refuse(refusal);
        } else if (cause instanceof MintRefusedException refused) {
            refuse(new Refusal(refused.problem(), refused.retryAfter().orElse(null)));
        } else if (cause instanceof LedgerUnavailableException) {
            LOG.warn("The ledger did not answer, request {}: {}", RequestId.of(request), cause.getMessage());
            refuse(Refusal.waitFirst(
                    ProblemType.LEDGER_UNAVAILABLE, "The ledger is away; try again.", Duration.ofSeconds(1)));
        } else if (cause instanceof HttpException http && http.getCode() == 413) {
            refuse(tooLarge());
        } else if (cause instanceof RuntimeException && !(cause instanceof HttpException)) {
            LOG.error("A route failed, request {}", RequestId.of(request), cause);
            refuse(new Refusal(
                    Problem.of(ProblemType.INTERNAL_PAYMENT_ERROR, "This server made a mistake; it is in its log.")));
        } else {
            // The body broke off or is no HTTP: Jetty answers, if there is anybody left to answer.
            callback.failed(cause);
        }
    }

    private Refusal tooLarge() {
        return new Refusal(Problem.of(ProblemType.BODY_TOO_LARGE, "A body has at most " + longestBody + " bytes here.")
                .with("limit", Integer.toString(longestBody)));
    }

    /** Ends the request with a problem. */
    void refuse(Refusal refusal) {
        Problem problem = refusal.problem();
        HttpFields.Mutable fields = response.getHeaders();
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            fields.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.type() == ProblemType.METHOD_NOT_ALLOWED) {
            fields.put(HttpHeader.ALLOW, methods);
        }
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            fields.put(HttpHeader.RETRY_AFTER, wait.toSeconds());
        }
        ProblemReply.write(request, response, callback, problem);
    }
}
