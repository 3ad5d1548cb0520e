package org.farthing.client.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.farthing.client.PaymentEngine;
import org.farthing.protocol.binding.ContentDigest;
import org.jspecify.annotations.Nullable;

/** What every request says of payments, written at the last moment a request may be changed. */
final class Announcement implements Request.BeginListener {

    private static final String ACCEPT_PAYMENT = "Accept-Payment";
    private static final String PAYMENT_PASS = "Payment-Pass";
    private static final String CONTENT_DIGEST = "Content-Digest";

    private final PaymentEngine engine;

    Announcement(PaymentEngine engine) {
        this.engine = engine;
    }

    @Override
    public void onBegin(Request begun) {
        HttpRequest request = (HttpRequest) begun;
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            return;
        }
        LogicalRequest logical = LogicalRequest.of(request);
        PaidAnswer paid = logical.paidBy(request);
        if (paid != null) {
            // Again: a listener of the client's may have written after the request's own.
            paid.write();
            return;
        }
        logical.watch(request, engine);
        announce(request, logical);
    }

    /** Says what can be paid with, and what the body is; a body that can be sent again is held from here on. */
    void announce(HttpRequest request, LogicalRequest logical) {
        if (!request.getHeaders().contains(ACCEPT_PAYMENT)) {
            engine.acceptPayment().ifPresent(ranges -> request.headers(headers -> headers.put(ACCEPT_PAYMENT, ranges)));
        }
        showPass(request, logical);
        Request.Content body = request.getBody();
        if (body == null) {
            // After a 303 the body is gone, and what said its digest with it.
            if (logical.body() != null) {
                request.headers(headers -> headers.remove(CONTENT_DIGEST));
            }
            return;
        }
        if (logical.body() == null && body.getLength() <= engine.mostBody() && body.rewind()) {
            byte[] bytes = read(body);
            if (!body.rewind()) {
                var unused =
                        request.abort(new IllegalStateException("the content could be rewound, and then could not"));
            }
            logical.hold(bytes);
        }
        byte[] held = logical.body();
        if (held != null && held.length > 0) {
            request.headers(headers ->
                    headers.put(CONTENT_DIGEST, ContentDigest.of(held).format()));
        }
    }

    /** A redirect leads to another request, so what was shown for the first one is not shown there. */
    private void showPass(HttpRequest request, LogicalRequest logical) {
        if (logical.showsPass()) {
            request.headers(headers -> headers.remove(PAYMENT_PASS));
            logical.showsPass(false);
        }
        Optional<String> pass = request.getBody() != null
                        || request.getURI() == null
                        || request.getHeaders().contains(PAYMENT_PASS)
                ? Optional.empty()
                : engine.pass(request.getMethod(), request.getURI());
        pass.ifPresent(value -> {
            request.headers(headers -> headers.put(PAYMENT_PASS, value));
            logical.showsPass(true);
        });
    }

    private byte @Nullable [] read(Request.Content body) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (true) {
            Content.Chunk chunk = body.read();
            if (chunk == null || Content.Chunk.isFailure(chunk)) {
                return null;
            }
            ByteBuffer buffer = chunk.getByteBuffer();
            byte[] part = new byte[buffer.remaining()];
            // Not the buffer itself: content that is rewound may hand out the same one again.
            buffer.slice().get(part);
            read.write(part, 0, part.length);
            boolean last = chunk.isLast();
            boolean unused = chunk.release();
            if (read.size() > engine.mostBody()) {
                return null;
            }
            if (last) {
                return read.toByteArray();
            }
        }
    }
}
