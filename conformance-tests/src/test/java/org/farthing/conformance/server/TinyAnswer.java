package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer of {@link TinyPayee}. Not for several threads. */
final class TinyAnswer {

    final int status;
    private final List<Map.Entry<String, String>> fields = new ArrayList<>();
    private byte[] body = new byte[0];

    TinyAnswer(int status) {
        this.status = status;
    }

    /** The same again, for a payer that asks again. */
    TinyAnswer copy() {
        TinyAnswer copy = new TinyAnswer(status);
        copy.fields.addAll(fields);
        copy.body = body;
        return copy;
    }

    TinyAnswer add(String name, String value) {
        fields.add(Map.entry(name, value));
        return this;
    }

    TinyAnswer put(String name, String value) {
        return remove(name).add(name, value);
    }

    TinyAnswer remove(String name) {
        fields.removeIf(field -> field.getKey().equalsIgnoreCase(name));
        return this;
    }

    TinyAnswer body(String type, String text) {
        body = text.getBytes(UTF_8);
        return put("Content-Type", type);
    }

    TinyAnswer bytes(String type, byte[] content) {
        body = content.clone();
        return put("Content-Type", type);
    }

    String text() {
        return new String(body, UTF_8);
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    void writeTo(OutputStream out, boolean withBody) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
        fields.forEach(field -> head.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append("\r\n"));
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        out.write(head.toString().getBytes(ISO_8859_1));
        if (withBody && status != 204 && status != 304) {
            out.write(body);
        }
        out.flush();
    }
}
