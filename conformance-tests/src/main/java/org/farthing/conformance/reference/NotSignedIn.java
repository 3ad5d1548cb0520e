package org.farthing.conformance.reference;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Stands before the paywall and sends who is not signed in away from the members' page: first who, then how much (S11). */
final class NotSignedIn extends Handler.Abstract.NonBlocking {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        boolean members = ReferencePage.SIGNED_IN.path().equals(Request.getPathInContext(request));
        if (!members || request.getHeaders().contains(HttpHeader.AUTHORIZATION, ReferenceApplication.LOGIN)) {
            return false;
        }
        response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"members\"");
        Response.writeError(request, response, callback, HttpStatus.UNAUTHORIZED_401);
        return true;
    }
}
