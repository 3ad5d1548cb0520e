package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.gate.Patience;
import org.jspecify.annotations.Nullable;

/** {@code POST /token-swap} of a payee with books of its own: reads, limits and answers (specification: token-remote.md, F-TK-115). */
final class SwapRoute {

    /** Where a payee exchanges tokens. */
    static final String PATH = "/token-swap";

    private static final int PER_MINUTE = 60;
    private static final int MOST_KEYS = 10_000;

    private final SwapForwarding swaps;
    private final List<Origin> origins;
    private final Patience patience;
    private final RateBudget budget;

    SwapRoute(SwapForwarding swaps, List<Origin> origins, Patience patience, InstantSource clock) {
        this.swaps = swaps;
        this.origins = List.copyOf(origins);
        this.patience = patience;
        this.budget = new RateBudget(PER_MINUTE, Duration.ofMinutes(1), MOST_KEYS, clock);
    }

    void handle(Request request, Response response, Callback callback, @Nullable String client) {
        String method = HttpMethod.POST.asString();
        RouteReplies replies = new RouteReplies(request, response, callback, method, SwapForwarding.LONGEST_BODY);
        try {
            if (origins.stream().noneMatch(origin -> KnownAuthority.is(request, origin))) {
                throw new Refusal(Problem.of(ProblemType.MISDIRECTED_REQUEST, "This server does not serve this host."));
            }
            if (!request.getMethod().equals(method)) {
                throw new Refusal(Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Only POST can be used here."));
            }
            Duration wait = client == null ? Duration.ZERO : budget.take(client);
            if (!wait.isZero()) {
                throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "This network asks too often.", wait);
            }
            SmallBody.read(request, SwapForwarding.LONGEST_BODY)
                    .thenCompose(body -> inTime(swaps.serve(body)))
                    .whenComplete(replies::finish);
        } catch (Refusal refusal) {
            replies.refuse(refusal);
        }
    }

    /** It may still be made: whoever sends it again finds it done. */
    private CompletionStage<JsonReply> inTime(CompletionStage<JsonReply> reply) {
        return patience.await(
                reply,
                () -> {
                    throw SwapForwarding.later();
                },
                late -> {});
    }
}
