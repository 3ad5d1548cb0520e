package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.LedgerUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the answers of the wallet routes, whatever became of them (specification: wallets.md, F-WA-27; F-WS-4). */
final class WalletReplies {

    private static final Logger LOG = LoggerFactory.getLogger(WalletHandler.class);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final List<WalletRoute> routes;

    WalletReplies(Request request, Response response, Callback callback, List<WalletRoute> routes) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.routes = routes;
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
        } else if (cause instanceof LedgerUnavailableException) {
            LOG.warn("The ledger did not answer, request {}: {}", RequestId.of(request), cause.getMessage());
            refuse(Refusal.waitFirst(
                    ProblemType.LEDGER_UNAVAILABLE, "The ledger is away; try again.", Duration.ofSeconds(1)));
        } else if (cause instanceof HttpException http && http.getCode() == 413) {
            refuse(tooLarge());
        } else if (cause instanceof RuntimeException && !(cause instanceof HttpException)) {
            LOG.error("A wallet route failed, request {}", RequestId.of(request), cause);
            refuse(new Refusal(
                    Problem.of(ProblemType.INTERNAL_PAYMENT_ERROR, "This server made a mistake; it is in its log.")));
        } else {
            // The body broke off or is no HTTP: Jetty answers, if there is anybody left to answer.
            callback.failed(cause);
        }
    }

    private Refusal tooLarge() {
        int most = routes.stream()
                .filter(route -> route.kind().method.equals(request.getMethod()))
                .mapToInt(route -> route.kind().longestBody)
                .max()
                .orElse(0);
        return new Refusal(Problem.of(ProblemType.BODY_TOO_LARGE, "A body has at most " + most + " bytes here.")
                .with("limit", Integer.toString(most)));
    }

    /** Ends the request with a problem. */
    void refuse(Refusal refusal) {
        Problem problem = refusal.problem();
        HttpFields.Mutable fields = response.getHeaders();
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            fields.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.type() == ProblemType.METHOD_NOT_ALLOWED) {
            fields.put(HttpHeader.ALLOW, methods(routes));
        }
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            fields.put(HttpHeader.RETRY_AFTER, wait.toSeconds());
        }
        ProblemReply.write(request, response, callback, problem);
    }

    static String methods(List<WalletRoute> routes) {
        return routes.stream().map(route -> route.kind().method).collect(Collectors.joining(", "));
    }
}
