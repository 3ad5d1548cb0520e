package org.farthing.server.jetty;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers OPTIONS in the application's place, a browser's preflight above all: never charged, and nothing priced leaks (F-SV-22).
 * What the application can do is not known here, so there is no {@code Allow}.
 */
final class OptionsAnswer extends Handler.Abstract.NonBlocking {

    private final CrossOrigin crossOrigin;

    OptionsAnswer(CrossOrigin crossOrigin) {
        this.crossOrigin = crossOrigin;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.setStatus(HttpStatus.NO_CONTENT_204);
        response.getHeaders().put(RequestId.FIELD, RequestId.of(request));
        if (CrossOrigin.isPreflight(request)) {
            crossOrigin.preflight(request, response.getHeaders());
        } else {
            crossOrigin.answer(request, response.getHeaders());
        }
        callback.succeeded();
        return true;
    }
}
