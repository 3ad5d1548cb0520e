package org.farthing.server.jetty;

import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty server without a socket: raw bytes in, raw bytes out. */
final class Answers implements AutoCloseable {

    private final Server server = new Server(new QueuedThreadPool(8, 4));
    private final LocalConnector connector = new LocalConnector(server);

    Answers(Handler handler) throws Exception {
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
    }

    private Answers() {}

    /** Stands in until a test's own server is up. */
    static Answers none() {
        return new Answers();
    }

    /** A server whose handler does one thing and succeeds. */
    static Answers with(BiConsumer<Request, Response> handler) throws Exception {
        return new Answers(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                handler.accept(request, response);
                callback.succeeded();
                return true;
            }
        });
    }

    /** Sends the head of a request and reads the answer; lines end with LF here and CRLF on the wire. */
    HttpTester.Response to(String head) throws Exception {
        return to(head, "");
    }

    HttpTester.Response to(String head, String body) throws Exception {
        String length = body.isEmpty() ? "" : "\nContent-Length: " + body.length();
        return HttpTester.parseResponse(
                raw((head.strip() + length + "\nConnection: close\n\n").replace("\n", "\r\n") + body));
    }

    String raw(String bytes) throws Exception {
        return connector.getResponse(bytes);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
