package org.farthing.server.drill;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Where bytes leave: the last place to die at. */
final class Wire extends Handler.Wrapper {

    private final StopPoint stop;

    Wire(StopPoint stop, Handler paid) {
        super(paid);
        this.stop = stop;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Response last = new Response.Wrapper(request, response) {
            @Override
            public void write(boolean isLast, ByteBuffer content, Callback written) {
                var unused = stop.at("before answer").thenRun(() -> getWrapped().write(isLast, content, written));
            }
        };
        return super.handle(request, last, callback);
    }
}
