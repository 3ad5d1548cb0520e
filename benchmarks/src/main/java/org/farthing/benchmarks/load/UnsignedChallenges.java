package org.farthing.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/** What a 402 costs without its signature; the product never sends one like this, so it is written out here. */
final class UnsignedChallenges extends Handler.Abstract.NonBlocking {

    private final LoadChallenges challenges;

    UnsignedChallenges(LoadChallenges challenges) {
        this.challenges = challenges;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String body = Problem.of(ProblemType.PAYMENT_REQUIRED, "This request has a price.")
                .toJson();
        response.setStatus(402);
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, challenges.next().format());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }
}
